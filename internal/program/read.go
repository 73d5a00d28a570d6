package program

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Get is the program with the id.
func Get(ctx context.Context, r db.Reader, id string) (Program, error) {
	return one(ctx, r, id, `/* program.Get */ select `+programColumns+` from program where id = $1`)
}

// BySlug is the program with the short name. A twin has none.
func BySlug(ctx context.Context, r db.Reader, slug string) (Program, error) {
	return one(ctx, r, slug, `/* program.BySlug */ select `+programColumns+` from program where slug = $1`)
}

// Named is the program that a stranger's input names by id or by short name.
func Named(ctx context.Context, r db.Reader, name string) (Program, error) {
	return one(ctx, r, name, `/* program.Named */ select `+programColumns+` from program where id = $1 or slug = $1`)
}

func one(ctx context.Context, r db.Reader, name, query string) (Program, error) {
	p, err := db.One(ctx, r, scanProgram, query, name)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("program", name)
	}
	return p, err
}

// Several are the programs with the ids, those that exist, by id.
func Several(ctx context.Context, r db.Reader, ids []string) (map[string]Program, error) {
	var args db.Args
	list, err := db.All(ctx, r, scanProgram, `/* program.Several */ select `+programColumns+` from program where id in `+args.In(ids), args.List()...)
	found := make(map[string]Program, len(list))
	for _, p := range list {
		found[p.ID] = p
	}
	return found, err
}

// All are the programs of a brand, oldest first; with no brand, of every brand. Twins are not among them.
func All(ctx context.Context, r db.Reader, brand string) ([]Program, error) {
	return db.All(ctx, r, scanProgram, `/* program.All */
		select `+programColumns+` from program where (brand = $1 or $1 = '') and test_of = '' order by id`, brand)
}

// WithTwins are all programs and their twins, for those who look after what is kept.
func WithTwins(ctx context.Context, r db.Reader) ([]Program, error) {
	return db.All(ctx, r, scanProgram, `/* program.WithTwins */ select `+programColumns+` from program order by id`)
}

// ChangedSince are the programs written at the moment or later, for those who keep copies.
func ChangedSince(ctx context.Context, r db.Reader, at time.Time) ([]Program, error) {
	return db.All(ctx, r, scanProgram, `/* program.ChangedSince */
		select `+programColumns+` from program where changed >= $1`, at.UnixMilli())
}

func scanBrand(row db.Row) (Brand, error) {
	var b Brand
	var created int64
	err := row.Scan(&b.ID, &b.Slug, &b.Name, &created)
	b.Created = time.UnixMilli(created).UTC()
	return b, err
}

// GetBrand is the brand with the id.
func GetBrand(ctx context.Context, r db.Reader, id string) (Brand, error) {
	b, err := db.One(ctx, r, scanBrand, `/* program.GetBrand */ select id, slug, name, created from brand where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return b, problem.NotFound("brand", id)
	}
	return b, err
}

// Brands are all brands, oldest first.
func Brands(ctx context.Context, r db.Reader) ([]Brand, error) {
	return db.All(ctx, r, scanBrand, `/* program.Brands */ select id, slug, name, created from brand where id <> $1 order by id`, TestBrand)
}
