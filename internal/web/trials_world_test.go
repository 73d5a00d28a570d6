package web

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/trial"
)

// trialPages are an address of every GET route of trialRoutes, and who reads it.
func (w *world) trialPages() []struct{ route, address, reader string } {
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/settings/test", "/console/acme/settings/test", "owner"},
		{"GET /console/{program}/settings/test/{tst}", "/console/acme/settings/test/" + w.tested().ID, "analyst"},
		{"GET /console/{program}/setup/order", "/console/acme/setup/order?test=" + w.tested().ID, "owner"},
	}
}

// tested is a test sale by a test click.
func (w *world) tested() (sale conversion.Conversion) {
	w.t.Helper()
	link := w.testLink()
	id := w.keys.NewID(w.now, link.Number)
	w.meet([]touch.Touch{{ID: id, Program: program.TestID(w.acme.ID), Kind: touch.Click, Partnership: link.Partnership, Link: link.ID, Who: touch.WhoClick(id), At: w.now}})
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		sale, err = trial.Sell(ctx, tx, w.keys, w.acme, link, money.Of(8000, w.acme.Currency))
		return err
	})
	return sale
}

func (w *world) testLink() (link creative.Link) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		link, err = trial.Ready(ctx, tx, w.keys, w.acme, trial.By{Person: "per_test", Name: "Test partner", Locale: "en"})
		return err
	})
	return link
}

// sendsTrials sends what can be tried.
func (w *world) sendsTrials(send sender, owner *browser) {
	at := "/console/acme/settings/test"
	send("POST /console/{program}/settings/test", owner, at, nil, audit.ProgramTrial)
	send("POST /console/{program}/settings/test/sale", owner, at+"/sale", nil, audit.ProgramTry)
	send("POST /console/{program}/settings/test/forget", owner, at+"/forget", nil, audit.ProgramForget)
}

func TestWhatIsTried(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner, at := w.as("owner"), "/console/acme/settings/test"
		owner.shows(at, "Make the test link", "No test click yet", "Nothing tried yet")
		owner.step(at, nil, at)
		owner.shows(at, "/c/"+w.testLink().Code, "No test click yet")
		sale := w.tested()
		owner.shows(at, "Click kept", sale.Order, at+"/"+sale.ID)
		_, _, receipt := owner.post(at+"/sale", nil)
		owner.shows(receipt, "Test partner", "Test</span>", "counts nowhere")
		if body := owner.shows(receipt); strings.Contains(body, "/partners/pts_") || strings.Contains(body, "popovertarget=\"reverse") {
			t.Error("a test's receipt leads to a partner who is not there, or lets somebody decide on it")
		}
		for _, elsewhere := range []string{"/console/rival/settings/test/" + sale.ID, "/console/acme/conversions/" + sale.ID, at + "/" + w.sale.Conversion.ID} {
			who := "owner"
			if strings.Contains(elsewhere, "rival") {
				who = "rivalowner"
			}
			if status, _, _ := w.as(who).get(elsewhere); status != http.StatusNotFound {
				t.Errorf("%s: %d", elsewhere, status)
			}
		}
		owner.step(at+"/forget", nil, at)
		owner.shows(at, "Nothing tried yet", "No test click yet", "/c/"+w.testLink().Code)
		if status, _, _ := owner.get(at + "/" + sale.ID); status != http.StatusNotFound {
			t.Errorf("a forgotten test's receipt: %d", status)
		}
	})
}

// TestNoPageShowsWhatIsTried reads every page that is not about tests before and after a test, and finds no trace.
func TestNoPageShowsWhatIsTried(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	pages := slices.Concat(w.pages(), w.mailPages(), w.creativePages(), w.partnersPages(), w.postbackPages(), w.trafficPages(), w.domainPages(), w.healthPages(), w.offlinePages(), w.steerPages(), w.orderPages(), w.sourcesPages())
	before, readers := map[string]string{}, map[string]*browser{}
	read := func(address, reader string) string {
		if readers[reader] == nil {
			readers[reader] = w.as(reader)
		}
		_, body, _ := readers[reader].get(address)
		return changing.ReplaceAllString(body, "")
	}
	for _, page := range pages {
		if !strings.Contains(page.address, "/setup") && !strings.Contains(page.address, "/invitation") {
			before[page.reader+page.address] = read(page.address, page.reader)
		}
	}
	for _, page := range pages { // as a page is that was read before
		if _, looked := before[page.reader+page.address]; looked {
			before[page.reader+page.address] = read(page.address, page.reader)
		}
	}
	sale := w.tested()
	traces := []string{sale.ID, sale.Order, "Test partner", program.TestID(w.acme.ID), w.testLink().Code, w.testLink().Partnership}
	for _, page := range pages {
		was, looked := before[page.reader+page.address]
		if !looked {
			continue
		}
		body := read(page.address, page.reader)
		for _, trace := range traces {
			if strings.Contains(body, trace) {
				t.Errorf("%s shows %q", page.address, trace)
			}
		}
		if body != was {
			t.Errorf("%s is another page after a test: %s", page.address, difference(was, body))
		}
	}
}

// changing is what differs each time that a page is read.
var changing = regexp.MustCompile(`nonce="[^"]*"|name="once" value="[^"]*"|<time[^>]*>[^<]*</time>`)

func difference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[max(0, i-60):min(len(a), i+60)] + " … " + b[max(0, i-60):min(len(b), i+60)]
		}
	}
	return "one is longer"
}

// standsNowhere fails the test when the test order is anywhere among what counts.
func (w *world) standsNowhere(b *browser) {
	w.t.Helper()
	ctx, r, at := context.Background(), w.d.Read(), "/console/"+w.acme.Slug
	for _, page := range []string{at, at + "/partners", at + "/partners?q=test", at + "/contracts", at + "/links", at + "/ledger", at + "/conversions", at + "/traffic", at + "/settings/mails", at + "/search?q=test+partner"} {
		if body := b.shows(page); strings.Contains(body, "Test partner") || strings.Contains(body, trial.OrderPrefix+"0") {
			w.t.Errorf("%s shows the test partner", page)
		}
	}
	for _, table := range []string{"partnership", "conversion", "commission", "link", "entry", "event"} {
		n, err := db.One(ctx, r, db.Value[int64], "select count(*) from "+table+" where program = $1", w.acme.ID)
		if err != nil || n != 0 {
			w.t.Errorf("the program has %d rows in %s, %v", n, table, err)
		}
	}
	var book report.Book
	days, err := book.Sold(ctx, r, w.acme.ID, report.Calendar(w.now.AddDate(0, 0, -1), w.now.AddDate(0, 0, 1), time.UTC))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, day := range days {
		if day != (report.Sold{}) {
			w.t.Errorf("%+v is sold", day)
		}
	}
}
