package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// addOffline puts on the paths what no browser saw: the calls of the persons to numbers of partners, and of a sale that was
// paid with a card, the partner with whom it was enrolled. Whose a number or a card was is looked up anew each time, so it
// does not matter which becomes known first.
func addOffline(ctx context.Context, r db.Reader, prog string, all []facts) error {
	var callers, cards []string
	var from, to time.Time
	for _, f := range all {
		if token, ok := offline.CardOf(conversion.WhoCustomer(f.sale.Customer)); ok {
			cards = append(cards, token)
		}
		for _, key := range f.keys {
			if caller, ok := offline.CallerOf(key); ok {
				w := window(f.sale)
				if len(callers) == 0 || w.From.Before(from) {
					from = w.From
				}
				if len(callers) == 0 || w.To.After(to) {
					to = w.To
				}
				callers = append(callers, caller)
			}
		}
	}
	if len(callers)+len(cards) == 0 {
		return nil
	}
	calls, err := offline.By(ctx, r, prog, distinct(callers), from, to)
	if err != nil {
		return err
	}
	called := make([]string, len(calls))
	for i, c := range calls {
		called[i] = c.Number
	}
	numbers, err := offline.Named(ctx, r, prog, offline.Number, distinct(called))
	if err != nil {
		return err
	}
	enrolled, err := offline.Named(ctx, r, prog, offline.Card, distinct(cards))
	if err != nil {
		return err
	}
	for i := range all {
		f := &all[i]
		w := window(f.sale)
		for _, c := range calls {
			if c.Turn > f.turn || c.At.Before(w.From) || c.At.After(w.To) || !slices.Contains(f.keys, c.Who()) {
				continue
			}
			if a, ok := offline.InForce(numbers[c.Number], c.At, f.turn); ok {
				f.path = append(f.path, touch.Touch{ID: c.ID, Program: prog, Kind: touch.Call, Partnership: a.Partnership, Who: c.Who(), At: c.At})
			}
		}
		if token, ok := offline.CardOf(conversion.WhoCustomer(f.sale.Customer)); ok {
			if a, ok := offline.InForce(enrolled[token], f.sale.At, f.turn); ok {
				f.path = append(f.path, touch.Touch{ID: a.ID, Program: prog, Kind: touch.Card, Partnership: a.Partnership, At: f.sale.At})
			}
		}
		journey.Sort(f.path)
	}
	return nil
}

func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// firstCall is the moment of the earliest call of a person with the keys.
func firstCall(ctx context.Context, r db.Reader, prog string, who []string) (first time.Time, ok bool, err error) {
	var callers []string
	for _, key := range who {
		if caller, is := offline.CallerOf(key); is {
			callers = append(callers, caller)
		}
	}
	if len(callers) == 0 {
		return first, false, nil
	}
	calls, err := offline.By(ctx, r, prog, callers, time.UnixMilli(0), time.UnixMilli(1<<52))
	for _, c := range calls {
		if !ok || c.At.Before(first) {
			first, ok = c.At, true
		}
	}
	return first, ok, err
}

// Assigned is what became of an assignment that was told.
type Assigned struct {
	offline.Assignment
	Duplicate bool // it was so already
}

// Assign says whose numbers and cards of a program are, and derives again what that can change: calls and sales may have
// come before.
func Assign(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, list []offline.Assignment) ([]db.Result[Assigned], error) {
	results := make([]db.Result[Assigned], len(list))
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Partnership)
	}
	partnerships, err := partner.Named(ctx, tx, distinct(ids))
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		a.Program = prog
		read, err := offline.Read(a, tx.Now)
		read.Turn = p.turn
		if a.Partnership != "" && partnerships[a.Partnership].Program != prog {
			err = problem.Wrong("partner", "partner_unknown", "no partner of the program is %q", a.Partnership)
		}
		results[i] = db.Result[Assigned]{Value: Assigned{Assignment: read}, Err: err}
	}
	good := indexesWithout(results)
	told := make([]offline.Assignment, len(good))
	for j, i := range good {
		told[j] = results[i].Value.Assignment
	}
	fresh, err := offline.Assign(ctx, tx, prog, told)
	if err != nil {
		return nil, err
	}
	var changed []offline.Assignment
	for j, i := range good {
		if results[i].Value.Duplicate = !fresh[j]; fresh[j] {
			changed = append(changed, told[j])
		}
	}
	sales, err := reassigned(ctx, tx, prog, changed)
	if err != nil {
		return nil, err
	}
	return results, db.Batches(sales, 500, func(ids []string) error { return again(ctx, tx, keys, p, ids, nil, nil) })
}

// reassigned are the conversions that assignments can change: what was paid with the cards since, and what came of calls to
// the numbers since.
func reassigned(ctx context.Context, r db.Reader, prog string, list []offline.Assignment) ([]string, error) {
	since := map[string]time.Time{} // by the key of a person or by a number
	var who, numbers []string
	first := time.UnixMilli(1 << 52)
	for _, a := range list {
		name := a.Name
		if a.Kind == offline.Card {
			name = conversion.WhoCustomer(offline.CustomerWith(a.Name))
			who = append(who, name)
		} else {
			numbers = append(numbers, name)
		}
		if was, ok := since[name]; !ok || a.Since.Before(was) {
			since[name] = a.Since
		}
		if a.Since.Before(first) {
			first = a.Since
		}
	}
	sales, err := conversion.By(ctx, r, prog, distinct(who), first)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range sales {
		if !c.At.Before(since[c.Who]) {
			ids = append(ids, c.ID)
		}
	}
	calls, err := offline.To(ctx, r, prog, distinct(numbers), first)
	if err != nil {
		return nil, err
	}
	met := map[string][]time.Time{}
	for _, c := range calls {
		if !c.At.Before(since[c.Number]) {
			met[c.Who()] = append(met[c.Who()], c.At)
		}
	}
	later, err := salesAfter(ctx, r, prog, met)
	return distinct(append(ids, later...)), err
}

// Called is what became of a reported call.
type Called struct {
	Call       offline.Call
	Conversion string // empty: it was too short, not answered, or the program does not pay for calls
	Duplicate  bool
}

// Call keeps calls of one program: each is a touch of the partner whose the number is at that moment, and one that is long
// enough is a conversion as well.
func Call(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, list []offline.NewCall) ([]db.Result[Called], error) {
	results := make([]db.Result[Called], len(list))
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return nil, err
	}
	seconds, err := offline.Rule(ctx, tx, prog)
	if err != nil {
		return nil, err
	}
	for i, n := range list {
		n.Program = prog
		results[i].Value.Call, results[i].Err = offline.ReadCall(n, tx.Now)
	}
	if err := convertCalls(ctx, tx, keys, p.Program, seconds, list, results); err != nil {
		return nil, err
	}
	if p, err = hold(ctx, tx, prog); err != nil { // later than the conversions, which are derived again
		return nil, err
	}
	good := indexesWithout(results)
	read := make([]offline.Call, len(good))
	for j, i := range good {
		read[j] = results[i].Value.Call
		read[j].Turn = p.turn
	}
	kept, err := offline.Keep(ctx, tx, read)
	if err != nil {
		return nil, err
	}
	met := map[string][]time.Time{}
	var links []journey.Link
	for j, i := range good {
		call := &results[i].Value
		call.Call, call.Duplicate, results[i].Err = kept[j].Value.Fact, kept[j].Value.Duplicate, kept[j].Err
		if results[i].Err != nil || call.Duplicate {
			continue
		}
		who := call.Call.Who()
		met[who] = append(met[who], call.Call.At)
		if customer := list[i].Customer; customer != "" {
			links = append(links, journey.Link{A: who, B: conversion.WhoCustomer(customer), At: tx.Now, Turn: p.turn})
		}
	}
	joined, err := join(ctx, tx, keys, p, links)
	if err != nil {
		return nil, err
	}
	later, err := salesAfter(ctx, tx, prog, met)
	if err != nil {
		return nil, err
	}
	return results, db.Batches(distinct(append(joined, later...)), 500, func(ids []string) error { return again(ctx, tx, keys, p, ids, nil, nil) })
}

// callEvent is the event type of calls that are conversions.
const callEvent = "call"

// convertCalls reports the calls that the program pays for as conversions, under the provider's ids. What is wrong with a
// conversion is wrong with its call.
func convertCalls(ctx context.Context, tx *db.Tx, keys touch.Keys, p program.Program, seconds int64, list []offline.NewCall, results []db.Result[Called]) error {
	if !p.Accepts(callEvent) {
		return nil
	}
	var sales []conversion.New
	var places []int
	for i, n := range list {
		call := results[i].Value.Call
		if results[i].Err != nil || !call.Converts(seconds) {
			continue
		}
		places = append(places, i)
		sales = append(sales, conversion.New{Program: p.ID, Event: callEvent, Order: call.Call, At: call.At, Amount: n.Amount, Currency: n.Currency,
			Customer: offline.CustomerOf(call.Caller), Source: conversion.FromCall})
	}
	credited, err := Credit(ctx, tx, keys, sales)
	if err != nil {
		return err
	}
	for j, i := range places {
		results[i].Value.Conversion, results[i].Err = credited[j].Value.Conversion.ID, credited[j].Err
	}
	return nil
}
