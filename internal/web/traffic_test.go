package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

func (w *world) trafficPages() []struct{ route, address, reader string } {
	w.marked("Marta’s Kitchen", touch.Marks...)
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/traffic", "/console/acme/traffic", "owner"},
		{"GET /console/{program}/traffic", "/console/acme/traffic?mark=counts&days=90&network=192.0.2.0", "analyst"},
	}
}

// marked are clicks on somebody's link, each with a mark, of this hour.
func (w *world) marked(name string, marks ...touch.Mark) (clicks []touch.Touch) {
	w.t.Helper()
	for i, mark := range marks {
		t := w.click(name, w.acme, time.Duration(i+1)*time.Minute)
		t.Mark, t.Address, t.Agent, t.Referrer = mark, "192.0.2.0", "Agent of "+string(mark), "https://seo.example/x"
		clicks = append(clicks, t)
	}
	w.meet(clicks)
	return clicks
}

// judge sends the form of the list and returns the page that it leads back to.
func (b *browser) judge(back string, form url.Values) string {
	b.w.t.Helper()
	status, body, to := b.post("/console/acme/traffic/judge?back="+url.QueryEscape(back), form)
	if status != http.StatusSeeOther || to != back {
		b.w.t.Fatalf("%d to %q: %s", status, to, alerts(body))
	}
	return b.shows(to)
}

// TestTrafficIsJudged looks at what does not count, judges it, and reads what came of it.
func TestTrafficIsJudged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		clicks := w.marked("Marta’s Kitchen", touch.Bot, touch.Rate, touch.Spam)
		w.report(conversion.New{Program: w.acme.ID, Order: "A-bot", Amount: "100.00", Currency: "EUR", Click: clicks[0].ID, Source: conversion.FromAPI})
		manager := w.as("manager")
		has := func(page string, wanted bool, words ...string) {
			t.Helper()
			for _, word := range words {
				if strings.Contains(page, word) != wanted {
					t.Errorf("%q on the page is %v", word, !wanted)
				}
			}
		}
		const all = "/console/acme/traffic"
		has(manager.shows(all), true, "Agent of bot", "Agent of rate", "Agent of spam", "seo.example", "A program, not a visitor", "More clicks than people make")
		bots := manager.shows(all + "?mark=bot")
		has(bots, true, "Agent of bot")
		has(bots, false, "Agent of rate", "Agent of spam")
		has(manager.shows(all+"?link=/c/"+w.links["Deal Otter"].Code), true, "Nothing found")
		has(manager.shows(all+"?link=/c/"+w.links["Marta’s Kitchen"].Code), true, "Agent of bot")
		has(manager.shows(all+"?partner="+w.pts["Deal Otter"].ID), false, "Agent of bot")
		has(manager.shows(all+"?network=192.0.3.0"), false, "Agent of bot")

		page := manager.judge(all, url.Values{"row": {clicks[0].ID}, "do": {"accept"}, "accept-reason": {"our own office"}})
		has(page, true, "1 click counts now.", "The commissions of 1 conversion changed: partners earn", "more.")
		has(page, false, "Agent of bot")
		has(manager.shows(all+"?mark=counts"), true, "Agent of bot", "Before: A program, not a visitor", "our own office")
		has(manager.judge(all, url.Values{"row": {clicks[0].ID}, "do": {"accept"}}), true, "1 was so already.")
		page = manager.judge(all+"?mark=counts", url.Values{"row": {clicks[0].ID}, "do": {"refuse"}})
		has(page, true, "1 click no longer counts.", "less.")
		page = manager.judge(all, url.Values{"row": {clicks[1].ID, clicks[2].ID}, "do": {"accept"}})
		has(page, true, "2 clicks count now.", "No commission changed.")
		has(manager.judge(all, url.Values{"do": {"accept"}}), true, "Nothing was selected")
		if status, _, to := manager.post(all+"/judge?back=https://evil.example/", url.Values{"row": {clicks[1].ID}, "do": {"accept"}}); status != http.StatusSeeOther || to != all {
			t.Errorf("led to %q", to)
		}
		if status, _, _ := manager.post(all+"/judge", url.Values{"row": {"nothing"}, "do": {"accept"}}); status >= 500 || status < 300 {
			t.Errorf("a click of nobody: %d", status)
		}
		proof, err := commission.Verify(t.Context(), d.Read(), w.keys, w.acme, func(int, int) {})
		if err != nil || len(proof.Faults) > 0 {
			t.Error(err, proof.Faults)
		}
	})
}

func TestReceiptSaysWhyAClickDoesNotCount(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	clicks := w.marked("Marta’s Kitchen", touch.Rate)
	c := w.report(conversion.New{Program: w.acme.ID, Order: "A-rate", Amount: "100.00", Currency: "EUR", Click: clicks[0].ID, Source: conversion.FromAPI})
	w.as("analyst").shows("/console/acme/conversions/"+c.Conversion.ID, "More clicks than people make", "None of the clicks counted")
}

func TestTrafficRules(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	manager := w.as("manager")
	for _, c := range []struct {
		ms, trust, want string
	}{{"10000", "1", "10000 true"}, {"0", "", "0 false"}} {
		if status, body, _ := manager.post("/console/acme/traffic/rules", url.Values{"repeat_ms": {c.ms}, "trust": {c.trust}}); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, alerts(body))
		}
		p, err := program.Get(t.Context(), w.d.Read(), w.acme.ID)
		if got := fmt.Sprintf("%d %v", p.RepeatMS, p.TrustDatacentres); err != nil || got != c.want {
			t.Errorf("%q, want %q: %v", got, c.want, err)
		}
	}
	manager.shows("/console/acme/traffic", "Never: each click counts")
}
