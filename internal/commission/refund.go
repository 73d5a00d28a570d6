package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Refunded is what became of a reported refund.
type Refunded struct {
	Refund     conversion.Refund
	Conversion string // empty while the order has not been reported
	Duplicate  bool
}

// Refund keeps refunds and takes back what the refunded part of each order had earned. A refund may come before its order,
// and then waits for it.
func Refund(ctx context.Context, tx *db.Tx, keys touch.Keys, refunds []conversion.NewRefund) ([]db.Result[Refunded], error) {
	refunds, err := apart(ctx, tx, keys, refunds, refundsApart)
	if err != nil {
		return nil, err
	}
	results := make([]db.Result[Refunded], len(refunds))
	programs, err := take(ctx, tx, refunds, func(n conversion.NewRefund) string { return n.Program })
	if err != nil {
		return nil, err
	}
	read := make([]conversion.Refund, len(refunds))
	for i, n := range refunds {
		p, ok := programs[n.Program]
		if !ok {
			results[i].Err = problem.NotFound("program", n.Program)
			continue
		}
		read[i], results[i].Err = conversion.ReadRefund(n, p.Program, tx.Now)
		read[i].Turn = p.turn
	}
	good := indexesWithout(results)
	list := make([]conversion.Refund, len(good))
	for j, i := range good {
		list[j] = read[i]
	}
	kept, err := conversion.InsertRefunds(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	touched := map[string][]string{}
	var events []event.New
	for j, i := range good {
		fact, duplicate := kept[j].Value.Fact, kept[j].Value.Duplicate
		results[i] = db.Result[Refunded]{Value: Refunded{Refund: fact, Duplicate: duplicate}, Err: kept[j].Err}
		sale, err := conversion.ByOrder(ctx, tx, fact.Program, fact.Event, fact.Order)
		if problem.Code(err) == "order_unknown" {
			continue
		}
		if err != nil {
			return nil, err
		}
		results[i].Value.Conversion = sale.ID
		if !duplicate {
			touched[fact.Program] = append(touched[fact.Program], sale.ID)
		}
	}
	for _, p := range programs.inOrder() {
		ids := slices.Compact(slices.Sorted(slices.Values(touched[p.ID])))
		if err := again(ctx, tx, keys, p, ids, nil, nil); err != nil {
			return nil, err
		}
	}
	for _, i := range good {
		if r := results[i].Value; results[i].Err == nil && !r.Duplicate {
			events = append(events, event.New{Kind: event.RefundCreated, Brand: programs[r.Refund.Program].Brand, Program: r.Refund.Program,
				Subject: r.Refund.ID, Data: map[string]any{"order_id": r.Refund.Order, "conversion": r.Conversion, "whole": r.Refund.Whole, "amount": r.Refund.Amount}})
		}
	}
	return results, event.Append(ctx, tx, events...)
}
