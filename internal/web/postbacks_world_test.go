package web

import (
	"context"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/postback"
)

// listens gives a partner a signed postback to an address, with a test on its way.
func (w *world) listens(name, template string) (p postback.Postback) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = postback.Create(ctx, tx, w.acme, postback.Postback{Partnership: w.pts[name].ID, Name: name + "’s tracker", Way: postback.Get, Template: template,
			Moments: postback.Moments}, deliver.NewSecret())
		if err == nil {
			_, err = postback.Test(ctx, tx, w.acme, w.pts[name], p)
		}
		return err
	})
	return p
}

// sends brings what is due to servers on this machine.
func (w *world) sends() {
	w.t.Helper()
	s := deliver.Open(deliver.Options{DB: w.d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Reach: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}})
	defer s.Close()
	if _, err := postback.Watch(context.Background(), w.d); err != nil {
		w.t.Fatal(err)
	}
	if err := s.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// lastDelivery is the newest message of a postback.
func (w *world) lastDelivery(p postback.Postback) deliver.Delivery {
	w.t.Helper()
	list, err := deliver.List(context.Background(), w.d.Read(), deliver.Filter{Target: p.ID, Limit: 1})
	if err != nil || len(list) == 0 {
		w.t.Fatalf("deliveries: %v %v", list, err)
	}
	return list[0]
}

// postbackPages are an address of every GET route of postbackRoutes, and who reads it.
func (w *world) postbackPages() []struct{ route, address, reader string } {
	p := w.listens("Marta’s Kitchen", w.server.URL+"/nowhere?o={order_id}&x=<b>")
	q := w.listens("Marta’s Kitchen", "https://tracker.example/?o={order_id}")
	w.sends() // the first is answered by 404, the second finds no server
	w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Stop(ctx, tx, q.ID, deliver.ByBrand) })
	base := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/postbacks"
	const reader = "Marta’s Kitchen"
	return []struct{ route, address, reader string }{
		{"GET /partner/{pts}/postbacks", base, reader},
		{"GET /partner/{pts}/postbacks/new", base + "/new", reader},
		{"GET /partner/{pts}/postbacks/{pbk}", base + "/" + p.ID, reader},
		{"GET /partner/{pts}/postbacks/{pbk}", base + "/" + q.ID + "?state=failed", reader},
		{"GET /partner/{pts}/postbacks/{pbk}/edit", base + "/" + p.ID + "/edit", reader},
		{"GET /console/{program}/settings/postbacks", "/console/acme/settings/postbacks", "owner"},
		{"GET /console/{program}/settings/postbacks", "/console/acme/settings/postbacks", "analyst"},
	}
}

// sendsPostbacks makes a postback and does with it whatever can be done.
func (w *world) sendsPostbacks(send sender, owner, marta *browser) {
	const route, console = "POST /partner/{pts}/postbacks", "POST /console/{program}/settings/postbacks"
	base := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/postbacks"
	form := url.Values{"template": {w.server.URL + "/nowhere?key=s3cr3t"}, "way": {"get"}, "name": {"Mine"}, "moment": {"created"}}
	_, at := send(route, marta, base, form, audit.PostbackCreate)
	form.Set("name", "Still mine")
	send(route+"/{pbk}", marta, at, form, audit.PostbackChange)
	send(route+"/{pbk}/test", marta, at+"/test", nil, audit.PostbackTry)
	w.sends()
	id := at[strings.LastIndex(at, "/")+1:]
	w.write(func(ctx context.Context, tx *db.Tx) error { // as if it had arrived
		_, err := db.Exec(ctx, tx, "update delivery set state = 'delivered', test = $1 where target = $2", false, id)
		return err
	})
	send(route+"/{pbk}/replay/{dlv}", marta, at+"/replay/"+w.lastDelivery(postback.Postback{ID: id}).ID, nil, audit.PostbackReplay)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, "update delivery set state = 'delivered' where target = $1", id)
		return err
	})
	send(route+"/{pbk}/replay", marta, at+"/replay", url.Values{"from": {"2026-01-01"}, "to": {"2027-01-01"}}, audit.PostbackReplay)
	send(route+"/{pbk}/sign", marta, at+"/sign", nil, audit.PostbackSign)
	send(route+"/{pbk}/pause", marta, at+"/pause", nil, audit.PostbackPause)
	send(route+"/{pbk}/resume", marta, at+"/resume", nil, audit.PostbackResume)
	send(console, owner, "/console/acme/settings/postbacks", url.Values{"row": {id}, "do": {"stop"}}, audit.PostbackPause)
	send(console, owner, "/console/acme/settings/postbacks", url.Values{"row": {id}, "do": {"restart"}}, audit.PostbackResume)
	send(route+"/{pbk}/remove", marta, at+"/remove", nil, audit.PostbackRemove)
}
