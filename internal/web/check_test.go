package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/task"
)

// check begins a proof of the books, which nobody does.
func (w *world) check() (id string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		t, err := task.Begin(ctx, tx, w.acme.ID, check, "test")
		id = t.ID
		return err
	})
	return id
}

// prove does what was asked for: it finds what it is told to.
func (w *world) prove(faults ...string) {
	w.t.Helper()
	works := map[task.Kind]task.Work{check: func(context.Context, *db.DB, task.Task, func(int, int)) (any, error) {
		return commission.Proof{Conversions: 1234, Commissions: 56, Faults: faults}, nil
	}}
	runner := job.NewRunner(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), map[job.Kind]job.Handler{task.Job: task.Handler(works)})
	if _, err := runner.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func TestCheckOfTheBooks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		finance, analyst := w.as("finance"), w.as("analyst")
		if status, _, _ := analyst.post("/console/acme/ledger/check", url.Values{}); status != http.StatusForbidden {
			t.Errorf("an analyst may begin a check: %d", status)
		}
		if strings.Contains(analyst.shows("/console/acme/ledger", "Ledger"), "/ledger/check") {
			t.Error("a check is offered to an analyst")
		}
		_, _, at := finance.post("/console/acme/ledger/check", url.Values{})
		finance.shows(at, "derived again", "data-fresh")
		if _, _, again := finance.post("/console/acme/ledger/check", url.Values{}); again != at {
			t.Errorf("two checks at once: %s and %s", at, again)
		}
		w.prove()
		finance.shows("/console/acme/partners", "The check of the books is over.", at)
		if strings.Contains(analyst.shows("/console/acme/partners", "Partners"), "is over") {
			t.Error("somebody else is told of it")
		}
		analyst.shows(at, "Everything agrees, to the cent", "1,234 conversions", "All 56 commissions")
		finance.shows("/console/acme/partners", "is over") // an analyst's look is not finance's
		finance.shows(at, "Everything agrees")
		if strings.Contains(finance.shows("/console/acme/ledger", "follow from the facts, to the cent"), "is over") {
			t.Error("what was seen is still news")
		}

		w.now = w.now.Add(time.Hour)
		_, _, at = finance.post("/console/acme/ledger/check", url.Values{})
		w.prove("commission com_1 is <wrong>")
		body := finance.shows(at, "1 difference", "commission com_1 is &lt;wrong&gt;")
		if strings.Contains(body, "Everything agrees") {
			t.Error("it agrees and differs")
		}
		finance.shows("/console/acme/ledger", "something differs")
		if status, _, _ := w.as("rivalowner").get(at); status != http.StatusNotFound {
			t.Errorf("another brand reads it: %d", status)
		}
	})
}
