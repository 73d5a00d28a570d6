package commission_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// drawItems sometimes says what a sale is made of. Its amount then follows from that.
func drawItems(t *rapid.T, n *conversion.New) {
	if !rapid.Bool().Draw(t, "with items") {
		return
	}
	n.Amount = ""
	n.Detail.Items = []conversion.NewItem{
		{SKU: "pan", Quantity: rapid.Int64Range(1, 4).Draw(t, "pans"), Price: money.Of(rapid.Int64Range(100, 9_999).Draw(t, "price"), "EUR").Decimal()},
		{SKU: "lid", Price: "7.01"},
	}
	n.Detail.Discount = money.Of(rapid.Int64Range(0, 700).Draw(t, "discount"), "EUR").Decimal()
}

// drawFurther makes a second report of a sale with the shop's key, a squatter's without, and edits.
func drawFurther(t *rapid.T, n conversion.New, moment func(string) time.Time, click, customer func() string) []fact {
	var facts []fact
	if rapid.Bool().Draw(t, "reported again") {
		again := n
		again.Source, again.Customer, again.Code = conversion.FromPostback, customer(), rapid.SampledFrom([]string{"", "BOB10", "CEE10"}).Draw(t, "second code")
		facts = append(facts, sold("second report of "+n.Order, again))
	}
	if rapid.Bool().Draw(t, "squatted") {
		squat := conversion.New{Order: n.Order, Currency: "EUR", Amount: "31.00", At: moment("squatted at"), Click: click(), Visitor: "squatter", Source: conversion.FromTag}
		facts = append(facts, sold("squatter of "+n.Order, squat))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "edits") {
		e := conversion.NewEdit{Order: n.Order, Edit: fmt.Sprint(i), Currency: "EUR", At: moment("edited at")}
		e.Amount = money.Of(rapid.Int64Range(0, 90_000).Draw(t, "edited amount"), "EUR").Decimal()
		if len(n.Detail.Items) > 0 { // the shop's refunds by item stay sayable
			e.Amount, e.Detail = "", conversion.NewDetail{Items: []conversion.NewItem{{SKU: "pan", Quantity: 2, Price: "19.99"}}}
		}
		facts = append(facts, fact{name: "edit of " + n.Order, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			e.Program = w.prog.ID
			r, err := commission.Edit(ctx, tx, w.keys, []conversion.NewEdit{e})
			return errors.Join(err, first(r))
		}})
	}
	return facts
}

// drawLeads makes leads that have to qualify: rules from some day on, leads, and what the shop says of them.
func drawLeads(t *rapid.T, moment func(string) time.Time, click, customer func() string) []fact {
	var facts []fact
	for i := range rapid.IntRange(0, 2).Draw(t, "rules") {
		since := moment("rule since").Add(time.Duration(i) * time.Millisecond)
		rule := rapid.SampledFrom([]program.Rule{{Kind: program.AtOnce}, {Kind: program.ByVerdict}, {Kind: program.ByEvent, Event: "sale"}, {Kind: program.ByDays, Days: 40}}).Draw(t, "rule")
		facts = append(facts, once(fact{name: "leads qualify by " + string(rule.Kind), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.Require(ctx, tx, w.keys, w.prog.ID, "lead", since, rule, "test")
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "leads") {
		n := conversion.New{Event: "lead", Order: fmt.Sprint("L", i), At: moment("lead at"), Click: click(), Customer: customer()}
		facts = append(facts, sold("lead "+n.Order, n))
		for range rapid.IntRange(0, 2).Draw(t, "verdicts") {
			v := conversion.NewVerdict{Event: "lead", Order: n.Order, At: moment("verdict at")}
			v.Verdict = rapid.SampledFrom([]string{conversion.Qualified, conversion.Disqualified}).Draw(t, "verdict")
			facts = append(facts, fact{name: n.Order + " is " + v.Verdict, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
				v.Program = w.prog.ID
				r, err := commission.Qualify(ctx, tx, w.keys, []conversion.NewVerdict{v})
				return errors.Join(err, first(r))
			}})
		}
		if rapid.IntRange(0, 3).Draw(t, "lead given back") == 0 {
			back := conversion.NewRefund{Event: "lead", Order: n.Order, At: moment("given back at")}
			facts = append(facts, fact{name: "refund of " + n.Order, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
				back.Program = w.prog.ID
				r, err := commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{back})
				return errors.Join(err, first(r))
			}})
		}
	}
	return facts
}

func sold(name string, n conversion.New) fact {
	return fact{name: name, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
		n.Program = w.prog.ID
		r, err := commission.Credit(ctx, tx, w.keys, []conversion.New{n})
		return errors.Join(err, first(r))
	}}
}
