package track

import (
	"context"
	"net/http"
	"strings"
)

// Header values that never change, shared by all answers.
var (
	noStore       = []string{"no-store"}
	originOnly    = []string{"strict-origin-when-cross-origin"}
	plainText     = []string{"text/plain; charset=utf-8"}
	noSniff       = []string{"nosniff"}
	aMoment       = []string{"1"} // seconds
	linkMethods   = []string{"GET, HEAD"}
	purposeHeader = [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}
)

// follow answers a partner's link: Capture behind net/http.
func (d *Door) follow(w http.ResponseWriter, r *http.Request, code string) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h["Allow"] = linkMethods
		http.Error(w, "A link is followed with GET.", http.StatusMethodNotAllowed)
		return
	}
	// Not the request's context: the visitor may go, the touch stays.
	answer, err := d.Capture(context.Background(), Request{Asked: ask(r), Code: code, Query: r.URL.RawQuery,
		Referrer: first(r, "Referer"), Visitor: d.proxies.Client(r)})
	if err != nil {
		d.log.Error("follow link", "code", code, "error", err)
		answer = Answer{Status: http.StatusInternalServerError, Text: "Something went wrong on our side. Please try again.\n"}
	}
	h["Cache-Control"] = noStore
	if answer.Location != "" {
		h["Location"] = []string{answer.Location}
		h["Referrer-Policy"] = originOnly
		w.WriteHeader(answer.Status)
		return
	}
	if answer.Status == http.StatusNotFound {
		stray(w, r)
		return
	}
	if answer.Pages != nil {
		sayPage(w, r, answer.Status, answer.Pages)
		return
	}
	if answer.Status == http.StatusServiceUnavailable {
		h["Retry-After"] = aMoment
	}
	h["Content-Type"], h["X-Content-Type-Options"] = plainText, noSniff
	w.WriteHeader(answer.Status)
	if r.Method != http.MethodHead {
		w.Write([]byte(answer.Text))
	}
}

// first is a header's first value; its name is written as net/http does.
func first(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// purpose is what the browser says it fetches for, when it is not for the visitor to see.
func purpose(r *http.Request) string {
	for _, name := range purposeHeader {
		if value := first(r, name); value != "" {
			return strings.ToLower(value)
		}
	}
	return ""
}
