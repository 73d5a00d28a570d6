package app

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/task"
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
		programs, err := program.WithTwins(ctx, r)
		if err != nil {
			return err
		}
		for _, p := range programs {
			proof, err := verifyProgram(ctx, r, keys, p, func(int, int) {})
			if err != nil {
				return err
			}
			total.Faults = append(total.Faults, proof.Faults...)
			if p.TestOf != "" {
				continue // what is tried has to agree too, and counts nowhere
			}
			total.Programs++
			total.Conversions += proof.Conversions
			total.Commissions += proof.Commissions
		}
		return nil
	})
	return total, err
}

// verifyProgram derives the commissions of one program again, and audits its payouts.
func verifyProgram(ctx context.Context, r db.Reader, keys touch.Keys, p program.Program, tell func(done, all int)) (commission.Proof, error) {
	proof, err := commission.Verify(ctx, r, keys, p, tell)
	if err != nil {
		return proof, err
	}
	payouts, err := payout.Audit(ctx, r, p.ID)
	proof.Faults = append(proof.Faults, payouts...)
	return proof, err
}

// check is the work of the task "check": what Verify does, for one program.
func check(keys touch.Keys) task.Work {
	return func(ctx context.Context, d *db.DB, t task.Task, tell func(done, all int)) (any, error) {
		var proof commission.Proof
		err := d.View(ctx, func(r db.Reader) error {
			p, err := program.Get(ctx, r, t.Program)
			if err != nil {
				return err
			}
			if proof, err = verifyProgram(ctx, r, keys, p, tell); err != nil {
				return err
			}
			books, err := ledger.AuditOf(ctx, r, t.Program)
			proof.Faults = append(proof.Faults, books...)
			return err
		})
		return proof, err
	}
}
