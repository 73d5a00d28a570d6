package payout

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/payout/csv"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// File is what a payment service takes.
type File struct {
	Batch   string
	Name    string
	Rail    string
	Body    []byte
	Created time.Time
}

// rail is a payment service that takes files.
type rail struct {
	name  string
	most  int // payments a file
	write func([]csv.Payment) ([]byte, error)
}

var rails = []rail{
	{"paypal", csv.PayPalMost, csv.PayPal},
	{"wise", csv.WiseMost, csv.Wise},
}

// Send writes the files of an approved batch and marks its payouts sent. Sending again returns the same files, byte by byte,
// for a payment service must never be handed two different ones.
func Send(ctx context.Context, tx *db.Tx, batch string) ([]File, error) {
	b, p, err := hold(ctx, tx, batch)
	if err != nil {
		return nil, err
	}
	if b.Approved.IsZero() {
		return nil, problem.Conflict("batch_not_approved", "a batch must be approved before it is sent")
	}
	ready, err := inState(ctx, tx, batch, Approved)
	if err != nil {
		return nil, err
	}
	if len(ready) > 0 {
		if err := writeFiles(ctx, tx, b, p, ready); err != nil {
			return nil, err
		}
		if _, err := db.Exec(ctx, tx, `/* payout.Send */ update payout set state = 'sent', sent = $1 where batch = $2 and state = 'approved'`,
			tx.Now.UnixMilli(), batch); err != nil {
			return nil, err
		}
		if err := tell(ctx, tx, p, event.PayoutSent, ready); err != nil {
			return nil, err
		}
	}
	return Files(ctx, tx, batch)
}

func writeFiles(ctx context.Context, tx *db.Tx, b Batch, p program.Program, payouts []Payout) error {
	for _, rail := range rails {
		var payments []csv.Payment
		for _, payout := range payouts {
			if payout.Rail == rail.name {
				payments = append(payments, csv.Payment{ID: payout.ID, Payee: payout.Payee, Email: payout.PayTo, Amount: payout.Amount, Note: p.Name})
			}
		}
		part := 0
		err := db.Batches(payments, rail.most, func(payments []csv.Payment) error {
			body, err := rail.write(payments)
			if err != nil {
				return err
			}
			part++
			name := fmt.Sprintf("%s-%s-%s-%d.csv", p.Slug, b.Created.In(p.Zone()).Format(time.DateOnly), rail.name, part)
			_, err = db.Exec(ctx, tx, `/* payout.Send */ insert into payout_file (batch, name, rail, body, created) values ($1, $2, $3, $4, $5)`,
				b.ID, name, rail.name, body, tx.Now.UnixMilli())
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Files are those that a batch was sent by.
func Files(ctx context.Context, r db.Reader, batch string) ([]File, error) {
	return db.All(ctx, r, func(row db.Row) (File, error) {
		var f File
		var created int64
		err := row.Scan(&f.Batch, &f.Name, &f.Rail, &f.Body, &created)
		f.Created = moment(created)
		return f, err
	}, `/* payout.Files */ select batch, name, rail, body, created from payout_file where batch = $1 order by name`, batch)
}

// Outcome is what a line of a result file did.
type Outcome struct {
	csv.Result
	Payout Payout // as it is afterwards; zero when there is none
	Did    string // paid, failed, already, pending, or why nothing was done: unknown, not_sent, contradicts, unreadable
}

// Settle takes the results of a payment service: what was paid is settled, what failed is payable again, and each line says
// what it did. The same file again does nothing.
func Settle(ctx context.Context, tx *db.Tx, batch string, results []csv.Result, author string) ([]Outcome, error) {
	_, p, err := hold(ctx, tx, batch)
	if err != nil {
		return nil, err
	}
	payouts, err := In(ctx, tx, batch)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*Payout, len(payouts))
	for i := range payouts {
		byID[payouts[i].ID] = &payouts[i]
	}
	outcomes := make([]Outcome, len(results))
	var paid, failed []Payout
	read := Reading{Author: author}
	for i, r := range results {
		o := Outcome{Result: r}
		payout := byID[r.ID]
		if o.Did = verdict(r, payout); o.Did == "paid" || o.Did == "failed" {
			switch {
			case r.Status == csv.Paid:
				read.Paid++
			case payout.State == Paid:
				read.Returned++
			default:
				read.Failed++
			}
			if err := settleOne(ctx, tx, payout, r); err != nil {
				return nil, err
			}
			if r.Status == csv.Paid {
				paid = append(paid, *payout)
			} else {
				failed = append(failed, *payout)
			}
		} else {
			read.Rest++
		}
		if payout != nil {
			o.Payout = *payout
		}
		outcomes[i] = o
	}
	if err := keepReading(ctx, tx, batch, read); err != nil {
		return nil, err
	}
	if err := tell(ctx, tx, p, event.PayoutPaid, paid); err != nil {
		return nil, err
	}
	return outcomes, tell(ctx, tx, p, event.PayoutFailed, failed)
}

// verdict is what a result does to its payout.
func verdict(r csv.Result, p *Payout) string {
	switch {
	case r.Fault != "":
		return "unreadable"
	case p == nil:
		return "unknown"
	case r.Status == csv.Waiting:
		return "pending"
	case p.State == State(r.Status):
		return "already"
	case p.State == Paid && r.Status == csv.Failed:
		return "failed" // it was paid, and has come back
	case p.State == Paid || p.State == Failed || p.State == Cancelled:
		return "contradicts"
	case p.State != Sent:
		return "not_sent"
	}
	return string(r.Status)
}

func settleOne(ctx context.Context, tx *db.Tx, p *Payout, r csv.Result) error {
	if r.Status == csv.Failed {
		return giveBack(ctx, tx, p, Failed, r.Reason)
	}
	p.State, p.Settled = Paid, tx.Now
	if _, err := db.Exec(ctx, tx, `/* payout.Settle */ update payout set state = 'paid', settled = $1 where id = $2`, tx.Now.UnixMilli(), p.ID); err != nil {
		return err
	}
	if err := commission.Settle(ctx, tx, p.ID); err != nil {
		return err
	}
	e, _ := ledger.Move(p.ID, 2, p.Program, ledger.InPayout(p.Program, p.Partnership), ledger.Paid(p.Program, p.Partnership), p.Amount)
	return ledger.Post(ctx, tx, e)
}

// ReadResults reads a payment service's result file, as csv.ReadResults does.
func ReadResults(file io.Reader) ([]csv.Result, error) {
	results, err := csv.ReadResults(file)
	if err != nil {
		return nil, problem.Invalid("file", "the result file cannot be read: %v", err)
	}
	return results, nil
}
