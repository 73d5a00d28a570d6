package web

import (
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	counted "github.com/tributary-hq/tributary/internal/refusal"
)

// healthPages are an address of every GET route of healthRoutes, with all sorts of findings.
func (w *world) healthPages() []struct{ route, address, reader string } {
	w.ails()
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/health", "/console/acme/health", "owner"},
		{"GET /console/{program}/health", "/console/acme/health", "analyst"},
	}
}

// ails gives the program a refused report and a page that is gone.
func (w *world) ails() {
	w.t.Helper()
	book := counted.New(w.d)
	book.Note(w.acme.ID, "postback", problem.Invalid("amount", "x"))
	book.Note(w.acme.ID, "tag", problem.Wrong("sig", "signature_wrong", "x"))
	if err := book.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	err := w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(w.t.Context(), tx, `insert into page_check (program, address, status, fault, at, since, misses) values ($1, 'https://acme.example/<gone>', 404, 'status', $2, $2, 2)`,
			w.acme.ID, tx.Now.UnixMilli())
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestHealthSaysWhatIsMissingAndWhatToDo(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.ails()
	w.as("analyst").shows("/console/acme/health", "Needs mending", "1 page that links lead to does not answer.", "https://acme.example/&lt;gone&gt;", "amount_invalid", "Bring the page back", "Postback", "The signature is wrong")
}
