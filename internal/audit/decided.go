package audit

import (
	"context"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
)

// decisions are the actions of what can be decided about a commission.
var decisions = map[commission.Kind]Action{commission.ToApprove: CommissionApprove, commission.ToHold: CommissionHold, commission.ToRelease: CommissionRelease,
	commission.ToReverse: CommissionReverse}

// Decided records a decision about commissions, with an entry for each. What was refused, and what was so before, is none.
func Decided(ctx context.Context, tx *db.Tx, by auth.Actor, n commission.NewDecision, results []db.Result[commission.Decided]) error {
	told := map[string]bool{}
	for _, r := range results {
		subject := r.Value.Commission.ID
		if r.Err != nil || r.Value.Already || told[subject] {
			continue
		}
		told[subject] = true
		if err := Record(ctx, tx, by, decisions[n.Kind], subject, Note("why", n.Reason), Note("reason", n.Note)); err != nil {
			return err
		}
	}
	return nil
}
