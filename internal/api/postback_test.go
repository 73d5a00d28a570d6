package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"log/slog"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/program"
)

// postback gives a partner a postback to an address that holds a key.
func (h *house) postback(s client.Partnership, address ...string) (p postback.Postback) {
	h.t.Helper()
	template := "https://tracker.example/pb?key=s3cr3t&o={order_id}"
	if len(address) > 0 {
		template = address[0]
	}
	err := h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		prog, err := program.Get(h.t.Context(), tx, s.Program)
		if err != nil {
			return err
		}
		p, err = postback.Create(h.t.Context(), tx, prog, postback.Postback{Partnership: s.ID, Way: postback.Get, Template: template, Moments: postback.Moments}, deliver.NewSecret())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func TestPostbacksByProgram(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		h := open(t, d)
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		h.code(ann, "ANN10")
		up := false
		tracker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if !up {
				w.WriteHeader(http.StatusInternalServerError)
			}
			w.Write([]byte("between us"))
		}))
		defer tracker.Close()
		p := h.postback(ann, tracker.URL+"/pb?key=s3cr3t&o={order_id}")
		sender := deliver.Open(deliver.Options{DB: d, Log: slog.New(slog.DiscardHandler), Reach: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}})
		defer sender.Close()
		run := func() {
			t.Helper()
			if _, err := postback.Watch(ctx, d); err != nil {
				t.Fatal(err)
			}
			if err := sender.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
		}
		must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: "A-1", Amount: euros("100"), PromoCode: "ANN10"}))(t)
		run()
		got := must(h.Postback(ctx, p.ID))(t)
		if got.State != "failing" || got.FailingAt == nil || got.Waiting != 1 || got.Partnership != ann.ID || !strings.HasPrefix(got.Host, "127.0.0.1:") {
			t.Errorf("%+v", got)
		}
		list := all(t, h.Deliveries(ctx, p.ID))
		if len(list) != 1 || list[0].Moment != "created" || len(list[0].Attempts) != 1 || list[0].Attempts[0].Status != 500 || list[0].Attempts[0].Fault != "status" || list[0].NextAt == nil {
			t.Fatalf("%+v", list)
		}
		if got := must(h.PausePostback(ctx, p.ID))(t); got.State != "paused" || got.PausedBy != "brand" {
			t.Errorf("%+v", got)
		}
		up = true
		run()
		if got := must(h.ResumePostback(ctx, p.ID))(t); got.State != "active" || got.PausedBy != "" {
			t.Errorf("%+v", got)
		}
		run()
		if n := must(h.ReplayPostback(ctx, p.ID, client.NewReplay{Delivery: list[0].ID}))(t).Deliveries; n != 1 {
			t.Errorf("%d replayed", n)
		}
		run()
		from, to := d.Now().Add(-time.Hour), d.Now().Add(time.Hour)
		if n := must(h.ReplayPostback(ctx, p.ID, client.NewReplay{From: &from, To: &to}))(t).Deliveries; n != 1 {
			t.Errorf("%d replayed", n)
		}
		run()
		if list = all(t, h.Deliveries(ctx, p.ID)); list[0].State != "delivered" || len(list[0].Attempts) != 4 {
			t.Errorf("%+v", list)
		}
		for _, wrong := range []client.NewReplay{{}, {Delivery: list[0].ID, From: &from}, {From: &from}, {Delivery: "dlv_none"}} {
			if _, err := h.ReplayPostback(ctx, p.ID, wrong); err == nil {
				t.Errorf("%+v is taken", wrong)
			}
		}
		if list := all(t, h.Postbacks(ctx, "alpine")); len(list) != 1 || list[0].ID != p.ID || list[0].Delivered != 1 {
			t.Errorf("%+v", list)
		}
		for _, path := range []string{"/v1/postbacks/" + p.ID, "/v1/postbacks/" + p.ID + "/deliveries", "/v1/programs/alpine/postbacks"} {
			if body := h.do("GET", path, "").body; strings.Contains(body, "s3cr3t") || strings.Contains(body, "whsec_") || strings.Contains(body, "between us") {
				t.Errorf("%s tells a secret: %s", path, body)
			}
		}
	})
}
