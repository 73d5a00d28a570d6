package web

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestARowIsWhatTheListAsksFor: of an amount the part that refunds have left, of a shared one's commissions the partner's own.
func TestARowIsWhatTheListAsksFor(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	finance := w.as("finance")
	marta := w.pts["Marta’s Kitchen"].ID
	at := "/console/acme/conversions"
	amounts := func(query string) (amount, commission, reported, ids string) {
		t.Helper()
		head, rows := finance.table(at + query)
		if len(rows) != 1 {
			t.Fatalf("%s: %d rows", query, len(rows))
		}
		of := map[string]string{}
		for _, row := range rows {
			for i, name := range head {
				of[name] = row[i]
			}
		}
		return of["amount"], of["commission"], of["reported"], of["commissions"]
	}
	amount, all, reported, ids := amounts("?q=A-shared&file=csv")
	if amount != "269.90" || reported != "299.90" || len(strings.Fields(ids)) != 3 {
		t.Errorf("of all: %s of %s, %s", amount, reported, ids)
	}
	_, part, _, ids := amounts("?q=A-shared&file=csv&partner=" + marta)
	if part == all || part == "0.00" || ids != w.commissionOf("Marta’s Kitchen") {
		t.Errorf("of one: %s of %s, %s", part, all, ids)
	}
	finance.shows(at+"?q=A-shared&partner="+marta, "of €299.90", "of €"+all, `data-worth="`+part+`"`, "The list is narrowed", "stays as it is")
	if body := finance.shows(at + "?q=A-shared"); strings.Contains(body, "The list is narrowed") || strings.Contains(body, "of €"+all) {
		t.Error("the whole is told as a part")
	}
}
