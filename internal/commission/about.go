package commission

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
)

// earlierMost is how many earlier conversions of a person are told.
const earlierMost = 20

// OrderFacts is what was said of an order besides its refunds and decisions.
type OrderFacts struct {
	Terms    conversion.Terms
	Edits    []conversion.Edit
	Verdicts []conversion.Verdict
	Reports  []conversion.Report     // when there is more than one
	Earlier  []conversion.Conversion // of the same person, the newest first
}

// FactsOf reads what was said of an order.
func FactsOf(ctx context.Context, r db.Reader, c conversion.Conversion) (f OrderFacts, err error) {
	key, orders := conversion.OrderKey(c.Event, c.Order), []string{c.Order}
	edits, err := conversion.EditsOf(ctx, r, c.Program, orders)
	if err != nil {
		return f, err
	}
	verdicts, err := conversion.VerdictsOf(ctx, r, c.Program, orders)
	if err != nil {
		return f, err
	}
	reports, err := conversion.Reports(ctx, r, []string{c.ID})
	if err != nil {
		return f, err
	}
	f = OrderFacts{Terms: conversion.TermsOf(c, edits[key]), Edits: edits[key], Verdicts: verdicts[key], Reports: reports[c.ID]}
	f.Earlier, err = before(ctx, r, c)
	return f, err
}

// before are the conversions of the same person that came before one, the newest first.
func before(ctx context.Context, r db.Reader, c conversion.Conversion) ([]conversion.Conversion, error) {
	people, err := journey.People(ctx, r, c.Program, []string{c.Who})
	if err != nil {
		return nil, err
	}
	list, err := conversion.By(ctx, r, c.Program, people[c.Who], time.UnixMilli(0))
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(o conversion.Conversion) bool { return o.ID == c.ID || o.At.After(c.At) })
	slices.SortFunc(list, func(a, b conversion.Conversion) int {
		if d := b.At.Compare(a.At); d != 0 {
			return d
		}
		return strings.Compare(b.ID, a.ID)
	})
	return list[:min(len(list), earlierMost)], nil
}
