package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Met derives again what touches that have just become known can change: conversions that happened before their touches
// were read, and those of browsers whose arrival the tag has reported. It is what touch.Expand also does.
func Met(ctx context.Context, tx *db.Tx, keys touch.Keys, touches []touch.Touch) error {
	known, err := familiar(ctx, tx, touches)
	if err != nil {
		return err
	}
	byProgram := map[string][]touch.Touch{}
	for _, t := range touches {
		if t.Kind == touch.Landing || known[t.Who] {
			byProgram[t.Program] = append(byProgram[t.Program], t)
		}
	}
	for _, prog := range sortedKeys(byProgram) {
		if err := metIn(ctx, tx, keys, prog, byProgram[prog]); err != nil {
			return err
		}
	}
	return nil
}

// familiar are those of the visitors of whom something is known but touches, in any program. Nearly all are strangers: the
// programs of those, which may be many, need not be asked one by one.
func familiar(ctx context.Context, r db.Reader, touches []touch.Touch) (map[string]bool, error) {
	names := make([]string, len(touches))
	for i, t := range touches {
		names[i] = t.Who
	}
	known := map[string]bool{}
	for _, query := range []string{`/* commission.familiar */ select key from identity where key in `, `/* commission.familiar */ select who from conversion where who in `} {
		err := db.Batches(names, 512, func(names []string) error {
			var args db.Args
			found, err := db.All(ctx, r, db.Value[string], query+args.In(names), args.List()...)
			for _, name := range found {
				known[name] = true
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

func metIn(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, touches []touch.Touch) error {
	var landings []touch.Touch
	met := map[string][]time.Time{} // by key of the visitor
	for _, t := range touches {
		if t.Kind == touch.Landing {
			landings = append(landings, t)
		} else if t.Who != "" { // who was shown something may have no name
			met[t.Who] = append(met[t.Who], t.At)
		}
	}
	links, err := arrivals(ctx, tx, keys, prog, landings)
	if err != nil {
		return err
	}
	ids, err := join(ctx, tx, keys, atTurn{Program: program.Program{ID: prog}, turn: touches[0].Turn}, links)
	if err != nil {
		return err
	}
	later, err := salesAfter(ctx, tx, prog, met)
	if err != nil {
		return err
	}
	ids = slices.Compact(slices.Sorted(slices.Values(append(ids, later...))))
	if len(ids) == 0 {
		return nil
	}
	p, err := program.Get(ctx, tx, prog)
	if err != nil {
		return err
	}
	return again(ctx, tx, keys, atTurn{Program: p, turn: touches[0].Turn}, ids, nil, nil)
}

// join keeps links between keys and returns the conversions that they can change.
func join(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, links []journey.Link) ([]string, error) {
	if len(links) == 0 {
		return nil, nil
	}
	if err := journey.Keep(ctx, tx, p.ID, links); err != nil {
		return nil, err
	}
	groups := make([][]string, len(links))
	for i, l := range links {
		groups[i] = []string{l.A, l.B}
	}
	splits, err := journey.SplitsOf(ctx, tx, p.ID, p.agreed)
	if err != nil {
		return nil, err
	}
	r, _, err := people(ctx, tx, p.ID, p.turn, splits, groups)
	if err != nil {
		return nil, err
	}
	ids, err := affected(ctx, tx, keys, p, r.grown)
	if err != nil {
		return nil, err
	}
	near, err := besides(ctx, tx, p, r.before, r.moved)
	return distinct(append(ids, near...)), err
}

// salesAfter are the conversions of the visitors' persons in whose windows the touches lie.
func salesAfter(ctx context.Context, r db.Reader, prog string, met map[string][]time.Time) ([]string, error) {
	if len(met) == 0 {
		return nil, nil
	}
	people, err := journey.People(ctx, r, prog, sortedKeys(met))
	if err != nil {
		return nil, err
	}
	var all []string
	moments := map[string][]time.Time{} // by any key of the person
	earliest := time.Time{}
	for who, person := range people {
		for _, key := range person {
			all = append(all, key)
			moments[key] = append(moments[key], met[who]...)
		}
		for _, at := range met[who] {
			if earliest.IsZero() || at.Before(earliest) {
				earliest = at
			}
		}
	}
	sales, err := conversion.By(ctx, r, prog, slices.Compact(slices.Sorted(slices.Values(all))), earliest.Add(-skew))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, sale := range sales {
		if slices.ContainsFunc(moments[sale.Who], func(at time.Time) bool {
			return !at.After(sale.At.Add(skew)) && !at.Before(sale.At.Add(-contract.MaxWindowDays*24*time.Hour))
		}) {
			ids = append(ids, sale.ID)
		}
	}
	return ids, nil
}

// Identify keeps that two keys are one person, such as a visitor who signed in as a customer.
func Identify(ctx context.Context, tx *db.Tx, keys touch.Keys, prog, a, b string) error {
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return err
	}
	ids, err := join(ctx, tx, keys, p, []journey.Link{{A: a, B: b, At: tx.Now, Turn: p.turn}})
	if err != nil {
		return err
	}
	return again(ctx, tx, keys, p, ids, nil, nil)
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
