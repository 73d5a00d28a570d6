package audit

import (
	"context"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// aDirect is a site of a partner's from which visitors are recognised.
func aDirect(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	d, err := creative.GetDomain(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, d.Program)
	return within(p, d.Host, field{"direct_host", d.Host}, field{"direct_state", string(d.State)}, field{"reason", d.Reason}), err
}
