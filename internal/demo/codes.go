package demo

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
)

// printCodes makes codes that count once, for the cards that a partner hands out.
func printCodes(ctx context.Context, w *walk) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := creative.CreateBatch(ctx, tx, creative.Batch{Program: w.program.ID, Partnership: w.known[tracked], Size: 40, Prefix: "HUETTE-", Label: "Cards for the evening in the workshop",
			Author: w.staff[auth.Manager]})
		if err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipBatch, b.Partnership)
	})
}
