package journey

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// Bond is a report that keys are one person: a link has two of them, a conversion all that it carried.
type Bond struct {
	Keys  []string
	At    time.Time
	Turn  int64
	Order string // of a conversion
}

func scanLink(row db.Row) (Bond, error) {
	b := Bond{Keys: make([]string, 2)}
	var at int64
	err := row.Scan(&b.Keys[0], &b.Keys[1], &at, &b.Turn)
	b.At = time.UnixMilli(at).UTC()
	return b, err
}

// Bonds are the reports that name any of the keys, those of orders with several as well, and the conversions of whoever has them. Far asks for those as well that
// name a key only beside a stronger one; it looks at all of a program and is for what people do by hand.
func Bonds(ctx context.Context, r db.Reader, program string, keys []string, far bool) ([]Bond, error) {
	var all []Bond
	err := db.Batches(distinct(keys), 500, func(keys []string) error {
		var args db.Args
		where := `program = ` + args.Add(program) + ` and (a in ` + args.In(keys)
		if far {
			where += ` or b in ` + args.In(keys)
		}
		links, err := db.All(ctx, r, scanLink, `/* journey.Bonds */ select a, b, at, turn from identity_link where `+where+`)`, args.List()...)
		all = append(all, links...)
		return err
	})
	if err != nil {
		return nil, err
	}
	sales, err := conversion.By(ctx, r, program, distinct(keys), time.UnixMilli(0))
	if err == nil && far {
		var more []conversion.Conversion
		more, err = conversion.Naming(ctx, r, program, distinct(keys))
		sales = append(sales, more...)
	}
	if err != nil {
		return nil, err
	}
	reporting, err := conversion.Reporting(ctx, r, program, distinct(keys))
	if err != nil {
		return nil, err
	}
	sales = append(sales, reporting...)
	ids := make([]string, len(sales))
	for i, c := range sales {
		ids[i] = c.ID
	}
	reports, err := conversion.Reports(ctx, r, distinct(ids))
	seen := map[string]bool{}
	for _, c := range sales {
		if seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		for _, report := range reports[c.ID] { // it stands by them, but each ties no more than it says itself
			all = append(all, Bond{Keys: report.Said.Keys(), At: report.Said.At, Turn: report.Said.Turn, Order: c.Order})
		}
		if len(reports[c.ID]) == 0 {
			all = append(all, Bond{Keys: c.Keys(), At: c.At, Turn: c.Turn, Order: c.Order})
		}
	}
	slices.SortStableFunc(all, func(a, b Bond) int { return a.At.Compare(b.At) })
	return all, err
}

// Group makes persons anew of all keys of those persons who have any of the given ones, from nothing but the reports that name
// them. It returns the persons that have become others.
func Group(ctx context.Context, tx *db.Tx, program string, splits *Splits, keys []string, far bool) ([]Grown, error) {
	people, err := People(ctx, tx, program, keys)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, person := range people {
		all = append(all, person...)
	}
	all = distinct(all)
	var bonds []Bond
	for before := -1; len(all) != before; { // a bond that holds again can lead to somebody else
		before = len(all)
		if bonds, err = Bonds(ctx, tx, program, all, far); err != nil {
			return nil, err
		}
		var named []string
		for _, b := range bonds {
			for _, part := range splits.parts(b.Keys, always) {
				if len(part) > 1 && slices.ContainsFunc(part, func(key string) bool { _, ok := slices.BinarySearch(all, key); return ok }) {
					named = append(named, part...)
				}
			}
		}
		if named = distinct(append(named, all...)); len(named) == len(all) {
			break
		}
		if people, err = People(ctx, tx, program, named); err != nil {
			return nil, err
		}
		for _, person := range people {
			named = append(named, person...)
		}
		all = distinct(named)
	}
	return regroup(ctx, tx, program, splits, all, bonds)
}

// regroup writes the persons that the bonds make of the keys, those that are others than before.
func regroup(ctx context.Context, tx *db.Tx, program string, splits *Splits, all []string, bonds []Bond) ([]Grown, error) {
	var sets unions
	for _, b := range bonds {
		for _, part := range splits.parts(b.Keys, always) {
			for _, key := range part[1:] {
				sets.join(part[0], key)
			}
		}
	}
	was, err := peopleOf(ctx, tx, program, all)
	if err != nil {
		return nil, err
	}
	now, before := map[string][]string{}, map[string][]string{}
	for _, key := range all {
		root := sets.root(key)
		now[root] = append(now[root], key)
		if person, ok := was[key]; ok {
			before[person] = append(before[person], key)
		}
	}
	var grown []Grown
	var rows [][]any
	for _, person := range sortedKeys(now) {
		members := now[person]
		if slices.Equal(members, before[person]) || len(members) == 1 && before[members[0]] == nil && was[members[0]] == "" {
			continue
		}
		grown = append(grown, Grown{Attached: members, All: members})
		for _, key := range members {
			rows = append(rows, []any{program, key, person})
		}
	}
	return grown, db.InsertLater(ctx, tx, `/* journey.Group */ insert into identity (program, key, person)`, rows,
		`on conflict (key, program) do update set person = excluded.person`)
}

const always = 1<<63 - 1

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// The most that one key can name before it is taken to be of many people, such as the address of a shop's own till that stands
// on hundreds of orders.
const (
	peopleMost = 20  // other customers, addresses or browsers' owners
	keysMost   = 500 // keys of any kind
)

// Overused are the keys among those of a person that name more people than one has. A click is never among them, for it belongs
// to the orders that carry it; nor is a key of which somebody has said what it is.
func Overused(bonds []Bond, splits *Splits) []string {
	near := map[string]map[string]bool{}
	for _, b := range bonds {
		for _, key := range b.Keys {
			if !isName(key) {
				continue
			}
			if near[key] == nil {
				near[key] = map[string]bool{}
			}
			for _, other := range b.Keys {
				if other != key {
					near[key][other] = true
				}
			}
		}
	}
	var found []string
	for _, key := range sortedKeys(near) {
		people := 0
		for other := range near[key] {
			if isPerson(other) {
				people++
			}
		}
		if (people > peopleMost || len(near[key]) > keysMost) && !splits.spoken(key) {
			found = append(found, key)
		}
	}
	return found
}

// isPerson tells whether a key is a name of one person by itself: a customer or an address.
func isPerson(key string) bool {
	return len(key) > 1 && (key[0] == 'u' || key[0] == 'e') && key[1] == ':'
}

// isName tells whether a key can be found to be of many: all but clicks and nameless orders.
func isName(key string) bool { return isPerson(key) || len(key) > 1 && key[0] == 'v' && key[1] == ':' }

// Suspicious is the size from which a person is looked at for keys that are of many.
const Suspicious = peopleMost

// Ever are, by given key, all keys of whoever had it at any turn, as if nothing had been said against links. It looks at all of a
// program.
func Ever(ctx context.Context, r db.Reader, program string, keys []string) (map[string][]string, error) {
	all := distinct(keys)
	var bonds []Bond
	for before := -1; before != len(all); {
		before = len(all)
		var err error
		if bonds, err = Bonds(ctx, r, program, all, true); err != nil {
			return nil, err
		}
		for _, b := range bonds {
			all = append(all, b.Keys...)
		}
		all = distinct(all)
	}
	var sets unions
	for _, b := range bonds {
		for _, key := range b.Keys[1:] {
			sets.join(b.Keys[0], key)
		}
	}
	members := map[string][]string{}
	for _, key := range all {
		members[sets.root(key)] = append(members[sets.root(key)], key)
	}
	found := make(map[string][]string, len(keys))
	for _, key := range keys {
		found[key] = members[sets.root(key)]
	}
	return found, nil
}
