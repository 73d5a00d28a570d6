package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/steer"
)

func (w *world) rule() (r steer.Rule) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = steer.AddRule(ctx, tx, w.acme, steer.Rule{Do: steer.ToPage, Target: "https://acme.example/de", When: steer.Conditions{Countries: []string{"DE", "AT"}, Devices: []string{"phone"},
			From: 22, To: 6, Sub: 1, SubIDs: []string{"<b>"}}})
		return err
	})
	return r
}

func (w *world) cap() (c steer.Cap) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = steer.AddCap(ctx, tx, w.acme, steer.Cap{Measure: steer.Clicks, Period: steer.Total, Most: 3, Partnership: w.pts["Marta’s Kitchen"].ID, Target: "https://acme.example/enough"})
		return err
	})
	return c
}

func (w *world) split() (s steer.Split) {
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = steer.Begin(ctx, tx, w.acme, steer.Split{Name: "A film on top", Rate: 250, Lift: 20, Variants: []steer.Variant{{Name: "As it is", Weight: 1},
			{Name: "Film", Weight: 1, Target: "https://acme.example/film"}}})
		return err
	})
	return s
}

func (w *world) steerPages() []struct{ route, address, reader string } {
	const at = "/console/acme/redirects"
	r, s := w.rule(), w.split()
	w.cap()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := steer.AddCap(ctx, tx, w.acme, steer.Cap{Measure: steer.Commission, Period: steer.Month, Most: 100_000})
		return err
	})
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/redirects", at, "owner"},
		{"GET /console/{program}/redirects", at, "analyst"},
		{"GET /console/{program}/redirects/rules/new", at + "/rules/new", "owner"},
		{"GET /console/{program}/redirects/rules/{rul}", at + "/rules/" + r.ID, "owner"},
		{"GET /console/{program}/redirects/rules/{rul}", at + "/rules/" + r.ID, "analyst"},
		{"GET /console/{program}/redirects/caps", at + "/caps", "owner"},
		{"GET /console/{program}/redirects/tests", at + "/tests", "owner"},
		{"GET /console/{program}/redirects/tests/{spl}", at + "/tests/" + s.ID, "owner"},
		{"GET /partner/{pts}/links", "/partner/" + w.pts["Marta’s Kitchen"].ID + "/links", "Marta’s Kitchen"},
	}
}

// sendsSteering sends every form about where visitors go.
func (w *world) sendsSteering(send sender, owner, marta *browser) {
	const at, route = "/console/acme/redirects", "POST /console/{program}/redirects"
	send(route, owner, at, url.Values{"action": {"block"}, "countries": {"fr, de"}, "abroad": {"out"}, "weekdays": {"sunday"}}, audit.RuleAdd)
	send(route, owner, at, url.Values{"action": {"page"}, "target": {"https://acme.example/x"}, "from": {"22"}, "to": {"6"}, "link": {w.links["Marta’s Kitchen"].Code}}, audit.RuleAdd)
	list, err := steer.Rules(w.t.Context(), w.d.Read(), w.acme.ID)
	if err != nil || len(list) != 2 || !list[0].When.Abroad || list[1].Link != w.links["Marta’s Kitchen"].ID || list[1].When.To != 6 {
		w.t.Fatalf("%+v %v", list, err)
	}
	one := at + "/rules/" + list[1].ID
	send(route+"/rules/{rul}/move", owner, one+"/move", url.Values{"to": {"1"}}, audit.RuleMove)
	send(route+"/rules/{rul}", owner, one, url.Values{"action": {"fallback"}, "resting": {"1"}}, audit.RuleChange)
	send(route+"/rules/{rul}/remove", owner, one+"/remove", nil, audit.RuleRemove)
	send(route+"/caps", owner, at+"/caps", url.Values{"most": {"1,000"}, "measure": {"clicks"}, "period": {"day"}, "partnership": {"Marta’s Kitchen"}}, audit.CapAdd)
	caps, err := steer.Caps(w.t.Context(), w.d.Read(), w.acme.ID)
	if err != nil || len(caps) != 1 || caps[0].Most != 1000 || caps[0].Partnership != w.pts["Marta’s Kitchen"].ID {
		w.t.Fatalf("%+v %v", caps, err)
	}
	send(route+"/caps/{cap}", owner, at+"/caps/"+caps[0].ID, url.Values{"most": {"2000"}, "target": {"https://acme.example/enough"}}, audit.CapChange)
	send(route+"/caps/{cap}/remove", owner, at+"/caps/"+caps[0].ID+"/remove", nil, audit.CapRemove)
	_, made := send(route+"/tests", owner, at+"/tests", url.Values{"name": {"Film"}, "rate": {"2,5"}, "lift": {"20"}, "name.a": {"As it is"}, "weight.a": {"1"}, "name.b": {"Film"},
		"target.b": {"https://acme.example/film"}, "weight.b": {"1"}}, audit.SplitBegin)
	made, _, _ = strings.Cut(made, "?")
	send(route+"/tests/{spl}/end", owner, made+"/end", url.Values{"winner": {"b"}}, audit.SplitEnd)
	link := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/links/" + w.links["Marta’s Kitchen"].ID
	send("POST /partner/{pts}/links/{lnk}/end", marta, link+"/end", url.Values{"ends": {"2027-01-31"}, "afterwards": {"https://acme.example/over"}}, audit.LinkChange)
}
