package auth

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// SetLocale keeps the language in which a person wants to read.
func SetLocale(ctx context.Context, tx *db.Tx, person, locale string) error {
	n, err := db.Exec(ctx, tx, `/* auth.SetLocale */ update person set locale = $1 where id = $2`, locale, person)
	if err == nil && n == 0 {
		return problem.NotFound("person", person)
	}
	return err
}
