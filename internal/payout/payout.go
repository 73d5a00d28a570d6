// Package payout is how what is owed leaves the house: batches that are approved, sent as files to a payment service, and
// settled by its results. It never changes what is owed.
package payout

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// State is where a payout stands.
type State string

// The states. From the first three a payout can still be cancelled or fail; its money is then payable again.
const (
	Draft     State = "draft"
	Approved  State = "approved"
	Sent      State = "sent"
	Paid      State = "paid"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Batch is payouts that were made together.
type Batch struct {
	ID       string
	Program  string
	Currency money.Currency
	Created  time.Time
	Author   string
	Approved time.Time // zero before
	Approver string
}

// Payout is a payment to one partnership.
type Payout struct {
	ID          string
	Batch       string
	Program     string
	Partnership string
	Amount      money.Amount
	State       State
	Rail        string
	PayTo       string
	Payee       string
	Reason      string // why it failed
	Created     time.Time
	Sent        time.Time
	Settled     time.Time
}

// Proposal is what a batch would do about one partnership.
type Proposal struct {
	Partnership partner.Partnership
	Amount      money.Amount
	Why         string // empty: it is paid; else why not
}

// Why a partnership is not paid.
const (
	InDebt         = "in_debt"         // more was paid than is owed
	BelowThreshold = "below_threshold" // the contract pays from a larger sum
	NotDue         = "not_due"         // the contract's cycle has had its payout
	NoMethod       = "no_method"       // the partner has not said how to be paid
)

// Options say how a batch is made.
type Options struct {
	IgnoreCycle bool // pay also those who had a payout in this week or month
}

// Propose says what a batch made now would pay, and whom it would not and why.
func Propose(ctx context.Context, r db.Reader, p program.Program, now time.Time, o Options) ([]Proposal, error) {
	owed, err := commission.AllOwed(ctx, r, p.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(owed))
	for i, o := range owed {
		ids[i] = o.Partnership
	}
	partnerships, err := partner.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	versions, err := contract.Versions(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	last, err := lastMade(ctx, r, p.ID)
	if err != nil {
		return nil, err
	}
	list := make([]Proposal, len(owed))
	for i, due := range owed {
		s := partnerships[due.Partnership]
		version, _ := contract.InForce(versions[s.ID], now, program.Always)
		list[i] = Proposal{Partnership: s, Amount: money.Of(due.Amount, p.Currency), Why: decide(due.Amount, s.Partner, version.Terms, last[s.ID], now, p.Zone(), o)}
	}
	return list, nil
}

// decide is why a partnership is not paid, or "" when it is.
func decide(amount int64, p partner.Partner, t contract.Terms, last, now time.Time, zone *time.Location, o Options) string {
	switch {
	case amount <= 0:
		return InDebt
	case amount < t.Threshold:
		return BelowThreshold
	case !o.IgnoreCycle && !t.Cycle.Due(last, now, zone):
		return NotDue
	case p.Rail == "":
		return NoMethod
	}
	return ""
}

const (
	batchColumns  = "id, program, currency, created, author, approved, approver"
	payoutColumns = "id, batch, program, partnership, amount, currency, state, rail, pay_to, payee, reason, created, sent, settled"
)

func scanBatch(row db.Row) (Batch, error) {
	var b Batch
	var created, approved int64
	err := row.Scan(&b.ID, &b.Program, &b.Currency, &created, &b.Author, &approved, &b.Approver)
	b.Created, b.Approved = moment(created), moment(approved)
	return b, err
}

func scanPayout(row db.Row) (Payout, error) {
	var p Payout
	var created, sent, settled int64
	err := row.Scan(&p.ID, &p.Batch, &p.Program, &p.Partnership, &p.Amount.Minor, &p.Amount.Currency, &p.State, &p.Rail, &p.PayTo, &p.Payee,
		&p.Reason, &created, &sent, &settled)
	p.Created, p.Sent, p.Settled = moment(created), moment(sent), moment(settled)
	return p, err
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// GetBatch is the batch with the id.
func GetBatch(ctx context.Context, r db.Reader, id string) (Batch, error) {
	b, err := db.One(ctx, r, scanBatch, `/* payout.GetBatch */ select `+batchColumns+` from payout_batch where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return b, problem.NotFound("batch", id)
	}
	return b, err
}

// Batches are those of a program before an id, the newest first.
func Batches(ctx context.Context, r db.Reader, prog, before string, limit int) ([]Batch, error) {
	return db.All(ctx, r, scanBatch, `/* payout.Batches */ select `+batchColumns+` from payout_batch
		where program = $1 and (id < $2 or $2 = '') order by id desc limit $3`, prog, before, limit)
}

// In are the payouts of a batch, by id.
func In(ctx context.Context, r db.Reader, batch string) ([]Payout, error) {
	return db.All(ctx, r, scanPayout, `/* payout.In */ select `+payoutColumns+` from payout where batch = $1 order by id`, batch)
}

// Get is the payout with the id.
func Get(ctx context.Context, r db.Reader, id string) (Payout, error) {
	p, err := db.One(ctx, r, scanPayout, `/* payout.Get */ select `+payoutColumns+` from payout where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("payout", id)
	}
	return p, err
}

// Named are the payouts with the ids, those that exist, by id.
func Named(ctx context.Context, r db.Reader, ids []string) (map[string]Payout, error) {
	found := make(map[string]Payout, len(ids))
	err := db.Batches(ids, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanPayout, `/* payout.Named */ select `+payoutColumns+` from payout where id in `+args.In(ids), args.List()...)
		for _, p := range list {
			found[p.ID] = p
		}
		return err
	})
	return found, err
}

// Filter narrows a list of payouts. Empty fields do not.
type Filter struct {
	Program     string
	Partnership string
	State       State
	Before      string // the id after which the page begins; newest first
	Limit       int
}

// List are payouts, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Payout, error) {
	var args db.Args
	where := []string{"1 = 1"}
	for _, c := range []struct{ column, value string }{{"program", f.Program}, {"partnership", f.Partnership}, {"state", string(f.State)}} {
		if c.value != "" {
			where = append(where, c.column+" = "+args.Add(c.value))
		}
	}
	if f.Before != "" {
		where = append(where, "id < "+args.Add(f.Before))
	}
	return db.All(ctx, r, scanPayout, `/* payout.List */ select `+payoutColumns+` from payout where `+strings.Join(where, " and ")+
		` order by id desc limit `+args.Add(f.Limit), args.List()...)
}

// Lines are the commissions that make up a payout.
func Lines(ctx context.Context, r db.Reader, payout string) ([]commission.PayoutLine, error) {
	return db.All(ctx, r, func(row db.Row) (commission.PayoutLine, error) {
		var l commission.PayoutLine
		err := row.Scan(&l.Commission, &l.Amount)
		return l, err
	}, `/* payout.Lines */ select commission, amount from payout_line where payout = $1 order by commission`, payout)
}

// lastMade is when each partnership of a program was last put into a payout that did not come to nothing.
func lastMade(ctx context.Context, r db.Reader, prog string) (map[string]time.Time, error) {
	type made struct {
		partnership string
		at          int64
	}
	rows, err := db.All(ctx, r, func(row db.Row) (made, error) {
		var m made
		err := row.Scan(&m.partnership, &m.at)
		return m, err
	}, `/* payout.lastMade */ select partnership, max(created) from payout
		where program = $1 and state not in ('failed', 'cancelled') group by partnership`, prog)
	last := make(map[string]time.Time, len(rows))
	for _, m := range rows {
		last[m.partnership] = moment(m.at)
	}
	return last, err
}
