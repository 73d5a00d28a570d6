package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

func TestAProgramSaysHowClicksAreKept(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	for _, c := range []struct {
		first, months, days, want string
		status                    int
	}{
		{"yes", "24", "30", "true 24 30", http.StatusSeeOther},
		{"no", "13", "30", "true 24 30", http.StatusUnprocessableEntity},
		{"no", "0", "3", "true 24 30", http.StatusUnprocessableEntity},
		{"no", "many", "0", "true 24 30", http.StatusNotFound},
		{"no", "0", "0", "false 0 0", http.StatusSeeOther},
	} {
		status, _, _ := owner.post("/console/acme/settings/keeping", url.Values{"redirect_first": {c.first}, "keep_months": {c.months}, "plain_days": {c.days}})
		p, err := program.Get(t.Context(), w.d.Read(), w.acme.ID)
		if got := fmt.Sprint(p.RedirectFirst, p.KeepMonths, p.PlainDays); err != nil || status != c.status || got != c.want {
			t.Errorf("%+v: %d, %s, %v", c, status, got, err)
		}
	}
}

// TestWhatCouldNotBeKeptIsTold counts losses of today, and of a year ago, which no page tells.
func TestWhatCouldNotBeKeptIsTold(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	if page := owner.shows("/console/acme/traffic"); strings.Contains(page, "could not be kept") {
		t.Error("losses are told though there are none")
	}
	var losses touch.Losses
	for range 7 {
		losses.Add(w.acme.ID, touch.TurnedAway, w.now, errors.New("the disk is full"))
	}
	losses.Add(w.acme.ID, touch.Dropped, w.now, errors.New("the disk is full"))
	losses.Add(w.acme.ID, touch.Dropped, w.now.AddDate(-1, 0, 0), errors.New("the disk is full"))
	if err := losses.Keep(context.Background(), w.d, slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Minute)
	if page := owner.shows("/console/acme/traffic"); !strings.Contains(page, "8 clicks and visits of these days could not be kept") {
		t.Error("the traffic page tells nothing of it")
	}
	page := owner.shows("/console/acme/settings/keeping")
	for _, want := range []string{"<dt>Asked to try again</dt><dd>7</dd>", "<dt>Sent on without a click</dt><dd>1</dd>"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}
