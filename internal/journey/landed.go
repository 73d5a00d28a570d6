package journey

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Landed are the visitors who landed by clicks, by click's key; a click that nobody landed by is not among them.
func Landed(ctx context.Context, r db.Reader, program string, clicks []string) (map[string]string, error) {
	found := map[string]string{}
	err := db.Batches(distinct(clicks), 500, func(clicks []string) error {
		var args db.Args
		links, err := db.All(ctx, r, scanLink, `/* journey.Landed */ select a, b, at, turn from identity_link
			where program = `+args.Add(program)+` and a in `+args.In(clicks), args.List()...)
		for _, l := range links {
			if strings.HasPrefix(l.Keys[1], touch.WhoVisitor("")) { // a click's key sorts before a visitor's
				found[l.Keys[0]] = l.Keys[1]
			}
		}
		return err
	})
	return found, err
}

// Sizes are how many keys the persons have who have one of the given keys, by given key. A key that was never linked is not
// among them.
func Sizes(ctx context.Context, r db.Reader, program string, keys []string) (map[string]int, error) {
	sizes := map[string]int{}
	persons, err := peopleOf(ctx, r, program, keys)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(persons))
	for _, person := range persons {
		names = append(names, person)
	}
	counted := map[string]int{}
	err = db.Batches(distinct(names), 500, func(names []string) error {
		var args db.Args
		type size struct {
			person string
			n      int
		}
		list, err := db.All(ctx, r, func(row db.Row) (size, error) {
			var s size
			err := row.Scan(&s.person, &s.n)
			return s, err
		}, `/* journey.Sizes */ select person, count(*) from identity where program = `+args.Add(program)+` and person in `+args.In(names)+`
			group by person`, args.List()...)
		for _, s := range list {
			counted[s.person] = s.n
		}
		return err
	})
	for key, person := range persons {
		sizes[key] = counted[person]
	}
	return sizes, err
}
