package web

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/problem"
)

// answer is what a handler gives back: a page, a way on, or a file.
type answer interface {
	send(v *visit, w http.ResponseWriter) error
}

// page is a template and what it shows.
type page struct {
	site   *site
	name   string // of the template
	title  string
	status int // 200 when 0
	data   any
}

func (s *site) page(name, title string, data any) page {
	return page{site: s, name: name, title: title, data: data}
}

// again shows a form's page again with what was wrong.
func (s *site) again(name, title string, data any) page {
	return page{site: s, name: name, title: title, status: http.StatusUnprocessableEntity, data: data}
}

func (p page) send(v *visit, w http.ResponseWriter) error {
	var body bytes.Buffer
	if err := p.site.render(&body, v, p); err != nil {
		http.Error(w, "Something went wrong on our side. Please try again.", http.StatusInternalServerError)
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.lang.Tag)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language, Cookie")
	if v.cookie(noticeCookie) != "" {
		p.site.setCookie(w, noticeCookie, "", 0)
	}
	w.WriteHeader(max(p.status, http.StatusOK))
	if v.Method == http.MethodHead {
		return nil
	}
	w.Write(body.Bytes()) // a reader who has gone is no fault
	return nil
}

// redirect leads to another page; after a form was sent, its notice says there what became of it.
type redirect struct {
	site   *site
	to     string
	notice string // a key below "notices", or empty
}

func (r redirect) send(v *visit, w http.ResponseWriter) error {
	if r.notice != "" {
		r.site.setCookie(w, noticeCookie, r.notice, noticeFor)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, v.Request, r.to, http.StatusSeeOther)
	return nil
}

func (s *site) to(address string) redirect { return redirect{site: s, to: address} }

// done leads on with a notice.
func (s *site) done(address, notice string) redirect { return redirect{s, address, notice} }

// download is a file to keep.
type download struct {
	name string
	kind string
	body []byte
}

func (d download) send(v *visit, w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", d.kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.name}))
	h.Set("Cache-Control", "no-store")
	w.Write(d.body)
	return nil
}

type refusal struct {
	Status int
	Detail string
	Back   string // where the reader can go on
}

// refuse is the answer to an error: the way to the sign-in, or a page that says what is wrong. Faults of our own are logged
// here and shown without their words.
func (s *site) refuse(v *visit, err error) answer {
	p, ok := problem.As(err)
	if !ok && db.Unavailable(err) {
		if db.IsFault(err) && v.Context().Err() == nil {
			s.log.Error("page failed", "method", v.Method, "path", v.URL.Path, "error", err)
		}
		v.w.Header().Set("Retry-After", "5")
		p, ok = &problem.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Detail: "the server cannot do this at the moment: try again soon"}, true
	}
	if !ok {
		if v.Context().Err() == nil {
			s.log.Error("page failed", "method", v.Method, "path", v.URL.Path, "error", err)
		}
		p = &problem.Problem{Status: http.StatusInternalServerError, Code: "internal"}
	}
	if p == errSignIn {
		return s.to("/sign-in?to=" + url.QueryEscape(v.page()))
	}
	back := "/"
	if v.Method == http.MethodPost {
		back = v.page()
	}
	status := p.Status
	if !slices.Contains([]int{400, 401, 403, 404, 409, 413, 422, 429, 500, 503}, status) {
		status = http.StatusBadRequest
	}
	return page{site: s, name: "public/refused", title: v.text(refusedTitle(status)), status: status,
		data: refusal{Status: status, Detail: detail(v.lang, p.Code, p.Detail), Back: back}}
}

func refusedTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "refused.not_found"
	case http.StatusForbidden:
		return "refused.denied"
	case http.StatusInternalServerError:
		return "refused.internal"
	}
	return "refused.other"
}

// detail is a problem in the reader's language where there is a translation, and its own words where not.
func detail(l *lang.Language, code, otherwise string) string {
	if key := "problems." + code; l.Has(key) {
		return l.Text(key)
	}
	return otherwise
}

// notFound is the answer where there is no page. An address that takes only forms, as a reader has it after one was refused
// and the page is loaded again, leads to the page above it.
func notFound(s *site, v *visit) (answer, error) {
	if v.Method != http.MethodGet {
		return nil, errNotFound
	}
	at := v.URL.EscapedPath()
	if !s.takes(http.MethodPost, at) {
		return nil, errNotFound
	}
	for !s.takes(http.MethodGet, at) {
		at = path.Dir(at)
	}
	return s.to(at), nil
}

// takes tells whether a route is at the address; the front page always is.
func (s *site) takes(method, address string) bool {
	_, pattern := s.doors.Handler(&http.Request{Method: method, URL: &url.URL{Path: address}})
	return strings.HasPrefix(pattern, method+" ")
}
