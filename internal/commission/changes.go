package commission

import (
	"context"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// changes are the facts about an order that move what it earns at any time, also when its shares are final.
type changes struct {
	terms     conversion.Terms
	refunds   []conversion.Refund
	decisions []Decision
	verdict   conversion.Verdict // the one that holds; its id is empty when there is none
}

// changesOf are those of conversions as they stand now, by conversion. Those that were never derived nobody can have decided on.
func changesOf(ctx context.Context, r db.Reader, prog string, sales []conversion.Conversion, derived map[string]derivation) (map[string]changes, error) {
	var ids []string
	orders := make([]string, len(sales))
	for i, sale := range sales {
		orders[i] = sale.Order
		if _, ok := derived[sale.ID]; ok {
			ids = append(ids, sale.ID)
		}
	}
	refunds, err := conversion.RefundsOf(ctx, r, prog, orders)
	if err != nil {
		return nil, err
	}
	edits, err := conversion.EditsOf(ctx, r, prog, orders)
	if err != nil {
		return nil, err
	}
	verdicts, err := conversion.VerdictsOf(ctx, r, prog, orders)
	if err != nil {
		return nil, err
	}
	decisions, err := Decisions(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	all := make(map[string]changes, len(sales))
	for _, sale := range sales {
		key := conversion.OrderKey(sale.Event, sale.Order)
		all[sale.ID] = changes{terms: conversion.TermsOf(sale, edits[key]), refunds: refunds[key], decisions: decisions[sale.ID],
			verdict: conversion.LastVerdict(verdicts[key])}
	}
	return all, nil
}
