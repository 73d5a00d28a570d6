package journey

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// Facts are all that is known of a program's persons, from which they can be found again as they were known at any turn.
type Facts struct {
	bonds  []Bond // in the order of turns
	splits *Splits
	naming map[string][]int // bonds by key; only where something was split
}

// Links reads what is known of a program's persons: the links that were reported, those that conversions are by carrying
// several keys, and what was said against them.
func Links(ctx context.Context, r db.Reader, program string) (Facts, error) {
	var f Facts
	var err error
	if f.splits, err = readSplits(ctx, r, program); err != nil {
		return f, err
	}
	if f.bonds, err = db.All(ctx, r, scanLink, `/* journey.Links */ select a, b, at, turn from identity_link where program = $1`, program); err != nil {
		return f, err
	}
	conversions, err := db.All(ctx, r, func(row db.Row) (conversion.Conversion, error) {
		var c conversion.Conversion
		err := row.Scan(&c.ID, &c.Turn, &c.Click, &c.Visitor, &c.Customer, &c.Email)
		return c, err
	}, `/* journey.Links */ select id, turn, click, visitor, customer, email from conversion c
			where program = $1 and not exists (select 1 from order_report o where o.conversion = c.id)
		union all select conversion, turn, click, visitor, customer, email from order_report where program = $1`, program)
	for _, c := range conversions {
		if keys := c.Keys(); len(keys) > 1 {
			f.bonds = append(f.bonds, Bond{Keys: keys, Turn: c.Turn})
		}
	}
	slices.SortFunc(f.bonds, func(a, b Bond) int { return int(a.Turn - b.Turn) })
	if len(f.splits.list) > 0 {
		f.naming = map[string][]int{}
		for i, b := range f.bonds {
			for _, key := range b.Keys {
				f.naming[key] = append(f.naming[key], i)
			}
		}
	}
	return f, err
}

// Splits are those among the facts.
func (f *Facts) Splits() *Splits { return f.splits }

// Persons are the persons as they were known at a turn.
type Persons struct {
	facts *Facts
	next  int // bond
	said  int // splits so far
	sets  unions
	keys  map[string][]string
}

// Persons begins at turn 0, when nothing was known.
func (f *Facts) Persons() *Persons { return &Persons{facts: f, keys: map[string][]string{}} }

// At moves on to a turn, which must not be earlier than the last one.
func (p *Persons) At(turn int64) {
	for ; p.next < len(p.facts.bonds) && p.facts.bonds[p.next].Turn <= turn; p.next++ {
		p.tie(p.facts.bonds[p.next], turn)
	}
	list := p.facts.splits.list
	for ; p.said < len(list) && list[p.said].Turn <= turn; p.said++ {
		p.part(append(slices.Clone(list[p.said].A), list[p.said].B...), turn)
	}
}

func (p *Persons) tie(bond Bond, turn int64) {
	for _, part := range p.facts.splits.parts(bond.Keys, turn) {
		for _, key := range part[1:] {
			p.join(part[0], key)
		}
	}
}

func (p *Persons) join(x, y string) {
	a, b := p.sets.root(x), p.sets.root(y)
	if a == b {
		return
	}
	keysA, keysB := p.Keys(a), p.Keys(b)
	p.sets.join(a, b)
	delete(p.keys, max(a, b))
	p.keys[min(a, b)] = append(keysA, keysB...)
}

// part takes the persons apart who have any of the keys, and puts together again what still holds.
func (p *Persons) part(named []string, turn int64) {
	var all []string
	for _, key := range named {
		all = append(all, p.Keys(key)...)
	}
	all = distinct(append(all, named...))
	for _, key := range all {
		delete(p.keys, p.sets.root(key))
	}
	for _, key := range all {
		delete(p.sets.parent, key)
	}
	var bonds []int
	for _, key := range all {
		bonds = append(bonds, p.facts.naming[key]...)
	}
	slices.Sort(bonds)
	for _, i := range slices.Compact(bonds) {
		if i < p.next {
			p.tie(p.facts.bonds[i], turn)
		}
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
	for _, b := range f.bonds {
		for _, part := range f.splits.parts(b.Keys, always) {
			for _, key := range part {
				if len(part) > 1 && !kept[key] {
					kept[key] = true
					faults = append(faults, "key "+key+" is linked by a fact, but belongs to nobody")
				}
			}
		}
	}
	return faults, nil
}
