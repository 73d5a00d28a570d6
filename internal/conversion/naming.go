package conversion

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// Naming are the conversions of a program that carry any of the keys, also beside a stronger one. It looks at all of them.
func Naming(ctx context.Context, r db.Reader, program string, keys []string) ([]Conversion, error) {
	carried := map[string][]string{}
	for _, key := range keys {
		if kind, name, ok := strings.Cut(key, ":"); ok {
			carried[kind] = append(carried[kind], name)
		}
	}
	var args db.Args
	return db.All(ctx, r, scanConversion, `/* conversion.Naming */ select `+conversionColumns+` from conversion where program = `+args.Add(program)+`
		and (customer in `+args.In(carried["u"])+` or email in `+args.In(carried["e"])+` or visitor in `+args.In(carried["v"])+`
		or click in `+args.In(carried["c"])+`)`, args.List()...)
}

// Anchor has conversions belong to the person by the key that anchor chooses among theirs. It returns those that belonged to another,
// as they do now.
func Anchor(ctx context.Context, tx *db.Tx, list []Conversion, anchor func(keys []string) string) ([]Conversion, error) {
	var moved []Conversion
	for _, c := range list {
		if who := anchor(c.Keys()); who != c.Who {
			if err := db.Later(ctx, tx, `/* conversion.Anchor */ update conversion set who = $1 where id = $2`, who, c.ID); err != nil {
				return nil, err
			}
			c.Who = who
			moved = append(moved, c)
		}
	}
	return moved, nil
}

// WithCodes are the conversions of a program of which any report named one of the promo codes, alone or among several. Both are
// asked along an index of their own.
func WithCodes(ctx context.Context, r db.Reader, program string, codes []string) ([]Conversion, error) {
	var all []Conversion
	err := db.Batches(codes, 500, func(codes []string) error {
		var args db.Args
		prog, named := args.Add(program), args.In(codes)
		list, err := db.All(ctx, r, scanConversion, `/* conversion.WithCodes */ select `+conversionColumns+` from conversion
			where program = `+prog+` and code <> '' and code in `+named+`
			union select `+conversionColumns+` from conversion where id in (select conversion from conversion_code where program = `+prog+` and code in `+named+`)`,
			args.List()...)
		all = append(all, list...)
		return err
	})
	return all, err
}
