package mail

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
)

// paid tells a partner that their money has left, once the payment service has confirmed it: a file that was only made may
// never have been handed in.
func (p *Post) paid(ctx context.Context, tx *db.Tx, e event.Event) error {
	return p.aboutPayout(ctx, tx, e, PayoutPaid, nil)
}

// unpaid tells a partner that their money did not arrive, why, and what to do about it.
func (p *Post) unpaid(ctx context.Context, tx *db.Tx, e event.Event) error {
	return p.aboutPayout(ctx, tx, e, PayoutFailed, func(pay payout.Payout, d *Data) { d.Quote, d.Link = pay.Reason, d.Link+"/profile" })
}

// aboutPayout writes about a payout, with the way to its statement unless fill leads elsewhere.
func (p *Post) aboutPayout(ctx context.Context, tx *db.Tx, e event.Event, kind Kind, fill func(pay payout.Payout, d *Data)) error {
	pay, err := payout.Get(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	s, err := partner.GetPartnership(ctx, tx, pay.Partnership)
	if err != nil {
		return err
	}
	return p.toPartner(ctx, tx, e, kind, pay.ID, s, func(l *lang.Language, prog program.Program, d *Data) {
		d.Words = []any{"amount", pay.Amount, "rail", l.Text("rails." + pay.Rail), "account", pay.PayTo, "date", e.At.In(prog.Zone())}
		if fill != nil {
			fill(pay, d)
		} else {
			d.Link += "/payouts/" + pay.ID
		}
	})
}

// agreed tells a partner that new terms were agreed, and since when. The first ones come with the answer to the application.
func (p *Post) agreed(ctx context.Context, tx *db.Tx, e event.Event) error {
	v, err := contract.Get(ctx, tx, e.Subject)
	if err != nil || v.Version == 1 {
		return err
	}
	s, err := partner.GetPartnership(ctx, tx, v.Partnership)
	if err != nil {
		return err
	}
	return p.toPartner(ctx, tx, e, NewTerms, v.ID, s, func(_ *lang.Language, prog program.Program, d *Data) {
		d.Words = []any{"version", v.Version, "date", v.Since.In(prog.Zone())}
		d.Link += "/contract"
	})
}

// takenBack tells a partner that a commission which had reached them is taken back, why, and that the next payout nets it off.
func (p *Post) takenBack(ctx context.Context, tx *db.Tx, e event.Event) error {
	c, err := commission.Get(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	taken, err := payout.Including(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	had := money.Of(0, c.Amount.Currency)
	for _, t := range taken {
		if t.State == payout.Paid {
			had.Minor += t.Part.Minor
		}
	}
	if had.Minor <= 0 {
		return nil
	}
	s, err := partner.GetPartnership(ctx, tx, c.Partnership)
	if err != nil {
		return err
	}
	return p.toPartner(ctx, tx, e, TakenBack, e.ID, s, func(l *lang.Language, prog program.Program, d *Data) {
		d.Words = []any{"amount", had, "date", c.At.In(prog.Zone())}
		if c.Reason != "" {
			d.Quote = l.Text("reasons." + c.Reason)
		}
		d.Link += "/earnings/" + c.ID
	})
}
