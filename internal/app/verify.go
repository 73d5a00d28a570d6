package app

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Proof is the outcome of a verification of everything.
type Proof struct {
	Programs    int
	Conversions int
	Commissions int
	Faults      []string
}

// Verify derives every commission of every program again from the facts, compares them with the books, and audits the books
// themselves and the payouts, all on one snapshot of the database. It writes nothing.
func Verify(ctx context.Context, d *db.DB, keys touch.Keys) (Proof, error) {
	var total Proof
	err := d.View(ctx, func(r db.Reader) error {
		faults, err := ledger.Audit(ctx, r)
		if err != nil {
			return err
		}
		total.Faults = faults
		programs, err := program.All(ctx, r, "")
		if err != nil {
			return err
		}
		for _, p := range programs {
			proof, err := commission.Verify(ctx, r, keys, p)
			if err != nil {
				return err
			}
			payouts, err := payout.Audit(ctx, r, p.ID)
			if err != nil {
				return err
			}
			total.Programs++
			total.Conversions += proof.Conversions
			total.Commissions += proof.Commissions
			total.Faults = append(append(total.Faults, proof.Faults...), payouts...)
		}
		return nil
	})
	return total, err
}
