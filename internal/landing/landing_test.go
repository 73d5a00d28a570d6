package landing_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/landing"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

func TestPagesThatLinksLeadToAreAskedEachNight(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var mu sync.Mutex
		asked := map[string]int{}
		down := true
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			asked[r.Method+" "+r.URL.Path]++
			if touch.Judge(touch.Asked{Method: "GET", Agent: r.UserAgent()}) != touch.Bot || !strings.Contains(r.UserAgent(), "https://go.example") {
				t.Errorf("asked as %q: it would be taken for a visitor, or says not who asks", r.UserAgent())
			}
			switch r.URL.Path {
			case "/gone":
				http.NotFound(w, r)
			case "/moved":
				http.Redirect(w, r, "/there", http.StatusFound)
			case "/round":
				http.Redirect(w, r, "/round", http.StatusFound)
			case "/nohead":
				if r.Method == "HEAD" {
					http.Error(w, "no", http.StatusMethodNotAllowed)
				}
			case "/members":
				http.Error(w, "no", http.StatusForbidden)
			case "/broken":
				if down {
					http.Error(w, "no", http.StatusInternalServerError)
				}
			}
		}))
		defer server.Close()
		now := time.Date(2026, 5, 1, 2, 0, 0, 0, time.UTC)
		d.SetClock(func() time.Time { return now })
		keys, err := touch.LoadKeys(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		var prog program.Program
		err = d.Write(ctx, func(tx *db.Tx) error {
			brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
			if err != nil {
				return err
			}
			at := strings.TrimPrefix(server.URL, "http://")
			if prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: server.URL + "/", Domains: []string{at, "10.0.0.1"}}, program.Model{}, ""); err != nil {
				return err
			}
			link := func(who string, accept bool, pages ...string) {
				p, err := partner.Create(ctx, tx, partner.Partner{Name: who, Email: who + "@x.example"})
				if err != nil {
					t.Fatal(err)
				}
				in, err := partner.Apply(ctx, tx, prog, p, nil)
				if err == nil && accept {
					_, err = commission.Accept(ctx, tx, keys, in.ID, nil, "")
				}
				for _, page := range pages {
					if err == nil {
						_, err = creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: in.ID, Target: page})
					}
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			link("ann", true, "", server.URL+"/there", server.URL+"/gone", server.URL+"/moved", server.URL+"/round", server.URL+"/nohead", server.URL+"/members", server.URL+"/broken", "http://10.0.0.1/")
			link("bob", true, server.URL+"/gone")
			link("cee", false, server.URL+"/waiting")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c := landing.New(d, slog.New(slog.NewTextHandler(io.Discard, nil)), deliver.Client([]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}), "https://go.example")
		c.Pause = 0
		night := func() map[string]landing.Page {
			t.Helper()
			if err := c.Night(context.Background()); err != nil {
				t.Fatal(err)
			}
			list, err := landing.Of(ctx, d.Read(), prog.ID)
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]landing.Page{}
			for _, p := range list {
				found[strings.TrimPrefix(p.Address, server.URL)] = p
			}
			return found
		}
		got := night()
		for page, want := range map[string]deliver.Fault{"/gone": deliver.Status, "/round": deliver.Redirect, "/broken": deliver.Status, "http://10.0.0.1/": deliver.Address} {
			if got[page].Fault != want || got[page].Dead() != (page == "/gone") {
				t.Errorf("%s: %+v", page, got[page])
			}
			delete(got, page)
		}
		if len(got) > 0 {
			t.Errorf("these are there: %v", got)
		}
		if asked["HEAD /gone"] != 1 || asked["HEAD /waiting"]+asked["GET /waiting"] != 0 || asked["GET /there"] != 0 {
			t.Errorf("asked %v", asked)
		}
		first := now
		now = now.Add(24 * time.Hour)
		if got = night(); !got["/broken"].Dead() || !got["/broken"].Since.Equal(first) {
			t.Errorf("down for two nights: %+v", got["/broken"])
		}
		now, down = now.Add(24*time.Hour), false
		if got = night(); got["/broken"].Address != "" {
			t.Errorf("there again: %+v", got["/broken"])
		}
		if at, err := landing.Asked(ctx, d.Read(), prog.ID); err != nil || !at.Equal(now) {
			t.Error(at, err)
		}
		if n, err := db.One(ctx, d.Read(), db.Value[int64], "select count(*) from touch"); err != nil || n != 0 {
			t.Errorf("asking made %d touches, %v", n, err)
		}
	})
}

func TestNobodyWaitsAfterAPageThatIsNotAsked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		keys, err := touch.LoadKeys(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		var prog program.Program
		err = d.Write(ctx, func(tx *db.Tx) error {
			brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
			if err != nil {
				return err
			}
			if prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "http://10.0.0.1/", Domains: []string{"10.0.0.1"}}, program.Model{}, ""); err != nil {
				return err
			}
			p, err := partner.Create(ctx, tx, partner.Partner{Name: "ann", Email: "ann@x.example"})
			if err != nil {
				return err
			}
			in, err := partner.Apply(ctx, tx, prog, p, nil)
			if err == nil {
				_, err = commission.Accept(ctx, tx, keys, in.ID, nil, "")
			}
			for _, page := range []string{"", "http://10.0.0.1/one", "http://10.0.0.1/two"} {
				if err == nil {
					_, err = creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: in.ID, Target: page})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c := landing.New(d, slog.New(slog.NewTextHandler(io.Discard, nil)), deliver.Client(nil), "https://go.example")
		c.Pause = time.Hour
		if err := c.Night(ctx); err != nil {
			t.Fatal(err)
		}
		if list, err := landing.Of(ctx, d.Read(), prog.ID); err != nil || len(list) != 3 || ctx.Err() != nil {
			t.Errorf("%d pages of 3 were looked at, %v, %v", len(list), err, ctx.Err())
		}
	})
}
