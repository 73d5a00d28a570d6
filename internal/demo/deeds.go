package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// visit is somebody following a partner's link.
type visit struct {
	on       *browser
	code     string
	taken    string // the creative by which they come, when it is one; a key of walk.taken
	page     string // of a product, when the link shall lead to another page than its own
	sub      string // the partner's word
	referrer string
	method   string // GET when empty
	purpose  string // what a browser says that fetches ahead
}

func (v visit) do(ctx context.Context, w *walk) error {
	query := url.Values{}
	if v.sub != "" {
		query.Set("sub1", v.sub)
	}
	if v.page != "" {
		query.Set("u", w.story.Base+"/shop/p/"+v.page)
	}
	code := v.code
	if v.taken != "" {
		code = w.taken[v.taken]
	}
	r := w.request(ctx, v.on, "/c/"+code, query)
	if v.method != "" {
		r.Method = v.method
	}
	if v.purpose != "" {
		r.Header.Set("Sec-Purpose", v.purpose)
	}
	if v.referrer != "" {
		r.Header.Set("Referer", v.referrer)
	}
	answer, err := w.ask(r, http.StatusFound)
	if err != nil || v.method != "" || v.purpose != "" {
		return err
	}
	page, err := answer.Location()
	if err != nil {
		return err
	}
	v.on.click = page.Query().Get("tclid")
	return w.land(ctx, v.on, page.String(), v.referrer)
}

// direct is somebody coming to the shop by themselves. The tag still knows by which click they came before.
type direct struct{ on *browser }

func (d direct) do(ctx context.Context, w *walk) error {
	return w.land(ctx, d.on, w.story.Base+"/shop/", "")
}

// lead is a reader who signs up for the Sunday letter, whose sender reports it by postback.
type lead struct {
	on     *browser
	number string
}

func (l lead) do(ctx context.Context, w *walk) error {
	_, err := w.ask(w.request(ctx, nil, "/postback/"+brandSlug, url.Values{"key": {w.key}, "event": {"lead"}, "order_id": {l.number},
		"click_id": {l.on.click}}), http.StatusOK)
	return err
}

// order is somebody buying in the shop, which reports it by the API.
type order struct {
	at     time.Time
	number string
	by     *shopper
	items  []int // places among the products
	code   string
	twice  bool // the shop was not sure that it had been heard
	again  bool // of somebody who has ordered before
}

// cart is what was bought.
func (o *order) cart() (c cart) {
	for _, i := range o.items {
		c = append(c, cartLine{products[i].view(), 1})
	}
	return c
}

func (o *order) do(ctx context.Context, w *walk) error {
	report := client.NewConversion{Program: brandSlug, OrderID: o.number, ClickID: o.by.desk.click, VisitorID: o.by.desk.visitor,
		CustomerID: customerID(o.by.email), EmailSHA256: hashed(o.by.email), PromoCode: o.code, OrderDetail: o.cart().lines(o.code)}
	if report.Buyer = "new"; o.again {
		report.Buyer = "returning"
	}
	_, err := w.shop.ReportConversion(ctx, report)
	if err == nil && o.twice {
		w.clock.pass(time.Minute)
		_, err = w.shop.ReportConversion(ctx, report)
	}
	return err
}

// refund is the shop giving an order back.
type refund struct {
	of     *order
	part   string // the thing that comes back; empty: the whole order
	reason string
}

func (r refund) do(ctx context.Context, w *walk) error {
	report := client.NewRefund{Program: brandSlug, OrderID: r.of.number, Reason: r.reason}
	if r.part != "" {
		report.RefundID, report.Items = "R"+strings.TrimPrefix(r.of.number, "BW"), []client.Piece{{SKU: r.part}}
	}
	_, err := w.shop.ReportRefund(ctx, report)
	return err
}

// signIn is a customer signing in on a device that the shop did not know as theirs.
type signIn struct {
	who *shopper
	on  *browser
}

func (s signIn) do(ctx context.Context, w *walk) error {
	_, err := w.shop.Identify(ctx, client.Identity{Program: brandSlug, VisitorID: s.on.visitor, CustomerID: customerID(s.who.email)})
	return err
}

func euros(cents int64) *client.Money {
	a := money.Of(cents, "EUR")
	return &client.Money{Amount: a.Decimal(), Currency: string(a.Currency)}
}

// customerID is how the shop knows a customer: by the address, which it tells nobody.
func customerID(email string) string { return "cus_" + hashed(email)[:12] }

func hashed(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return hex.EncodeToString(sum[:])
}

// edit is the shop leaving out the last thing of an order, which could not be had.
type edit struct{ of *order }

func (e edit) do(ctx context.Context, w *walk) error {
	c := e.of.cart()
	_, err := w.shop.ReportEdit(ctx, client.NewEdit{Program: brandSlug, OrderID: e.of.number, EditID: "E" + strings.TrimPrefix(e.of.number, "BW"),
		Reason: c[len(c)-1].Product.Name + " was out of stock; the rest was sent.", OrderDetail: c[:len(c)-1].lines(e.of.code)})
	return err
}

// confirm is a reader answering the letter that asks whether they want the others, or that letter coming back.
type confirm struct {
	of      lead
	bounced bool
}

func (c confirm) do(ctx context.Context, w *walk) error {
	v := client.NewVerdict{Program: brandSlug, Event: "lead", OrderID: c.of.number, Verdict: conversion.Qualified, Reason: "The address was confirmed."}
	if c.bounced {
		v.Verdict, v.Reason = conversion.Disqualified, "The letter came back: nobody has this address."
	}
	_, err := w.shop.ReportVerdict(ctx, v)
	return err
}

// confirmedFrom is the day from which a reader counts once the address is confirmed.
const confirmedFrom = 70

// askToConfirm settles that a reader is paid for once the address is confirmed.
func askToConfirm(ctx context.Context, w *walk) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.Require(ctx, tx, w.a.Keys, w.program.ID, "lead", midnight(w.clock.end, confirmedFrom+1), program.Rule{Kind: program.ByVerdict}, w.staff[auth.Owner]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Owner, audit.ProgramQualify, w.program.ID)
	})
}
