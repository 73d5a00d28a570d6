package journey

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

type edge struct {
	a, b string
	turn int64
}

func scanEdge(row db.Row) (edge, error) {
	var e edge
	err := row.Scan(&e.a, &e.b, &e.turn)
	return e, err
}

// Facts are all the links of a program, from which its persons can be found again as they were known at any turn.
type Facts struct{ edges []edge }

// Links reads what is known of a program's persons: the links that were reported, and those that conversions are by
// carrying several keys.
func Links(ctx context.Context, r db.Reader, program string) (Facts, error) {
	edges, err := db.All(ctx, r, scanEdge, `/* journey.Links */ select a, b, turn from identity_link where program = $1`, program)
	if err != nil {
		return Facts{}, err
	}
	conversions, err := db.All(ctx, r, func(row db.Row) (conversion.Conversion, error) {
		var c conversion.Conversion
		err := row.Scan(&c.ID, &c.Turn, &c.Click, &c.Visitor, &c.Customer, &c.Email)
		return c, err
	}, `/* journey.Links */ select id, turn, click, visitor, customer, email from conversion c
			where program = $1 and not exists (select 1 from order_report o where o.conversion = c.id)
		union all select conversion, turn, click, visitor, customer, email from order_report where program = $1`, program)
	for _, c := range conversions {
		keys := c.Keys()
		for _, key := range keys[1:] {
			edges = append(edges, edge{keys[0], key, c.Turn})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return int(a.turn - b.turn) })
	return Facts{edges}, err
}

// Persons are the persons as they were known at a turn.
type Persons struct {
	facts *Facts
	next  int
	sets  unions
	keys  map[string][]string
}

// Persons begins at turn 0, when nothing was known.
func (f *Facts) Persons() *Persons { return &Persons{facts: f, keys: map[string][]string{}} }

// At moves on to a turn, which must not be earlier than the last one.
func (p *Persons) At(turn int64) {
	for ; p.next < len(p.facts.edges) && p.facts.edges[p.next].turn <= turn; p.next++ {
		e := p.facts.edges[p.next]
		a, b := p.sets.root(e.a), p.sets.root(e.b)
		if a == b {
			continue
		}
		keysA, keysB := p.Keys(a), p.Keys(b)
		p.sets.join(a, b)
		delete(p.keys, max(a, b))
		p.keys[min(a, b)] = append(keysA, keysB...)
	}
}

// Keys are all keys of the person who has the key.
func (p *Persons) Keys(key string) []string {
	root := p.sets.root(key)
	if keys := p.keys[root]; keys != nil {
		return keys
	}
	return []string{root}
}

// Faults compares the persons that the database keeps with those of its facts, as of now.
func Faults(ctx context.Context, r db.Reader, program string, f Facts) ([]string, error) {
	persons := f.Persons()
	persons.At(1<<63 - 1)
	rows, err := db.All(ctx, r, scanKey, `/* journey.Faults */ select key, person from identity where program = $1`, program)
	if err != nil {
		return nil, err
	}
	var faults []string
	kept := map[string]bool{}
	for _, row := range rows {
		kept[row.key] = true
		if person := persons.sets.root(row.key); person != row.person {
			faults = append(faults, "key "+row.key+" is kept as person "+row.person+", the facts make it "+person)
		}
	}
	for _, e := range f.edges {
		for _, key := range []string{e.a, e.b} {
			if !kept[key] {
				kept[key] = true
				faults = append(faults, "key "+key+" is linked by a fact, but belongs to nobody")
			}
		}
	}
	return faults, nil
}
