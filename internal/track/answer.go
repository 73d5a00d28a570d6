package track

import (
	"encoding/json"
	"net/http"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// fault is a problem as RFC 9457 writes it.
type fault struct {
	Type   string       `json:"type"`
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail"`
	Code   string       `json:"code"`
	Errors []faultField `json:"errors,omitempty"`
}

type faultField struct {
	Name   string `json:"name"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

var (
	busyProblem = &problem.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Detail: "this cannot be kept at this moment; send it again"}
	ourProblem  = &problem.Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "something went wrong on our side; send it again"}
)

// refuse answers an error: a problem as it is, a fault of ours with a sentence and a line in the log.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	d.note(r, err)
	p, ok := problem.As(err)
	switch {
	case ok:
	case isBusy(err):
		if db.IsFault(err) && r.Context().Err() == nil {
			d.log.Error(r.Method+" "+r.URL.Path, "error", err)
		}
		p = busyProblem
		w.Header().Set("Retry-After", "1")
	default:
		d.log.Error(r.Method+" "+r.URL.Path, "error", err)
		p = ourProblem
	}
	f := fault{Type: p.Type(), Title: http.StatusText(p.Status), Status: p.Status, Detail: p.Detail, Code: p.Code}
	for _, field := range p.Fields {
		f.Errors = append(f.Errors, faultField(field))
	}
	writeJSON(w, p.Status, "application/problem+json", f)
}

// codeOf is the code of an error: a problem's own, or that of a fault of ours.
func codeOf(err error) string {
	if p, ok := problem.As(err); ok {
		return p.Code
	}
	if isBusy(err) {
		return busyProblem.Code
	}
	return ourProblem.Code
}

func writeJSON(w http.ResponseWriter, status int, kind string, v any) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = []string{kind}, noStore, noSniff
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// reply is what the sender of a sale or a refund gets.
type reply struct {
	ID        string `json:"id"`
	Duplicate bool   `json:"duplicate"`
}
