package audit

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/upload"
)

func anUpload(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	u, err := upload.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, u.Program)
	return within(p, u.Name, field{"file", u.Name}, field{"lines", strconv.FormatInt(u.Total, 10)}, field{"state", string(u.State)}), err
}

// aNumber is an assignment of a phone number; those of cards are facts that machines report.
func aNumber(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	a, err := offline.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, a.Program)
	if err != nil {
		return thing{}, err
	}
	whose, err := partner.Named(ctx, r, []string{a.Partnership})
	return within(p, a.Name, field{"number", a.Name}, field{"partner", whose[a.Partnership].Partner.Name}, field{"since", day(a.Since, p)}), err
}
