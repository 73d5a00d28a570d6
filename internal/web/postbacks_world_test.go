package web

import (
	"context"
	"io"
	"log/slog"
	"net/netip"

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
