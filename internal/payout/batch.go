package payout

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Make puts everything that is due into a new batch of drafts: payable → in payout. When nothing is due it is a problem,
// and no batch is made.
func Make(ctx context.Context, tx *db.Tx, prog string, o Options, author string) (Batch, error) {
	p, err := program.Get(ctx, tx, prog)
	if err != nil {
		return Batch{}, err
	}
	if _, err := program.Turn(ctx, tx, p.ID); err != nil { // two batches at once would pay twice
		return Batch{}, err
	}
	proposals, err := Propose(ctx, tx, p, tx.Now, o)
	if err != nil {
		return Batch{}, err
	}
	b := Batch{ID: id.New("bat", tx.Now), Program: p.ID, Currency: p.Currency, Created: tx.Now, Author: author}
	if _, err := db.Exec(ctx, tx, `/* payout.Make */ insert into payout_batch (`+batchColumns+`) values ($1, $2, $3, $4, $5, 0, '')`,
		b.ID, b.Program, string(b.Currency), b.Created.UnixMilli(), author); err != nil {
		return b, err
	}
	var entries []ledger.Entry
	var payouts, lines [][]any
	var events []event.New
	for _, proposal := range proposals {
		if proposal.Why != "" {
			continue
		}
		s := proposal.Partnership
		taken, err := commission.Take(ctx, tx, p.ID, s.ID)
		if err != nil {
			return b, err
		}
		payout := id.New("pay", tx.Now)
		var sum int64
		for _, l := range taken {
			sum += l.Amount
			lines = append(lines, []any{payout, l.Commission, l.Amount})
		}
		if sum != proposal.Amount.Minor {
			return b, fmt.Errorf("payout to %s: lines come to %d, %d are open", s.ID, sum, proposal.Amount.Minor)
		}
		payouts = append(payouts, []any{payout, b.ID, p.ID, s.ID, sum, string(p.Currency), string(Draft), s.Partner.Rail, s.Partner.PayTo,
			s.Partner.Name, "", tx.Now.UnixMilli(), int64(0), int64(0)})
		e, _ := ledger.Move(payout, 1, p.ID, ledger.Payable(p.ID, s.ID), ledger.InPayout(p.ID, s.ID), proposal.Amount)
		entries = append(entries, e)
		events = append(events, event.New{Kind: event.PayoutCreated, Brand: p.Brand, Program: p.ID, Subject: payout,
			Data: map[string]any{"batch": b.ID, "partnership": s.ID, "amount": proposal.Amount}})
	}
	if len(payouts) == 0 {
		return Batch{}, problem.Conflict("nothing_due", "nobody is due for a payout now")
	}
	if _, err := db.Insert(ctx, tx, `/* payout.Make */ insert into payout (`+payoutColumns+`)`, payouts, ""); err != nil {
		return b, err
	}
	if _, err := db.Insert(ctx, tx, `/* payout.Make */ insert into payout_line (payout, commission, amount)`, lines, ""); err != nil {
		return b, err
	}
	if err := ledger.Post(ctx, tx, entries...); err != nil {
		return b, err
	}
	return b, event.Append(ctx, tx, events...)
}

// Approve lets a batch's drafts be sent. Approving twice changes nothing.
func Approve(ctx context.Context, tx *db.Tx, batch, approver string) (Batch, error) {
	b, p, err := hold(ctx, tx, batch)
	if err != nil || !b.Approved.IsZero() {
		return b, err
	}
	drafts, err := inState(ctx, tx, batch, Draft)
	if err != nil {
		return b, err
	}
	if len(drafts) == 0 {
		return b, problem.Conflict("batch_empty", "nothing is left in this batch to approve")
	}
	b.Approved, b.Approver = tx.Now, approver
	if _, err := db.Exec(ctx, tx, `/* payout.Approve */ update payout_batch set approved = $1, approver = $2 where id = $3`,
		tx.Now.UnixMilli(), approver, batch); err != nil {
		return b, err
	}
	if _, err := db.Exec(ctx, tx, `/* payout.Approve */ update payout set state = 'approved' where batch = $1 and state = 'draft'`, batch); err != nil {
		return b, err
	}
	return b, tell(ctx, tx, p, event.PayoutApproved, drafts)
}

// Cancel takes a payout that has not been sent out of its batch: its money is payable again.
func Cancel(ctx context.Context, tx *db.Tx, payout string) (Payout, error) {
	known, err := Get(ctx, tx, payout)
	if err != nil {
		return known, err
	}
	if _, _, err := hold(ctx, tx, known.Batch); err != nil {
		return known, err
	}
	if known, err = Get(ctx, tx, payout); err != nil {
		return known, err
	}
	switch known.State {
	case Cancelled:
		return known, nil
	case Draft, Approved:
		return known, giveBack(ctx, tx, &known, Cancelled, "")
	}
	return known, problem.Conflict("payout_sent", "payout %s is %s and cannot be cancelled", payout, known.State)
}

// giveBack ends a payout that did not happen: in payout → payable. One that was paid and has come back goes paid → payable.
func giveBack(ctx context.Context, tx *db.Tx, p *Payout, to State, reason string) error {
	seq, from := int64(2), ledger.InPayout(p.Program, p.Partnership)
	if p.State == Paid {
		seq, from = 3, ledger.Paid(p.Program, p.Partnership)
	}
	p.State, p.Reason, p.Settled = to, reason, tx.Now
	if _, err := db.Exec(ctx, tx, `/* payout.giveBack */ update payout set state = $1, reason = $2, settled = $3 where id = $4`,
		string(to), reason, tx.Now.UnixMilli(), p.ID); err != nil {
		return err
	}
	if err := commission.Return(ctx, tx, p.ID); err != nil {
		return err
	}
	e, _ := ledger.Move(p.ID, seq, p.Program, from, ledger.Payable(p.Program, p.Partnership), p.Amount)
	return ledger.Post(ctx, tx, e)
}

// hold reads a batch and takes its program's turn, so that nobody else changes its payouts meanwhile.
func hold(ctx context.Context, tx *db.Tx, batch string) (Batch, program.Program, error) {
	b, err := GetBatch(ctx, tx, batch)
	if err != nil {
		return b, program.Program{}, err
	}
	if _, err := program.Turn(ctx, tx, b.Program); err != nil {
		return b, program.Program{}, err
	}
	if b, err = GetBatch(ctx, tx, batch); err != nil {
		return b, program.Program{}, err
	}
	p, err := program.Get(ctx, tx, b.Program)
	return b, p, err
}

func inState(ctx context.Context, r db.Reader, batch string, state State) ([]Payout, error) {
	return db.All(ctx, r, scanPayout, `/* payout.inState */ select `+payoutColumns+` from payout where batch = $1 and state = $2 order by id`, batch, string(state))
}

func tell(ctx context.Context, tx *db.Tx, p program.Program, kind event.Kind, payouts []Payout) error {
	events := make([]event.New, len(payouts))
	for i, payout := range payouts {
		events[i] = event.New{Kind: kind, Brand: p.Brand, Program: p.ID, Subject: payout.ID,
			Data: map[string]any{"batch": payout.Batch, "partnership": payout.Partnership, "amount": money.Amount(payout.Amount), "reason": payout.Reason}}
	}
	return event.Append(ctx, tx, events...)
}
