package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// refusal is a problem on its way out.
type refusal struct {
	client.Problem
	header http.Header
}

// GetStatus, GetHeaders and ContentType are what huma asks an error for.
func (r *refusal) GetStatus() int            { return r.Status }
func (r *refusal) GetHeaders() http.Header   { return r.header }
func (r *refusal) ContentType(string) string { return "application/problem+json" }

var (
	busy = &problem.Problem{Status: http.StatusServiceUnavailable, Code: "busy", Detail: "this cannot be kept at this moment; send it again"}
	ours = &problem.Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "something went wrong on our side; send it again"}
)

// refuse turns an error into what its asker is told: a problem as it is, a fault of ours with a sentence and a line in the
// log. It is the one place that logs.
func (a *API) refuse(ctx context.Context, method, path string, err error) error {
	var header http.Header
	p, ok := problem.As(err)
	switch {
	case ok:
	case db.Unavailable(err):
		if db.IsFault(err) && ctx.Err() == nil {
			a.log.Error(method+" "+path, "error", err)
		}
		p, header = busy, http.Header{"Retry-After": {"1"}}
	default:
		p = ours
		if ctx.Err() == nil { // else nobody waits for the answer any more
			a.log.Error(method+" "+path, "error", err)
		}
	}
	return &refusal{asProblem(p, method == http.MethodGet), header}
}

// asProblem is a problem as RFC 9457 writes it. The fields of a read are parameters, those of a write are in its body.
func asProblem(p *problem.Problem, read bool) client.Problem {
	out := client.Problem{Type: p.Type(), Title: http.StatusText(p.Status), Status: p.Status, Detail: p.Detail, Code: p.Code}
	for _, f := range p.Fields {
		field := client.ProblemField{Code: f.Code, Detail: f.Detail}
		if read || f.Name == keyHeader {
			field.Parameter = f.Name
		} else {
			field.Pointer = "/" + strings.ReplaceAll(f.Name, ".", "/")
		}
		out.Errors = append(out.Errors, field)
	}
	return out
}

// misread is what huma says of input that it cannot read.
func misread(_ huma.Context, status int, message string, errs ...error) huma.StatusError {
	p := problem.Problem{Status: status, Code: "input_invalid", Detail: message}
	switch status {
	case http.StatusRequestEntityTooLarge:
		p.Code, p.Detail = "body_too_large", "the body is too large"
	case http.StatusUnsupportedMediaType:
		p.Code, p.Detail = "content_type_unknown", "send the body as application/json"
	case http.StatusInternalServerError:
		p = *ours
	}
	out := asProblem(&p, false)
	for _, err := range errs {
		if d, ok := err.(*huma.ErrorDetail); ok && p.Code == "input_invalid" {
			out.Errors = append(out.Errors, misreadField(d))
		}
	}
	if len(out.Errors) > 0 {
		out.Detail = out.Errors[0].Detail
		if at := out.Errors[0].Pointer + out.Errors[0].Parameter; at != "" {
			out.Detail = at + ": " + out.Detail
		}
	}
	return &refusal{Problem: out}
}

var indexes = strings.NewReplacer(".", "/", "[", "/", "]", "")

// misreadField says where a fault is: "body.lines[3].at" is the pointer /lines/3/at, "query.limit" the parameter limit.
func misreadField(d *huma.ErrorDetail) client.ProblemField {
	f := client.ProblemField{Code: "input_invalid", Detail: d.Message}
	if rest, ok := strings.CutPrefix(d.Location, "body"); ok {
		f.Pointer = indexes.Replace(rest)
	} else {
		_, f.Parameter, _ = strings.Cut(d.Location, ".")
	}
	if pointer, detail, ok := strings.Cut(f.Detail, ": "); ok && strings.HasPrefix(pointer, "at /") {
		f.Pointer, f.Detail = strings.TrimPrefix(pointer, "at "), detail
	}
	if name, ok := strings.CutPrefix(f.Detail, "expected required property "); ok {
		name = strings.TrimSuffix(name, " to be present")
		f.Pointer, f.Detail = f.Pointer+"/"+name, name+" is missing"
	}
	return f
}

// unknownPath answers for addresses that no operation has.
func (a *API) unknownPath(w http.ResponseWriter, r *http.Request) {
	p := &problem.Problem{Status: http.StatusNotFound, Code: "path_unknown", Detail: "there is nothing at this address; see /docs"}
	var allowed []string
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		if _, pattern := a.mux.Handler(&http.Request{Method: method, Host: r.Host, URL: r.URL}); pattern != "/v1/" {
			allowed = append(allowed, method)
		}
	}
	if allowed != nil {
		p.Status, p.Code, p.Detail = http.StatusMethodNotAllowed, "method_not_allowed", "this address takes "+strings.Join(allowed, " and ")
		w.Header().Set("Allow", strings.Join(allowed, ", "))
	}
	writeRefusal(w, &refusal{Problem: asProblem(p, true)})
}

func writeRefusal(w http.ResponseWriter, r *refusal) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", r.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(r.Status)
	json.NewEncoder(w).Encode(r.Problem)
}
