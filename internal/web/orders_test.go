package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
)

// order is a sale of three pans that Marta's Kitchen has brought.
func (w *world) order(number string) conversion.Conversion {
	w.t.Helper()
	if c, err := conversion.ByOrder(w.t.Context(), w.d.Read(), w.acme.ID, "sale", number); err == nil {
		return c
	}
	w.report(conversion.New{Program: w.acme.ID, Order: number, Amount: "12", Currency: "EUR", Visitor: "squatter", Source: conversion.FromTag})
	return w.report(conversion.New{Program: w.acme.ID, Order: number, Customer: "customer-4711", Source: conversion.FromAPI,
		Detail: conversion.NewDetail{Items: []conversion.NewItem{{SKU: "PAN-28", Name: "Iron pan", Quantity: 3, Price: "20"}}, Tax: "12", Shipping: "5", Total: "77",
			Buyer: "returning", Fields: map[string]string{"store": "lyon-3"}}}).Conversion
}

func (w *world) orderPages() []struct{ route, address, reader string } {
	c := w.order("A-pans")
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/conversions/{cnv}", "/console/acme/conversions/" + c.ID, "owner"},
		{"GET /console/{program}/conversions/{cnv}/change", "/console/acme/conversions/" + c.ID + "/change", "owner"},
		{"GET /console/{program}/settings/orders", "/console/acme/settings/orders", "owner"},
	}
}

// sendsOrders gives back from an order, edits it, judges it, and settles when leads are paid.
func (w *world) sendsOrders(send sender, owner *browser) {
	const console = "POST /console/{program}"
	at := "/console/acme/conversions/" + w.order("A-pans").ID
	send(console+"/conversions/{cnv}/refund", owner, at+"/refund", url.Values{"what": {"items"}, "back-0": {"1"}, "reason": {"item_returned"}}, audit.OrderRefund)
	send(console+"/conversions/{cnv}/edit", owner, at+"/edit", url.Values{"keep-0": {"2"}, "because": {"one was out of stock"}}, audit.OrderEdit)
	send(console+"/conversions/{cnv}/verdict", owner, at+"/verdict", url.Values{"verdict": {"disqualified"}, "why": {"a friend"}}, audit.OrderQualify)
	send(console+"/settings/qualifying", owner, "/console/acme/settings/qualifying", url.Values{"event": {"lead"}, "rule": {"event"}, "after": {"sale"}}, audit.ProgramQualify)
	send(console+"/settings/postback-names", owner, "/console/acme/settings/postback-names", url.Values{"postback_names": {"order_id = invoice, oid"}}, audit.ProgramChange)
}

// TestAnOrderIsChangedByHand walks through the forms and reads what the brand and the partner are told.
func TestAnOrderIsChangedByHand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner, marta := w.as("owner"), w.as("Marta’s Kitchen")
		c := w.order("A-pans")
		at := "/console/acme/conversions/" + c.ID
		owner.shows(at, "Iron pan", "PAN-28", "€77.00", "Reports of this order", "outweighed by the shop", "Returning", "lyon-3", "A-shared")
		list, err := commission.Of(context.Background(), d.Read(), []string{c.ID})
		if err != nil {
			t.Fatal(err)
		}
		mine := ""
		for _, com := range list[c.ID] {
			if com.Partnership == w.pts["Marta’s Kitchen"].ID {
				mine = "/partner/" + com.Partnership + "/earnings/" + com.ID
			}
		}
		for _, secret := range []string{"lyon-3", "Returning", "Reports of this order", "A-shared"} {
			if strings.Contains(marta.shows(mine), secret) {
				t.Errorf("the partner reads %q", secret)
			}
		}
		marta.shows(mine, "Iron pan", "€60.00")
		for _, form := range []struct {
			name string
			to   string
			sent url.Values
			says string
		}{
			{"no pieces", "refund", url.Values{"what": {"items"}}, "Say how many pieces"},
			{"more than were ordered", "refund", url.Values{"what": {"items"}, "back-0": {"4"}}, "not a number of pieces"},
			{"no amount", "refund", url.Values{"what": {"part"}}, "amount"},
			{"an edit without a reason", "edit", url.Values{"keep-0": {"2"}}, "Say why"},
		} {
			if _, body, _ := owner.post(at+"/"+form.to, form.sent); !strings.Contains(body, form.says) {
				t.Errorf("%s: %s", form.name, body)
			}
		}
		for range 2 { // a form that is sent twice
			owner.post(at+"/refund", url.Values{"once": {"abc"}, "what": {"items"}, "back-0": {"1"}, "reason": {"item_returned"}})
		}
		owner.shows(at, "1 × PAN-28", "€40.00")
		owner.post(at+"/edit", url.Values{"once": {"abc"}, "keep-0": {"2"}, "because": {"out of stock"}})
		owner.shows(at, "out of stock", "€20.00")
		if strings.Contains(marta.shows(mine), "out of stock") {
			t.Error("the partner reads the brand's reason")
		}
		owner.post(at+"/verdict", url.Values{"verdict": {"disqualified"}, "why": {"a friend"}})
		owner.shows(at, "Not qualified, as the shop said.", "Does not qualify", "a friend")
		marta.shows(mine, "Not qualified, as the shop said.")

		owner.post("/console/acme/settings/qualifying", url.Values{"event": {"lead"}, "rule": {"days"}, "days": {"20"}})
		owner.shows("/console/acme/settings/orders", "After 20 days without a refund")
		owner.post("/console/acme/settings/postback-names", url.Values{"postback_names": {"order_id = invoice, oid\namount = value"}})
		p, err := program.Get(context.Background(), d.Read(), w.acme.ID)
		if err != nil || len(p.PostbackNames["order_id"]) != 2 || p.PostbackNames["amount"][0] != "value" {
			t.Errorf("names %v, %v", p.PostbackNames, err)
		}
		if _, body, _ := owner.post("/console/acme/settings/postback-names", url.Values{"postback_names": {"colour = x"}}); !strings.Contains(body, "one parameter per line") && !strings.Contains(body, "One parameter") {
			t.Error("a parameter that there is not is taken")
		}
	})
}
