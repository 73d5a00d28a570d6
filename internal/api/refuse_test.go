package api_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestBusyIsSaidSo(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	h.program("alpine")
	h.api.Close()
	got := h.do("POST", "/v1/conversions", `{"program":"alpine","order_id":"1","amount":{"amount":"1","currency":"EUR"}}`)
	if got.status != 503 || got.header.Get("Retry-After") == "" || !strings.Contains(got.body, `"code":"busy"`) {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
}

// TestOurFaultsStayOurs breaks the database: the asker learns nothing of it, and we do, once.
func TestOurFaultsStayOurs(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	h.do("GET", "/v1/me", "") // the token is known now
	h.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, "alter table brand rename to brand_gone")
		return err
	})
	got := h.do("GET", "/v1/me", "")
	if got.status != 500 || !strings.Contains(got.body, `"code":"internal"`) || strings.Contains(got.body, "brand") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if lines := strings.Count(h.log.String(), "\n"); lines != 1 || !strings.Contains(h.log.String(), "brand") {
		t.Errorf("%d lines logged: %s", lines, h.log)
	}
	h.log.Reset()
}

// FuzzBodies sends any body to every write. Nothing is ever our fault, and what is refused leaves nothing behind.
func FuzzBodies(f *testing.F) {
	h := open(f, dbtest.Open(f, db.SQLite))
	ids := h.things()
	writes := writesOf()
	for i, o := range writes {
		f.Add(i, bodies[o.ID])
	}
	for _, test := range refusals {
		f.Add(0, test.body)
	}
	f.Fuzz(func(t *testing.T, i int, body string) {
		o := writes[uint(i)%uint(len(writes))]
		if o.ID == "tokens-revoke" {
			return
		}
		before := rows(t, h.db)
		r := httptest.NewRequest(o.Method, fill(o.Path, ids), strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+h.secret)
		w := httptest.NewRecorder()
		h.api.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s: %d %s\n%s", o.ID, w.Code, w.Body, h.log)
		}
		if after := rows(t, h.db); w.Code >= 300 && before != after {
			t.Errorf("%s: %d, and %s became %s", o.ID, w.Code, before, after)
		}
	})
}

func writesOf() []api.Operation {
	return slices.DeleteFunc(api.Operations(), func(o api.Operation) bool { return o.Method == "GET" })
}

// rows are how many there are of all that a write can leave.
func rows(t testing.TB, d *db.DB) string {
	t.Helper()
	var counts []string
	for _, table := range []string{"conversion", "refund", "commission", "entry", "event", "program", "policy", "partner", "partnership", "partnership_change",
		"terms", "link", "promo_code", "identity_link", "decision", "payout_batch", "payout", "token", "once"} {
		n := must(db.One(context.Background(), d.Read(), db.Value[int64], "select count(*) from "+table))(t)
		counts = append(counts, fmt.Sprint(table, " ", n))
	}
	return strings.Join(counts, ", ")
}
