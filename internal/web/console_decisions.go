package web

import (
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
	return map[string]string{"applications": "partners", "due": "coin", "approve": "check", "send": "send", "unpayable": "info"}[d.Name]
}

// decisions are what waits today, and how much of it.
func (v *visit) decisions() ([]decision, error) {
	ctx, r, base := v.Context(), v.read(), consoleBase(v.program)
	counts, err := partner.ByStatus(ctx, r, v.program.ID)
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
	var waiting []decision
	for _, d := range append(list, unpayable) {
		if d.Count > 0 {
			waiting = append(waiting, d)
		}
	}
	return waiting, nil
}
