package track

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/tributary-hq/tributary/internal/porch"
)

// Header values that never change, shared by all answers.
var (
	noStore       = []string{"no-store"}
	noSniff       = []string{"nosniff"}
	aMoment       = []string{"1"} // seconds
	linkMethods   = []string{"GET, HEAD"}
	purposeHeader = [...]string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}
)

// Quick answers partners' links and what counts views on a porch; all else is for ServeHTTP.
func (d *Door) Quick(r *porch.Request, a *porch.Answer) bool {
	if code, ok := strings.CutPrefix(r.Path, linkPath); ok {
		a.Send(d.follow(r.Method, code, r.Query, r, d.visitor(r), a))
		return true
	}
	if !strings.HasPrefix(r.Path, seenPath) {
		return false
	}
	code, ok := pixelCode(r.Path)
	if ok {
		d.countView(r.Method, code, r.Query, r, d.visitor(r), a)
		ofPixel(a)
		a.Send(http.StatusOK, pixel)
	}
	return ok
}

func (d *Door) visitor(r *porch.Request) netip.Addr {
	return d.proxies.Behind(r.Peer.Addr(), r.Get("X-Forwarded-For"))
}

// serveLink answers a partner's link behind net/http.
func (d *Door) serveLink(w http.ResponseWriter, r *http.Request, code string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header()["Allow"] = linkMethods
		http.Error(w, "A link is followed with GET.", http.StatusMethodNotAllowed)
		return
	}
	status, body := d.follow(r.Method, code, r.URL.RawQuery, r.Header, d.proxies.Client(r), w.Header())
	send(w, r, status, body)
}

func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// setter is the fields of an answer, whichever server sends them.
type setter interface {
	Set(name, value string)
	Add(name, value string)
}

// follow is Capture in HTTP's words.
func (d *Door) follow(method, code, query string, asked getter, visitor netip.Addr, h setter) (status int, body []byte) {
	code = strings.TrimSuffix(code, "/")
	// Not the request's context: the visitor may go, the touch stays.
	answer, err := d.Capture(context.Background(), Request{Asked: ask(method, asked), Code: code, Query: query, Referrer: asked.Get("Referer"), Visitor: visitor})
	return d.lead(code, answer, err, asked, h)
}

// lead is where the answer sends a visitor.
func (d *Door) lead(name string, answer Answer, err error, asked getter, h setter) (status int, body []byte) {
	if err != nil {
		d.log.Error("follow link", "code", name, "error", err)
		answer = Answer{Status: http.StatusInternalServerError, Text: "Something went wrong on our side. Please try again.\n"}
	}
	h.Set("Cache-Control", "no-store")
	if answer.Location != "" {
		h.Set("Location", answer.Location)
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		return answer.Status, nil
	}
	pages := answer.Pages
	if answer.Status == http.StatusNotFound {
		pages = strayPages
	}
	if pages != nil {
		return answer.Status, inLanguage(pages, asked.Get("Accept-Language"), h)
	}
	if answer.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	return answer.Status, []byte(answer.Text)
}

// first is a header's first value; its name is written as net/http does.
func first(r *http.Request, name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
