package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/payout"
)

// makeBatch puts what is due into a batch of drafts.
func (s *site) makeBatch(v *visit) (answer, error) {
	var b payout.Batch
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if b, err = payout.Make(ctx, tx, v.program.ID, payout.Options{IgnoreCycle: v.PostFormValue("all") != ""}, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BatchMake, b.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/payouts/"+b.ID, "batch_made"), nil
}
