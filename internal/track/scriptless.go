package track

import (
	"context"
	"net/http"
	"strings"

	"github.com/tributary-hq/tributary/internal/program"
)

// scriptless takes what a page reports where no script runs, by loading a picture: that somebody came, or with an order in
// its query, what they bought. The page itself is the picture's referrer. Nothing is stored in the browser, so the visitor has
// a name for the day only.
func (d *Door) scriptless(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("picture"), ".gif")
	if !ok {
		http.NotFound(w, r)
		return
	}
	if err := d.hearPicture(context.WithoutCancel(r.Context()), name, r); err != nil {
		d.note(r, err)
		w.Header().Set(resultHeader, codeOf(err)) // the shop's page shall not break
		if codeOf(err) == ourProblem.Code {
			d.log.Error(r.Method+" "+r.URL.Path, "error", err)
		}
	}
	writePixel(w)
}

func (d *Door) hearPicture(ctx context.Context, name string, r *http.Request) error {
	prog, err := d.links.Program(ctx, name)
	if err != nil {
		return err
	}
	if !fromPageOf(prog, r) {
		return errOrigin
	}
	asked, from := ask(r.Method, r.Header), d.proxies.Client(r)
	asked.Dest, asked.Accept = "", "image/*"
	visitor, err := d.namers.name(ctx, d.db, d.db.Now(), prog.ID, from, asked.Agent)
	if err != nil {
		return err
	}
	if q := r.URL.Query(); q.Get("order") != "" {
		_, err := d.convert(ctx, prog, said{Visitor: visitor, Order: q.Get("order"), Amount: q.Get("amount"), Currency: q.Get("currency"),
			Event: q.Get("event"), Customer: q.Get("customer"), Code: q.Get("code")})
		return err
	}
	tag, err := program.TagOf(ctx, d.db.Read(), prog.ID)
	if err != nil || tag.Consent == program.Silent {
		return err
	}
	page := first(r, "Referer")
	click, ref := refIn(page, prog.ClickParam, tag.Params)
	_, err = d.arrive(ctx, prog, Arrival{Asked: asked, Visitor: visitor, From: from, URL: page, Click: click, Ref: ref, At: d.db.Now()})
	return err
}
