package demo

import (
	"bytes"
	"context"
	"encoding/csv"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/problem"
)

// payday is one batch on its way: the manager makes it, finance approves it, the files go out, and the next morning the
// payment services say what became of it.
type payday struct {
	batch   string // empty when nobody was due
	bounces bool   // its largest payment comes back, to be paid the next time
}

func (p *payday) gather(ctx context.Context, w *walk) error {
	err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		b, err := payout.Make(ctx, tx, w.program.ID, payout.Options{}, w.staff[auth.Manager])
		if p.batch = b.ID; err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.BatchMake, b.ID)
	})
	if problem.Code(err) == "nothing_due" {
		return nil
	}
	return err
}

func (p *payday) approve(ctx context.Context, w *walk) error {
	return p.step(ctx, w, func(tx *db.Tx) error {
		if _, err := payout.Approve(ctx, tx, p.batch, w.staff[auth.Finance]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Finance, audit.BatchApprove, p.batch)
	})
}

func (p *payday) send(ctx context.Context, w *walk) error {
	return p.step(ctx, w, func(tx *db.Tx) error {
		if _, err := payout.Send(ctx, tx, p.batch); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Finance, audit.BatchSend, p.batch)
	})
}

func (p *payday) settle(ctx context.Context, w *walk) error {
	return p.step(ctx, w, func(tx *db.Tx) error {
		file, err := p.results(ctx, tx)
		if err != nil {
			return err
		}
		results, err := payout.ReadResults(bytes.NewReader(file))
		if err != nil {
			return err
		}
		if _, err = payout.Settle(ctx, tx, p.batch, results, w.staff[auth.Finance]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Finance, audit.BatchSettle, p.batch)
	})
}

func (p *payday) step(ctx context.Context, w *walk, fn func(tx *db.Tx) error) error {
	if p.batch == "" {
		return nil
	}
	return w.a.DB.Write(ctx, fn)
}

// results is the file in which a payment service says what became of a batch.
func (p *payday) results(ctx context.Context, r db.Reader) ([]byte, error) {
	list, err := payout.In(ctx, r, p.batch)
	if err != nil {
		return nil, err
	}
	back := 0
	for i := range list {
		if list[i].Amount.Minor > list[back].Amount.Minor {
			back = i
		}
	}
	rows := [][]string{{"id", "status", "reason"}}
	for i, one := range list {
		row := []string{one.ID, "Completed", ""}
		if p.bounces && i == back {
			row = []string{one.ID, "Returned", "The recipient's account does not accept payments at this time."}
		}
		rows = append(rows, row)
	}
	var file bytes.Buffer
	err = csv.NewWriter(&file).WriteAll(rows)
	return file.Bytes(), err
}
