package auth

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
)

// Names are the names of people, by their ids; who is no person, such as a token, is not among them.
func Names(ctx context.Context, r db.Reader, people []string) (map[string]string, error) {
	type named struct{ id, name string }
	names := map[string]string{}
	err := db.Batches(people, 500, func(people []string) error {
		var args db.Args
		list, err := db.All(ctx, r, func(row db.Row) (n named, err error) {
			err = row.Scan(&n.id, &n.name)
			return n, err
		}, `/* auth.Names */ select id, name from person where id in `+args.In(people), args.List()...)
		for _, n := range list {
			names[n.id] = n.name
		}
		return err
	})
	return names, err
}
