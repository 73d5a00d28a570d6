package audit

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/program"
)

func aDomain(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	d, err := domain.Find(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	prog, err := program.Get(ctx, r, d.Program)
	if err != nil {
		return thing{}, err
	}
	return within(prog, d.Name, field{"name", d.Name}, field{"removed", yes(!d.Removed.IsZero())}), nil
}
