package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
)

// decision is something that waits for somebody of the brand.
type decision struct {
	Name    string // a message below "decisions"
	Count   int64
	Amount  money.Amount
	Address string
}

// Icon is the one of the decision.
func (d decision) Icon() string {
	return map[string]string{"applications": "partners", "due": "coin", "approve": "check", "send": "send", "unpayable": "info", "failed": "undo", "locking": "clock"}[d.Name]
}

// lockingSoon is how long before commissions become final the brand is reminded to look at them.
const lockingSoon = 7 * 24 * time.Hour

// decisions are what waits today, and how much of it.
func (v *visit) decisions() ([]decision, error) {
	ctx, r, base := v.Context(), v.read(), consoleBase(v.program)
	counts, err := v.statuses()
	if err != nil {
		return nil, err
	}
	proposals, err := payout.Propose(ctx, r, v.program, v.db.Now(), payout.Options{})
	if err != nil {
		return nil, err
	}
	batches, err := v.batchRows("", 20)
	if err != nil {
		return nil, err
	}
	zero := money.Of(0, v.program.Currency)
	applications := decision{"applications", counts[partner.Applied], zero, base + "/applications"}
	due := decision{"due", 0, zero, base + "/payouts"}
	unpayable := decision{"unpayable", 0, zero, base + "/payouts"}
	for _, p := range proposals {
		switch p.Why {
		case "":
			due.Count, due.Amount.Minor = due.Count+1, due.Amount.Minor+p.Amount.Minor
		case payout.NoMethod:
			unpayable.Count, unpayable.Amount.Minor = unpayable.Count+1, unpayable.Amount.Minor+p.Amount.Minor
		}
	}
	list := []decision{applications, due}
	for _, b := range batches {
		switch b.State {
		case "draft":
			list = append(list, decision{"approve", b.Count, b.Amount, base + "/payouts/" + b.Batch.ID})
		case "approved":
			list = append(list, decision{"send", b.Count, b.Amount, base + "/payouts/" + b.Batch.ID})
		}
	}
	failed, err := payout.Failures(ctx, r, v.program.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range failed {
		list = append(list, decision{"failed", b.Count, money.Of(b.Amount, v.program.Currency), base + "/payouts/" + b.Batch})
	}
	locking, err := commission.LockingBefore(ctx, r, v.program.ID, v.db.Now().Add(lockingSoon))
	if err != nil {
		return nil, err
	}
	list = append(list, decision{"locking", locking.Count, money.Of(locking.Amount, v.program.Currency), base + "/conversions?state=" + lockingState})
	var waiting []decision
	for _, d := range append(list, unpayable) {
		if d.Count > 0 {
			waiting = append(waiting, d)
		}
	}
	return waiting, nil
}
