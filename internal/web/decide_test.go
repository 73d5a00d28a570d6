package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// rowOf is what the list sends for the row of an order.
func (b *browser) rowOf(order string) string {
	b.w.t.Helper()
	body := b.shows("/console/acme/conversions?q="+url.QueryEscape(order), ">"+order+"</a>")
	_, rest, _ := strings.Cut(body, `name="row" value="`)
	row, _, found := strings.Cut(rest, `"`)
	if !found {
		b.w.t.Fatalf("the row of %s cannot be selected", order)
	}
	return row
}

// decide sends the form of the list and returns the page that it leads back to, from its notice on.
func (b *browser) decide(form url.Values) string {
	b.w.t.Helper()
	back := "/console/acme/conversions?state=held"
	status, body, to := b.post("/console/acme/commissions/decide?back="+url.QueryEscape(back), form)
	if status != http.StatusSeeOther || to != back {
		b.w.t.Fatalf("%d to %q: %s", status, to, alerts(body))
	}
	return b.shows(to)
}

// TestManyAreDecidedAtOnce holds, approves and reverses from the list, and lets the partner read it.
func TestManyAreDecidedAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		finance := w.as("finance")
		rows := []string{finance.rowOf("A-2000"), finance.rowOf("A-2001"), finance.rowOf("A-shared")}
		page := finance.decide(url.Values{"row": rows, "do": {"hold"}, "hold-reason": {"traffic_check"}, "hold-note": {"secret note 77"}, "reverse-reason": {"test"}})
		for _, want := range []string{"5 commissions are held.", ">A-2000</a>", ">A-2001</a>", ">A-shared</a>"} {
			if !strings.Contains(page, want) {
				t.Errorf("after the hold there is no %q", want)
			}
		}
		if strings.Contains(page, ">A-2002</a>") {
			t.Error("what is not held is among what is")
		}
		page = finance.decide(url.Values{"row": {rows[0], finance.rowOf("A-1000"), "com_none"}, "do": {"hold"}})
		for _, want := range []string{"1 was so already.", "1 stays as it was (A-1000): what is locked can only be reversed", "there is no such commission."} {
			if !strings.Contains(page, want) {
				t.Errorf("after the second hold there is no %q", want)
			}
		}
		if page := finance.decide(url.Values{"do": {"hold"}}); !strings.Contains(page, "Nothing was selected") {
			t.Error("nothing selected is not said")
		}
		if status, _, _ := finance.post("/console/acme/commissions/decide", url.Values{"row": {finance.rowOf("A-2000")}, "do": {"release"}, "release-note": {strings.Repeat("x", 1001)}}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
			t.Errorf("a novel as a note: %d", status)
		}
		if status, _, to := finance.post("/console/acme/commissions/decide?back="+url.QueryEscape("//elsewhere.example/console/acme/"), url.Values{}); status != http.StatusSeeOther || to != "/console/acme/conversions" {
			t.Errorf("a form leads to %d %q", status, to)
		}

		marta := w.as("Marta’s Kitchen")
		base := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/earnings"
		marta.shows(base+"?state=held", ">A-2000</a>", "Held", "The visits are being checked")
		_, receipt, _ := marta.get(base + "/" + finance.rowOf("A-2000"))
		for _, secret := range []string{"secret note", "finance"} {
			if strings.Contains(receipt, secret) {
				t.Errorf("the partner reads %q", secret)
			}
		}
		if !strings.Contains(receipt, "The visits are being checked") || strings.Contains(receipt, "/commissions/decide") {
			t.Error("the partner's receipt does not say why it is held, or offers to decide")
		}
		at := "/console/acme/conversions/" + w.sale.Conversion.ID
		finance.shows(at, "secret note 77", "Release", "Approve", "finance")
		if page := finance.decide(url.Values{"row": {rows[1]}, "do": {"release"}}); !strings.Contains(page, "1 commission is no longer held.") || strings.Contains(page, ">A-2001</a>") {
			t.Error("the hold does not end")
		}
		if page := finance.decide(url.Values{"row": {rows[2]}, "do": {"approve"}}); !strings.Contains(page, "3 commissions are payable now.") {
			t.Error("the shares are not approved")
		}
		finance.shows(at, "Approved", "Payable")
		if page := finance.decide(url.Values{"row": {rows[0]}, "do": {"reverse"}, "reverse-reason": {"customer_fraud"}}); !strings.Contains(page, "The commission is reversed.") {
			t.Error("it is not reversed")
		}
		if body := w.as("analyst").shows("/console/acme/conversions"); strings.Contains(body, `name="row"`) {
			t.Error("who may only read can select")
		}
	})
}

// TestConversionsAreNarrowed goes through the filters, on the page and in the file.
func TestConversionsAreNarrowed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		owner.decide(url.Values{"row": {owner.rowOf("A-2001")}, "do": {"hold"}})
		hash := sha256.Sum256([]byte("river@example.org"))
		w.report(conversion.New{Program: w.acme.ID, Event: "lead", Order: "letter-1", Click: w.click("Deal Otter", w.acme, 0).ID, Source: conversion.FromAPI})
		w.report(conversion.New{Program: w.acme.ID, Order: "A-mail", Amount: "10", Currency: "EUR", Customer: "c-mail", Email: hex.EncodeToString(hash[:]), Source: conversion.FromAPI})
		for _, c := range []struct{ query, finds, leaves string }{
			{"event=lead", "letter-1", "A-2001"},
			{"state=held", "A-2001", "A-2000"},
			{"state=pending", "A-2000", "A-2001"},
			{"state=nobody", "A-mail", "A-2001"},
			{"state=paid", "Nothing found", "A-1000"},
			{"state=in_payout", "A-1000", "A-2001"},
			{"partner=" + w.pts["Marta’s Kitchen"].ID, "A-2000", "A-2001"},
			{"partner=otter", "A-2002", "A-2000"},
			{"partner=otter&state=pending", "A-2002", "A-2001"},
			{"partner=" + w.pts["Zed Reviews"].ID, "Nothing found", "R-503"},
			{"partner=no-such-partner", "Nothing found", "A-2000"},
			{"partner=otter&state=nobody", "Nothing found", "A-mail"},
			{"from=2026-05-22&to=2026-05-22", "A-2001", "A-2003"},
			{"from=2026-05-22&to=2026-05-22&partner=" + w.pts["Trailhead Weekly"].ID, "A-2001", "A-2000"},
			{"q=river%40example.org", "A-mail", "A-2001"},
			{"q=RIVER%40Example.org&state=nobody", "A-mail", "A-2001"},
			{"q=" + hex.EncodeToString(hash[:]), "A-mail", "A-2001"},
			{"q=c-mail&state=held", "Nothing found", "A-mail"},
			{"q=A-2001&state=held", "A-2001", "A-2000"},
		} {
			body := owner.shows("/console/acme/conversions?" + c.query)
			file := owner.shows("/console/acme/conversions?file=csv&" + c.query)
			if !strings.Contains(body, c.finds) || strings.Contains(body, c.leaves+"</a>") {
				t.Errorf("%s: %q is there %t, %q is there %t", c.query, c.finds, strings.Contains(body, c.finds), c.leaves, strings.Contains(body, c.leaves+"</a>"))
			}
			if c.finds != "Nothing found" && !strings.Contains(file, ","+c.finds+",") || strings.Contains(file, ","+c.leaves+",") {
				t.Errorf("the file of %s: %s", c.query, file)
			}
		}
		id := between(owner.shows("/console/acme/conversions?event=lead", "Lead letter-1"), "/console/acme/conversions/cnv_", `"`)
		lead := owner.shows("/console/acme/conversions/cnv_"+id, "Lead letter-1")
		for _, wrong := range []string{"Order letter-1", "Order amount", "The way to the order", "lead · €0.00"} {
			if strings.Contains(lead, wrong) {
				t.Errorf("the receipt of a lead says %q", wrong)
			}
		}
	})
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, after)
	return found
}

// TestNoticesAreOurWords: the cookie of a notice cannot put words into it.
func TestNoticesAreOurWords(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	for _, forged := range []string{"decided=hold&done=Call+me", "decided=x&done=3", "decided=hold&refused-evil=com_1&refused-evil=7", "decided=hold&refused-commission_locked=evil", "%zz", "decided=hold&done=-3"} {
		r, err := http.NewRequest("GET", w.server.URL+"/console/acme/conversions", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: noticeCookie, Value: forged})
		if status, body, _ := owner.do(r); status != http.StatusOK || strings.Contains(body, `class="notice`) || strings.Contains(body, "evil") || strings.Contains(body, "Call me") {
			t.Errorf("%q: %d, %s", forged, status, between(body, `class="notice`, "</"))
		}
	}
}
