package track

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

const tagMost = 16 << 10 // bytes of a body

// said is what the browser tag reports.
type said struct {
	Type     string `json:"type"` // visit or conversion
	Visitor  string `json:"visitor"`
	Click    string `json:"click"`
	URL      string `json:"url"`
	Referrer string `json:"referrer"`
	Customer string `json:"customer"`
	Order    string `json:"order"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Event    string `json:"event"`
	Code     string `json:"code"`
}

// tagged takes what the browser tag reports from a page of the program.
func (d *Door) tagged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	answer, err := d.hear(w, r)
	switch {
	case err != nil:
		d.refuse(w, r, err)
	case answer == reply{}:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, "application/json", answer)
	}
}

// preflight lets pages send JSON under its own name.
func (d *Door) preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

func (d *Door) hear(w http.ResponseWriter, r *http.Request) (reply, error) {
	prog, err := d.links.Program(r.Context(), r.PathValue("program"))
	if err != nil {
		return reply{}, err
	}
	if !fromPageOf(prog, r) {
		return reply{}, &problem.Problem{Status: http.StatusForbidden, Code: "origin_not_allowed", Detail: "the page is not on a domain of this program"}
	}
	body, err := readBody(w, r, tagMost)
	if err != nil {
		return reply{}, err
	}
	s, err := readSaid(body)
	if err != nil {
		return reply{}, err
	}
	if s.Type == "visit" {
		return reply{}, d.visit(r, prog, s)
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
	case s.Type != "visit" && s.Type != "conversion":
		return s, problem.Wrong("type", "type_unknown", "the type is neither visit nor conversion")
	case !isVisitor(s.Visitor):
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

// visit keeps that the visitor came: by a click, which joins the two, or else directly.
func (d *Door) visit(r *http.Request, prog *program.Program, s said) error {
	at := d.db.Now()
	asked, who := ask(r.Method, r.Header), d.proxies.Client(r)
	asked.Dest = "" // a report is no navigation
	mark := d.judge(asked, click{program: prog, referrer: s.Referrer, visitor: who, at: at})
	t := touch.Touch{ID: id.New("tch", at), Program: prog.ID, Kind: touch.Direct, Who: touch.WhoVisitor(s.Visitor), At: at,
		Mark: mark, URL: s.URL, Referrer: s.Referrer, Agent: asked.Agent, Address: network.Kept(who)}
	ours, err := d.isClickOf(r.Context(), prog, s.Click)
	if err != nil {
		return err
	}
	if ours {
		t.Kind, t.Click = touch.Landing, s.Click
	}
	return d.keeper.Keep(r.Context(), t)
}

// isClickOf tells whether the click id is of a link of the program.
func (d *Door) isClickOf(ctx context.Context, prog *program.Program, click string) (bool, error) {
	claim, err := d.keys.Parse(click)
	if errors.Is(err, touch.ErrMalformed) || errors.Is(err, touch.ErrForged) {
		return false, nil
	}
	links, err := creative.ByNumber(ctx, d.db.Read(), []int64{claim.Link})
	return links[claim.Link].Program == prog.ID, err
}

// convert reports a sale of a program that lets its tag do so.
func (d *Door) convert(ctx context.Context, prog *program.Program, s said) (reply, error) {
	if !prog.TagSales {
		return reply{}, &problem.Problem{Status: http.StatusForbidden, Code: "tag_sales_off", Detail: "this program takes no conversions from its pages"}
	}
	done, err := d.line.Credit(ctx, conversion.New{Program: prog.ID, Event: s.Event, Order: s.Order, Amount: s.Amount, Currency: s.Currency,
		Click: s.Click, Visitor: s.Visitor, Customer: s.Customer, Code: s.Code, Source: conversion.FromTag})
	return reply{done.Conversion.ID, done.Duplicate}, err
}
