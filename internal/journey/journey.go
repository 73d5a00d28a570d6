// Package journey is which touches belong to the same person. A person is the set of keys (customer, e-mail, visitor,
// click) that facts have linked, however long the chain; it decides nothing about what a touch is worth.
package journey

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Link says that two keys are one person.
type Link struct {
	A, B string
	At   time.Time
	Turn int64
}

// Grown is a person that links have made larger: Attached are the keys that came to the largest part of it, All are the
// keys it has now.
type Grown struct {
	Attached []string
	All      []string
}

type keyRow struct{ key, person string }

func scanKey(row db.Row) (keyRow, error) {
	var k keyRow
	err := row.Scan(&k.key, &k.person)
	return k, err
}

// Keep stores links as facts; one that was stored before is left as it was.
func Keep(ctx context.Context, tx *db.Tx, program string, links []Link) error {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{program, min(l.A, l.B), max(l.A, l.B), l.At.UnixMilli(), l.Turn}
	}
	return db.InsertLater(ctx, tx, `/* journey.Keep */ insert into identity_link (program, a, b, at, turn)`, rows, `on conflict (a, b, program) do nothing`)
}

// Join makes one person of the keys of each group. A person goes by its smallest key, so that the order of the links
// does not show. Links against which something was said join nobody.
func Join(ctx context.Context, tx *db.Tx, program string, splits *Splits, reported [][]string) ([]Grown, error) {
	var keys []string
	var groups [][]string
	for _, keys := range reported {
		groups = append(groups, splits.parts(keys, always)...)
	}
	for _, g := range groups {
		if len(g) > 1 {
			keys = append(keys, g...)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	before, err := peopleOf(ctx, tx, program, keys)
	if err != nil {
		return nil, err
	}
	var sets unions
	for key, person := range before {
		sets.join(key, person)
	}
	for _, g := range groups {
		for _, key := range g[1:] {
			sets.join(g[0], key)
		}
	}
	return write(ctx, tx, program, keys, before, &sets)
}

// peopleOf are the persons of those keys that have one.
func peopleOf(ctx context.Context, r db.Reader, program string, keys []string) (map[string]string, error) {
	found := make(map[string]string, len(keys))
	err := db.Batches(distinct(keys), 500, func(keys []string) error {
		var args db.Args
		rows, err := db.All(ctx, r, scanKey, `/* journey.Join */ select key, person from identity
			where program = `+args.Add(program)+` and key in `+args.In(keys), args.List()...)
		for _, row := range rows {
			found[row.key] = row.person
		}
		return err
	})
	return found, err
}

// part is what was one person before the links: a person with all its keys, or a key that had none.
type part struct {
	person string // empty for a new key
	keys   []string
}

func write(ctx context.Context, tx *db.Tx, program string, keys []string, before map[string]string, sets *unions) ([]Grown, error) {
	parts := map[string][]part{} // by the name of the person they become
	seen := map[string]bool{}
	for _, key := range distinct(keys) {
		person, known := before[key]
		if known && seen[person] {
			continue
		}
		p := part{person: person, keys: []string{key}}
		if known {
			seen[person] = true
			p.keys = nil // read only if the person grows
		}
		name := sets.root(key)
		parts[name] = append(parts[name], p)
	}
	var grown []Grown
	var added [][]any
	for name, list := range parts {
		if len(list) == 1 && (list[0].person != "" || len(list[0].keys) == 1 && name == list[0].keys[0]) {
			continue // nothing new is known of this person
		}
		var g Grown
		largest := -1
		for i := range list {
			if list[i].person != "" {
				var err error
				if list[i].keys, err = keysOf(ctx, tx, program, list[i].person); err != nil {
					return nil, err
				}
			}
			if list[i].person != "" && (largest < 0 || len(list[i].keys) > len(list[largest].keys)) {
				largest = i
			}
		}
		for i, p := range list {
			g.All = append(g.All, p.keys...)
			if i != largest {
				g.Attached = append(g.Attached, p.keys...)
			}
			switch {
			case p.person == "":
				added = append(added, []any{program, p.keys[0], name})
			case p.person != name:
				if err := db.Later(ctx, tx, `/* journey.Join */ update identity set person = $1 where program = $2 and person = $3`, name, program, p.person); err != nil {
					return nil, err
				}
			}
		}
		slices.Sort(g.All)
		slices.Sort(g.Attached)
		grown = append(grown, g)
	}
	slices.SortFunc(added, func(a, b []any) int { return compare(a[1].(string), b[1].(string)) })
	return grown, db.InsertLater(ctx, tx, `/* journey.Join */ insert into identity (program, key, person)`, added, "")
}

func keysOf(ctx context.Context, r db.Reader, program, person string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `/* journey.Join */ select key from identity where program = $1 and person = $2`, program, person)
}

// People are all keys of the persons who have one of the given keys, by given key. A key that was never linked is a person
// of its own.
func People(ctx context.Context, r db.Reader, program string, keys []string) (map[string][]string, error) {
	found := make(map[string][]string, len(keys))
	keys = distinct(keys)
	persons, err := peopleOf(ctx, r, program, keys)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(persons))
	for _, person := range persons {
		names = append(names, person)
	}
	// Two queries, not a join: a planner without statistics begins at the wrong end of it.
	all := map[string][]string{}
	err = db.Batches(distinct(names), 500, func(names []string) error {
		var args db.Args
		rows, err := db.All(ctx, r, scanKey, `/* journey.People */ select key, person from identity
			where program = `+args.Add(program)+` and person in `+args.In(names)+` order by key`, args.List()...)
		for _, row := range rows {
			all[row.person] = append(all[row.person], row.key)
		}
		return err
	})
	for key, person := range persons {
		found[key] = all[person]
	}
	for _, key := range keys {
		if found[key] == nil {
			found[key] = []string{key}
		}
	}
	return found, err
}

// Window is a person, by any of its keys, and the time to look at.
type Window struct {
	Key      string
	From, To time.Time
}

// Path is what is known of a person in a window: all keys, and the touches in the order of time.
type Path struct {
	Keys    []string
	Touches []touch.Touch
}

// Paths are the paths of persons in their windows. grown are persons that Join has just told of, and need not be asked for.
func Paths(ctx context.Context, r db.Reader, program string, windows []Window, grown []Grown) ([]Path, error) {
	paths := make([]Path, len(windows))
	if len(windows) == 0 {
		return paths, nil
	}
	known := map[string][]string{}
	for _, g := range grown {
		for _, key := range g.All {
			known[key] = g.All
		}
	}
	var names []string
	from, to := windows[0].From, windows[0].To
	for _, w := range windows {
		if known[w.Key] == nil {
			names = append(names, w.Key)
		}
		if w.From.Before(from) {
			from = w.From
		}
		if w.To.After(to) {
			to = w.To
		}
	}
	people, err := People(ctx, r, program, names)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, w := range windows {
		if of := known[w.Key]; of != nil {
			people[w.Key] = of
		}
		keys = append(keys, people[w.Key]...)
	}
	touches, err := touch.Of(ctx, r, program, distinct(keys), from, to)
	if err != nil {
		return nil, err
	}
	byKey := map[string][]touch.Touch{}
	for _, t := range touches {
		byKey[t.Who] = append(byKey[t.Who], t)
	}
	for i, w := range windows {
		p := &paths[i]
		p.Keys = people[w.Key]
		for _, key := range p.Keys {
			for _, t := range byKey[key] {
				if !t.At.Before(w.From) && !t.At.After(w.To) {
					p.Touches = append(p.Touches, t)
				}
			}
		}
		Sort(p.Touches)
	}
	return paths, nil
}

// Sort puts touches into the order of time; a promo code comes after a click of the same moment, then ids decide.
func Sort(touches []touch.Touch) {
	slices.SortFunc(touches, func(a, b touch.Touch) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if a.Kind != b.Kind && (a.Kind == touch.Code || b.Kind == touch.Code) {
			if a.Kind == touch.Code {
				return 1
			}
			return -1
		}
		return compare(a.ID, b.ID)
	})
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func distinct(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

// unions are disjoint sets of keys, each named by its smallest.
type unions struct{ parent map[string]string }

func (u *unions) root(key string) string {
	for {
		next, ok := u.parent[key]
		if !ok {
			return key
		}
		if far, ok := u.parent[next]; ok {
			u.parent[key] = far // shorter next time
		}
		key = next
	}
}

func (u *unions) join(a, b string) {
	a, b = u.root(a), u.root(b)
	if u.parent == nil {
		u.parent = map[string]string{}
	}
	if a != b {
		u.parent[max(a, b)] = min(a, b)
	}
}
