package track

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

const tagMost = 16 << 10 // bytes of a body

// said is what the browser tag reports.
type said struct {
	Type     string `json:"type"`    // visit, conversion or customer
	Visitor  string `json:"visitor"` // empty when nothing may be stored in the browser
	Click    string `json:"click"`
	Ref      string `json:"ref"` // whom the address names, for links without a redirect
	URL      string `json:"url"`
	Referrer string `json:"referrer"`
	Later    bool   `json:"later"` // the visit had begun before
	Again    bool   `json:"again"` // it was sent before, and no answer came
	Age      int64  `json:"age"`   // milliseconds since it happened
	Customer string `json:"customer"`
	Proof    string `json:"proof"` // that the shop knows the customer, see Proves
	Order    string `json:"order"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Event    string `json:"event"`
	Code     string `json:"code"`
	Items    []item `json:"items"`
}

// item is a line of an order.
type item struct {
	Price    json.Number `json:"price"` // of one
	Quantity json.Number `json:"quantity"`
}

// clicked is the answer to a visit for which a click was kept: its id, for the shop's own server.
type clicked struct {
	Click string `json:"click"`
}

// keptFor is how long a browser may wait until it tells.
const keptFor = 24 * time.Hour

// at is the moment of what is told.
func (s said) at(now time.Time) time.Time {
	return now.Add(-min(max(0, time.Duration(s.Age)*time.Millisecond), keptFor))
}

// tagged takes what the browser tag reports from a page of the program.
func (d *Door) tagged(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Add("Vary", "Origin")
	answer, err := d.hear(w, r)
	switch {
	case err != nil:
		d.refuse(w, r, err)
	case answer == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, "application/json", answer)
	}
}

var errOrigin = &problem.Problem{Status: http.StatusForbidden, Code: "origin_not_allowed", Detail: "the page is not on a domain of this program"}

// preflight lets pages send JSON under its own name.
func (d *Door) preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

func (d *Door) hear(w http.ResponseWriter, r *http.Request) (any, error) {
	prog, err := d.links.Program(r.Context(), r.PathValue("program"))
	if err != nil {
		return nil, err
	}
	if !fromPageOf(prog, r) {
		return nil, errOrigin
	}
	if origin := first(r, "Origin"); origin != "" { // a page of the program, which may bring the name of a viewer
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
	}
	body, err := readBody(w, r, tagMost)
	if err != nil {
		return nil, err
	}
	s, err := readSaid(body)
	if err != nil {
		return nil, err
	}
	from := d.proxies.Client(r)
	asked := ask(r.Method, r.Header)
	asked.Dest = "" // a report is no navigation
	viewer := viewerOf(r.Header)
	if s.Visitor == "" {
		viewer = ""
		if s.Visitor, err = d.namers.name(r.Context(), d.db, d.db.Now(), prog.ID, from, asked.Agent); err != nil {
			return nil, err
		}
	}
	switch s.Type {
	case "visit":
		click, err := d.arrive(r.Context(), prog, Arrival{Asked: asked, Visitor: s.Visitor, Viewer: viewer, From: from, URL: s.URL,
			Referrer: s.Referrer, Click: s.Click, Ref: s.Ref, Later: s.Later, Again: s.Again, At: s.at(d.db.Now())})
		if err != nil || click == "" {
			return nil, err
		}
		return clicked{click}, nil
	case "customer":
		return nil, d.signedIn(r.Context(), prog, s)
	}
	return d.convert(r.Context(), prog, s)
}

// fromPageOf tells whether the browser says that the report comes from a page of the program.
func fromPageOf(prog *program.Program, r *http.Request) bool {
	page := first(r, "Origin")
	if page == "" {
		page = first(r, "Referer")
	}
	u, err := url.Parse(page)
	return err == nil && prog.Allows(u)
}

func readSaid(body []byte) (said, error) {
	var s said
	if err := json.Unmarshal(body, &s); err != nil {
		return s, &problem.Problem{Status: http.StatusBadRequest, Code: "json_invalid", Detail: "the body is not the tag's JSON"}
	}
	switch {
	case !slices.Contains([]string{"visit", "conversion", "customer"}, s.Type):
		return s, problem.Wrong("type", "type_unknown", "the type is none of visit, conversion and customer")
	case s.Visitor != "" && !isVisitor(s.Visitor) || touch.IsForADay(touch.WhoVisitor(s.Visitor)):
		return s, problem.Invalid("visitor", "a visitor's id is 16 to 64 letters and digits")
	}
	return s, nil
}

func isVisitor(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(s) >= 16 && len(s) <= 64
}

// convert reports a sale of a program that lets its tag do so.
func (d *Door) convert(ctx context.Context, prog *program.Program, s said) (any, error) {
	if !prog.TagSales {
		return nil, &problem.Problem{Status: http.StatusForbidden, Code: "tag_sales_off", Detail: "this program takes no conversions from its pages"}
	}
	n := conversion.New{Program: prog.ID, Event: s.Event, Order: s.Order, Amount: s.Amount, Currency: s.Currency,
		Click: s.Click, Visitor: s.Visitor, Customer: s.Customer, Code: s.Code, Source: conversion.FromTag}
	if touch.IsForADay(touch.WhoVisitor(s.Visitor)) {
		n.Customer = "" // as in signedIn
	}
	if _, err := d.keys.Parse(n.Click); err != nil {
		n.Click = "" // the tag reads it from the address, where others have parameters of the same name
	}
	if s.Age > 0 {
		n.At = s.at(d.db.Now())
	}
	if n.Amount == "" && len(s.Items) > 0 {
		sum, err := sumOf(s.Items, prog.Currency)
		if err != nil {
			return nil, err
		}
		n.Amount, n.Currency = sum.Decimal(), string(sum.Currency)
	}
	done, err := d.line.Credit(ctx, n)
	if err != nil {
		return nil, err
	}
	return reply{done.Conversion.ID, done.Duplicate}, nil
}

const (
	itemsMost = 500
	countMost = 10_000
)

// sumOf is what an order comes to by its lines.
func sumOf(items []item, c money.Currency) (money.Amount, error) {
	sum := money.Of(0, c)
	for _, i := range items[:min(len(items), itemsMost)] {
		price, err := money.Parse(i.Price.String(), c)
		count := int64(1)
		if err == nil && i.Quantity != "" {
			count, err = i.Quantity.Int64()
		}
		if err != nil || count < 1 || count > countMost || len(items) > itemsMost {
			return sum, problem.Invalid("items", "an item has a price and a quantity")
		}
		if price.Minor > money.Max/countMost || sum.Minor+price.Minor*count > money.Max {
			return sum, problem.Invalid("items", "the items come to too much")
		}
		sum.Minor += price.Minor * count
	}
	return sum, nil
}

// signedIn joins the visitor with a customer of the shop. Customers' ids can be guessed, and a join is for good: a page is
// believed only with the proof of the shop's server, or where the program trusts its pages with orders anyway.
func (d *Door) signedIn(ctx context.Context, prog *program.Program, s said) error {
	if !prog.TagSales && !Proves(*prog, s.Customer, s.Proof) {
		return &problem.Problem{Status: http.StatusForbidden, Code: "customer_unproved", Detail: "who signed in is believed with a proof of the shop's server only"}
	}
	if s.Customer == "" || len(s.Customer) > 200 {
		return problem.Invalid("customer", "a customer's id has 1 to 200 bytes")
	}
	if who := touch.WhoVisitor(s.Visitor); touch.IsForADay(who) {
		return nil // a name that others may have too joins nobody for good
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		return commission.Identify(ctx, tx, d.keys, prog.ID, touch.WhoVisitor(s.Visitor), conversion.WhoCustomer(s.Customer))
	})
}

// Proves tells whether a proof is the shop's word that somebody is its customer: the HMAC-SHA256 of the customer's id under
// the program's key, in hex.
func Proves(prog program.Program, customer, proof string) bool {
	mac := hmac.New(sha256.New, []byte(prog.Secret))
	mac.Write([]byte("customer:" + customer))
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(proof))
}
