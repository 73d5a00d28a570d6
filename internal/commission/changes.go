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

// Nets are what refunds and edits have left of conversions, in minor units, by conversion.
func Nets(ctx context.Context, r db.Reader, conversions []string) (map[string]int64, error) {
	type net struct {
		of     string
		amount int64
	}
	found := map[string]int64{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, func(row db.Row) (net, error) {
			var n net
			err := row.Scan(&n.of, &n.amount)
			return n, err
		}, `/* commission.Nets */ select conversion, net from derivation where conversion in `+args.In(conversions), args.List()...)
		for _, n := range list {
			found[n.of] = n.amount
		}
		return err
	})
	return found, err
}
