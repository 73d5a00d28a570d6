package api_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// TestPages reads lists in pages of two, by the cursors that they give.
func TestPages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		for i := range 5 {
			code := fmt.Sprint("ANN", i)
			h.code(ann, code)
			must(h.CreateLink(t.Context(), ann.ID, client.NewLink{}))(t)
			must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: code, Amount: euros("10"), PromoCode: code}))(t)
			if i > 0 {
				h.program(fmt.Sprint("alpine", i))
			}
		}
		lists := []string{"/v1/programs", "/v1/programs/alpine/conversions", "/v1/programs/alpine/commissions", "/v1/programs/alpine/entries",
			"/v1/partnerships/" + ann.ID + "/links", "/v1/partnerships/" + ann.ID + "/codes"}
		for _, path := range lists {
			seen, pages, after := map[string]bool{}, 0, ""
			for {
				var page client.Page[map[string]any]
				got := h.do("GET", path+"?limit=2"+after, "")
				decode(t, got.body, &page)
				for _, item := range page.Data {
					seen[fmt.Sprint(item)] = true
				}
				if pages++; page.Next == nil || pages > 9 {
					break
				}
				after = "&after=" + *page.Next
			}
			if len(seen) != 5 || pages != 3 {
				t.Errorf("%s: %d items on %d pages", path, len(seen), pages)
			}
			for _, wrong := range []string{"limit=0", "limit=201", "limit=x", "order=name"} {
				got := h.do("GET", path+"?"+wrong, "")
				name, _, _ := strings.Cut(wrong, "=")
				if got.status != 422 || !strings.Contains(got.body, `"parameter":"`+name+`"`) {
					t.Errorf("%s?%s: %d %s", path, wrong, got.status, got.body)
				}
			}
		}
	})
}

func TestConversionFilters(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		for i, n := range []client.NewConversion{
			{OrderID: "A", Amount: euros("1"), CustomerID: "cus"}, {OrderID: "B", Amount: euros("1")}, {OrderID: "A", Event: "lead"}} {
			n.Program, n.At = "alpine", noon.Add(-time.Duration(i)*time.Hour)
			must(h.ReportConversion(t.Context(), n))(t)
		}
		for _, test := range []struct {
			name string
			f    client.ConversionFilter
			want int
		}{
			{"all", client.ConversionFilter{}, 3},
			{"an order", client.ConversionFilter{Search: "A"}, 2},
			{"a customer", client.ConversionFilter{Search: "cus"}, 1},
			{"not a part of one", client.ConversionFilter{Search: "cu"}, 0},
			{"leads", client.ConversionFilter{Event: "lead"}, 1},
			{"the last hour", client.ConversionFilter{From: noon.Add(-time.Hour)}, 2},
			{"before", client.ConversionFilter{To: noon.Add(-time.Hour)}, 1},
		} {
			if got := all(t, h.Conversions(t.Context(), "alpine", test.f)); len(got) != test.want {
				t.Errorf("%s: %d, want %d", test.name, len(got), test.want)
			}
		}
	})
}

func TestTouches(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		ann, bob := h.partner("alpine", "ann"), h.partner("alpine", "bob")
		keeper := touch.NewKeeper(d)
		for i, s := range []client.Partnership{ann, ann, bob} {
			id := h.keys.NewID(noon.Add(time.Duration(i)*time.Minute), int64(i+1))
			if err := keeper.Keep(t.Context(), touch.Touch{ID: id, Program: s.Program, Kind: touch.Click, Partnership: s.ID, Who: touch.WhoClick(id),
				At: noon.Add(time.Duration(i) * time.Minute), Sub: [5]string{"may"}}); err != nil {
				t.Fatal(err)
			}
		}
		keeper.Close()
		must(touch.Expand(t.Context(), d, 100, nil))(t)
		if list := all(t, h.Touches(t.Context(), "alpine", client.TouchFilter{Partnership: ann.ID})); len(list) != 2 || list[0].At.Before(list[1].At) || list[0].Subs[0] != "may" {
			t.Errorf("touches: %+v", list)
		}
		if got := h.do("GET", "/v1/programs/alpine/touches?after=x", ""); got.status != 422 || !strings.Contains(got.body, `"parameter":"after"`) {
			t.Errorf("a cursor of nobody: %d %s", got.status, got.body)
		}
	})
}

func TestIdentities(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		must(h.Identify(t.Context(), client.Identity{Program: "alpine", VisitorID: "v", CustomerID: "c"}))(t)
		for _, i := range []client.Identity{{}, {VisitorID: "v"}, {VisitorID: "v", CustomerID: "c", EmailSHA256: strings.Repeat("0", 64)}} {
			i.Program = "alpine"
			if _, err := h.Identify(t.Context(), i); code(err) != "identity_incomplete" {
				t.Errorf("%+v: %v", i, err)
			}
		}
	})
}

func TestRateLimit(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	limited := api.New(api.Options{DB: h.db, Keys: h.keys, Rate: 1})
	t.Cleanup(limited.Close)
	for i := range 6 {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/v1/me", nil)
		r.Header.Set("Authorization", "Bearer "+h.secret)
		limited.ServeHTTP(w, r)
		switch left := w.Header().Get("RateLimit-Remaining"); {
		case i < 5 && (w.Code != 200 || left != fmt.Sprint(4-i)):
			t.Errorf("request %d: %d, %s left", i, w.Code, left)
		case i == 5 && (w.Code != 429 || w.Header().Get("Retry-After") == "" || w.Header().Get("RateLimit-Limit") != "5"):
			t.Errorf("request %d: %d %v", i, w.Code, w.Header())
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/v1/nothing", "404 path_unknown"},
		{"PUT", "/v1/me", "405 method_not_allowed"},
		{"DELETE", "/v1/conversions", "405 method_not_allowed"},
		{"GET", "/v1/programs/%00", "400 input_invalid"},
		{"GET", "/v1/programs/%ff", "400 input_invalid"},
		{"GET", "/v1/programs?after=%00", "400 input_invalid"},
		{"GET", "/v1/programs/" + strings.Repeat("x", 5000), "404 program_unknown"},
	} {
		got := h.do(test.method, test.path, "")
		status, code, _ := strings.Cut(test.want, " ")
		if fmt.Sprint(got.status) != status || !strings.Contains(got.body, `"code":"`+code) {
			t.Errorf("%s %.40s: %d %s, want %s", test.method, test.path, got.status, got.body, test.want)
		}
	}
}
