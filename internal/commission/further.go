package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// more is what further reports of known orders have added to a program's persons and orders.
type more struct {
	links  []journey.Link
	groups [][]string              // the keys that one report names
	moved  []conversion.Conversion // orders that stand differently, as they stand now
	before []conversion.Conversion // those, as they stood
}

// weigh keeps a further report of an order and gathers what it adds.
func (m more) weigh(ctx context.Context, tx *db.Tx, p atTurn, known, again conversion.Conversion, all map[string]more) (db.Result[Credited], error) {
	// Of two further reports in one transaction the second meets what the first has made of the order.
	if at := slices.IndexFunc(m.moved, func(c conversion.Conversion) bool { return c.ID == known.ID }); at >= 0 {
		known = m.moved[at]
	}
	splits, err := journey.SplitsOf(ctx, tx, p.ID, p.agreed)
	if err != nil {
		return db.Result[Credited]{}, err
	}
	w, err := conversion.Weigh(ctx, tx, known, again, func(keys []string) string { return splits.Anchor(keys, program.Always) })
	_, refused := problem.As(err)
	if err != nil && !refused {
		return db.Result[Credited]{}, err
	}
	confirms := w.Stands.Source.Trusted() && !w.Before.Source.Trusted()
	result := db.Result[Credited]{Value: Credited{Conversion: w.Stands, Duplicate: !confirms}, Err: err}
	if !w.Kept {
		return result, nil
	}
	m.groups = append(m.groups, again.Keys())
	m.links = append(m.links, moreKeys(w.Known, again)...)
	if w.Moved {
		m.moved = append(slices.DeleteFunc(m.moved, func(c conversion.Conversion) bool { return c.ID == w.Stands.ID }), w.Stands)
		m.before = append(m.before, w.Before)
	}
	all[known.Program] = m
	return result, nil
}

// moreKeys are what a further report of an order says of its person beyond those before: every key that trusted ones have named is
// linked with every new one, for any of them may turn out to be of many people, and the order of the reports does not show. Only a
// trusted report does it: anybody can say of an order by the tag that it was their browser's. Such a claim joins its visitor to nobody through the order; what it says of its own person,
// as a tag that sends the customer's id beside the visitor's, still holds.
func moreKeys(known []string, again conversion.Conversion) []journey.Link {
	if !again.Source.Trusted() || !again.SaysWho() {
		return nil
	}
	known = distinct(slices.DeleteFunc(slices.Clone(known), touch.IsForADay)) // others may have the name too: nothing lasting is joined with it
	var links []journey.Link
	for _, key := range again.Keys() {
		if slices.Contains(known, key) || touch.IsForADay(key) {
			continue
		}
		for _, one := range known {
			links = append(links, journey.Link{A: one, B: key, At: again.Received, Turn: again.Turn})
		}
	}
	return links
}

// creditIn derives new conversions of one program, and older ones that further reports have changed or whose persons have grown.
func creditIn(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, fresh []conversion.Conversion, m more) error {
	if len(fresh) == 0 && len(m.groups) == 0 {
		return nil
	}
	if err := journey.Keep(ctx, tx, p.ID, m.links); err != nil {
		return err
	}
	groups := slices.Clone(m.groups)
	for _, c := range fresh {
		groups = append(groups, c.Keys())
	}
	for _, l := range m.links {
		groups = append(groups, []string{l.A, l.B})
	}
	splits, err := journey.SplitsOf(ctx, tx, p.ID, p.agreed)
	if err != nil {
		return err
	}
	r, splits, err := people(ctx, tx, p.ID, p.turn, splits, groups)
	if err != nil {
		return err
	}
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(c conversion.Conversion) bool { return has(m.moved, c.ID) }) // those are read anew
	anchored(fresh, splits)
	anchored(m.moved, splits)
	others, err := affected(ctx, tx, keys, p, r.grown)
	if err != nil {
		return err
	}
	near, err := besides(ctx, tx, p, slices.Concat(m.before, r.before), slices.Concat(fresh, m.moved, r.moved))
	if err != nil {
		return err
	}
	same, err := rivals(ctx, tx, p, slices.Concat(fresh, m.moved, m.before))
	if err != nil {
		return err
	}
	others = slices.Concat(others, near, same)
	moments := make([]program.Moment, len(m.before))
	for i, c := range m.before {
		moments[i] = program.Moment{Program: p.ID, At: c.At, Turn: p.turn}
	}
	others = slices.DeleteFunc(distinct(others), func(id string) bool { return has(fresh, id) })
	if err := program.MarkDays(ctx, tx, program.Orders, moments); err != nil {
		return err
	}
	return again(ctx, tx, keys, p, others, fresh, r.grown)
}

func has(list []conversion.Conversion, id string) bool {
	return slices.ContainsFunc(list, func(c conversion.Conversion) bool { return c.ID == id })
}
