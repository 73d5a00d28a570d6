package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestMonthsAreComparedWithTheMonthBefore(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ name, month, against, from, to, wantFrom, wantTo string }{
		{"this month, with as many days of the last", "month", "before", "2026-11-01", "2026-11-22", "2026-10-01", "2026-10-22"},
		{"at its end, with all that the last one had", "month", "before", "2026-03-01", "2026-03-31", "2026-02-01", "2026-03-01"},
		{"last month, with the whole one before", "before", "before", "2026-10-01", "2026-11-01", "2026-09-01", "2026-10-01"},
		{"with a leap year's February", "before", "year", "2029-02-01", "2029-03-01", "2028-02-01", "2028-03-01"},
		{"days, with as many before", "", "before", "2026-11-15", "2026-11-22", "2026-11-08", "2026-11-15"},
		{"days, a year before", "", "year", "2026-11-15", "2026-11-22", "2025-11-15", "2025-11-22"},
	} {
		s := span{Month: c.month, Against: c.against, From: day(c.from), To: day(c.to)}
		s.Days = len(s.now()) - 1
		if from, to := s.before(); !from.Equal(day(c.wantFrom)) || !to.Equal(day(c.wantTo)) {
			t.Errorf("%s: from %s to %s, want from %s to %s", c.name, from.Format(time.DateOnly), to.Format(time.DateOnly), c.wantFrom, c.wantTo)
		}
	}
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	owner := w.as("rivalowner")
	w.buy(w.rival, "M-may", "40.00", w.click("Zed Reviews", w.rival, time.Hour).ID)
	for address, want := range map[string]string{"?period=month": "1", "?period=before": "0", "?period=month&from=2026-07-01&to=2026-07-02": "0"} {
		if got := owner.card("/console/rival"+address, "Conversions"); got != want {
			t.Errorf("%s: %s conversions, want %s", address, got, want)
		}
	}
	owner.shows("/console/rival?period=month&against=year&show=revenue", "Year before: nothing to compare with", ">nothing to compare with<")
	for _, page := range []string{"", "/partners", "/links", "/creatives"} {
		owner.shows("/console/rival"+page+"?period=before", `aria-current="true">Last month<`)
	}
}

func TestWhatBecomesFinalSoonIsListed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		at := "/console/rival"
		w.now = w.now.AddDate(0, 0, 50)
		since := w.now.Format(time.DateOnly)
		if _, err := commission.Mature(context.Background(), d); err != nil { // all that the world began with
			t.Fatal(err)
		}
		for n, order := range []string{"L-1", "L-2"} {
			w.buy(w.rival, order, []string{"40.00", "60.00"}[n], w.click("Zed Reviews", w.rival, time.Hour).ID)
			w.now = w.now.AddDate(0, 0, []int{15, 10}[n])
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			results, err := commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{{Program: w.rival.ID, Order: "L-1", Refund: "r-1", Amount: "10.00", Currency: "EUR"}})
			return errors.Join(err, results[0].Err)
		})
		owner := w.as("rivalowner")
		owner.shows(at, " commissions are payable: €") // one line for all that one step told
		owner.shows(at, "1 commission becomes final within a week", `href="`+at+`/conversions?state=locking"`)
		body := owner.shows(at+"/conversions?state=locking", ">L-1</a>", "1 conversion · €30.00 after refunds · €3.00 in commissions")
		if strings.Contains(body, ">L-2</a>") {
			t.Error("what becomes final later is among what becomes final soon")
		}
		owner.shows(at+"/conversions?q=L-2", "1 conversion · €60.00 after refunds · €6.00 in commissions")
		owner.shows(at+"/conversions?partner="+w.pts["Zed Reviews"].ID+"&from="+since, "2 conversions · €90.00 after refunds · €9.00 in commissions")
		owner.shows(at+"/conversions?state=nobody&q=L-2", "Nothing found")
	})
}

func TestAPartnerCanHandOverAnInvitationInTheDemo(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.catching()
	marta, team := w.as("Marta’s Kitchen"), "/partner/"+w.pts["Marta’s Kitchen"].ID+"/profile/team"
	marta.shows(team, "hand it over yourself")
	_, body, _ := marta.post(team, url.Values{"email": {"otto@example.org"}})
	link, _ := w.keyTo("otto@example.org")
	if !strings.Contains(body, link) {
		t.Error("nobody can read the invitation")
	}
	if owner := w.as("owner"); owner.step("/console/acme/settings/team", url.Values{"email": {"tina@example.org"}, "role": {"analyst"}}, "/console/acme/settings/team") == "" {
		t.Error("the team, which reads its mails, gets a link")
	}
}

// TestAFormThatWasRefusedCanBeLoadedAgain looks at addresses that take only forms.
func TestAFormThatWasRefusedCanBeLoadedAgain(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, batch, who := w.as("owner"), "/console/acme/payouts/"+w.batch.ID, "/console/acme/partners/"+w.pts["Deal Otter"].ID
	for from, want := range map[string]string{batch + "/results": batch, who + "/decline": who, who + "/notes": who, who + "/notes/not_1/pin": who,
		"/console/acme/commissions/decide": "/console/acme"} {
		if status, _, to := owner.get(from); want != to {
			t.Errorf("%s leads to %d %q, want %q", from, status, to, want)
		}
	}
	for _, nowhere := range []string{"/console/acme/nothing", who + "/decline/more"} {
		if status, _, _ := owner.get(nowhere); status != http.StatusNotFound {
			t.Errorf("%s: %d", nowhere, status)
		}
	}
}

func TestAPartnerIsLedFromTheOfferToTheirPages(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	marta := w.as("Marta’s Kitchen")
	marta.shows("/p/acme", "You take part in this program already.", `href="/partner/`+w.pts["Marta’s Kitchen"].ID+`"`)
	if strings.Contains(marta.shows("/p/rival"), "You take part") {
		t.Error("a partner of one program is one of another")
	}
}

func TestATokenMayWhatWasTicked(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, at := w.as("owner"), "/console/acme/settings/tokens"
	for _, c := range []struct {
		name    string
		exactly []string
		want    string
	}{
		{"chosen", nil, "<code>read</code>, <code>conversions.write</code></small>"},
		{"ticked", []string{"links.write", "payouts.write"}, "<code>read</code>, <code>links.write</code>, <code>payouts.write</code></small>"},
	} {
		owner.post(at, url.Values{"name": {c.name}, "mode": {"live"}, "scope": {"conversions"}, "exactly": c.exactly})
		owner.shows(at, c.want)
	}
	if _, body, _ := owner.post(at, url.Values{"name": {"all"}, "mode": {"live"}, "scope": {"read"}, "exactly": {"everything"}}); strings.Contains(body, "trb_live_") {
		t.Error("a token may what there is not")
	}
}
