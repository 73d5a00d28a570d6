package track

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tributary-hq/tributary/internal/problem"
)

// directPath is where a hidden domain of a partner's forwards its visitors to: /d/{program}, with ?u= for a page. No code is
// in the address; whose the visitor is says the domain they come from.
const directPath = "/d/"

// Forward is Capture for a visitor who comes from an approved domain. Who comes from anywhere else goes to the page all the
// same, and is nobody's.
func (d *Door) Forward(ctx context.Context, program string, r Request) (Answer, error) {
	prog, err := d.links.Program(ctx, program)
	if err != nil {
		return Answer{}, err
	}
	from, err := url.Parse(r.Referrer)
	if err == nil && from.Host != "" {
		if code, ok := d.links.Direct(prog.ID, from.Hostname()); ok {
			r.Code = code
			return d.Capture(ctx, r)
		}
	}
	asked := readAsked(r.Query)
	return Answer{Status: http.StatusFound, Location: asked.target(prog, prog.Landing)}, nil
}

func (d *Door) forward(w http.ResponseWriter, r *http.Request) {
	program := r.PathValue("program")
	answer, err := d.Forward(context.WithoutCancel(r.Context()), program, Request{Asked: ask(r.Method, r.Header), Query: r.URL.RawQuery,
		Referrer: first(r, "Referer"), Visitor: d.proxies.Client(r)})
	if p, ok := problem.As(err); ok && p.Status == http.StatusNotFound {
		answer, err = notFound, nil
	}
	status, body := d.lead(program, answer, err, r.Header, w.Header())
	send(w, r, status, body)
}
