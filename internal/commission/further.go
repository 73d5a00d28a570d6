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
	before []program.Moment        // of those, when they were
}

// weigh keeps a further report of an order and gathers what it adds.
func (m more) weigh(ctx context.Context, tx *db.Tx, known, again conversion.Conversion, all map[string]more) (db.Result[Credited], error) {
	// Of two further reports in one transaction the second meets what the first has made of the order.
	if at := slices.IndexFunc(m.moved, func(c conversion.Conversion) bool { return c.ID == known.ID }); at >= 0 {
		known = m.moved[at]
	}
	w, err := conversion.Weigh(ctx, tx, known, again)
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
	m.links = append(m.links, moreKeys(w.Before, again)...)
	if w.Moved {
		m.moved = append(slices.DeleteFunc(m.moved, func(c conversion.Conversion) bool { return c.ID == w.Stands.ID }), w.Stands)
		m.before = append(m.before, program.Moment{Program: known.Program, At: w.Before.At, Turn: again.Turn})
	}
	all[known.Program] = m
	return result, nil
}

// moreKeys are what a second report of an order says of its person beyond the first. Only one of the same trust does: anybody
// can say of an order by the tag that it was their browser's.
func moreKeys(stood, again conversion.Conversion) []journey.Link {
	if !stood.Source.Trusted() || !again.Source.Trusted() || !stood.SaysWho() || !again.SaysWho() {
		return nil
	}
	if touch.IsForADay(stood.Who) { // others may have the name too: nothing lasting is joined with it
		return nil
	}
	var links []journey.Link
	for _, key := range again.Keys() {
		if !slices.Contains(stood.Keys(), key) {
			links = append(links, journey.Link{A: stood.Who, B: key, At: again.Received, Turn: again.Turn})
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
	grown, err := journey.Join(ctx, tx, p.ID, groups)
	if err != nil {
		return err
	}
	others, err := affected(ctx, tx, keys, p.ID, p.turn, grown)
	if err != nil {
		return err
	}
	for _, c := range m.moved {
		others = append(others, c.ID)
	}
	waiting, err := waitingFor(ctx, tx, p, append(slices.Clone(fresh), m.moved...))
	if err != nil {
		return err
	}
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(c conversion.Conversion) bool { return has(m.moved, c.ID) }) // those are read anew
	others = slices.Compact(slices.Sorted(slices.Values(append(others, waiting...))))
	others = slices.DeleteFunc(others, func(id string) bool { return has(fresh, id) })
	if err := program.MarkDays(ctx, tx, program.Orders, m.before); err != nil {
		return err
	}
	return again(ctx, tx, keys, p, others, fresh, grown)
}

func has(list []conversion.Conversion, id string) bool {
	return slices.ContainsFunc(list, func(c conversion.Conversion) bool { return c.ID == id })
}
