package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

type myPayoutPage struct {
	cabinetPage
	Payout payout.Payout
	Lines  []payoutLine
}

// payoutLine is what one commission gave to a payout, or, below zero, what was netted off for it.
type payoutLine struct {
	Amount     money.Amount
	Commission commission.Commission
	Sale       conversion.Conversion
}

// myPayout is a payout as a statement: every commission that it paid.
func (s *site) myPayout(v *visit) (answer, error) {
	ctx, r := v.Context(), v.read()
	data := myPayoutPage{cabinetPage: v.cabinet(), Payout: v.payout}
	lines, err := payout.Lines(ctx, r, v.payout.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.Commission
	}
	commissions, err := commission.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	ids = ids[:0]
	for _, c := range commissions {
		ids = append(ids, c.Conversion)
	}
	sales, err := v.salesNamed(ids)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		c := commissions[l.Commission]
		data.Lines = append(data.Lines, payoutLine{money.Of(l.Amount, v.payout.Amount.Currency), c, sales[c.Conversion]})
	}
	return s.page("cabinet/payouts/statement", v.text("statement.title"), data), nil
}
