package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

type batchPage struct {
	consolePage
	Batch    payout.Batch
	State    string
	Payouts  []payout.Payout
	Amount   money.Amount // of what is not cancelled
	Count    int64
	Files    []payout.File
	Settled  string // 5 paid, 1 failed: in words, once all are settled and not all the same
	History  []happened
	Outcomes []payout.Outcome // of a result file that was just taken
	Fault    string           // what is wrong with the one that was not
}

// batch is the payouts that were made together, and what can be done with them now.
func (s *site) batch(v *visit) (answer, error) {
	data, err := v.readBatch()
	if err != nil {
		return nil, err
	}
	return s.page("console/payouts/batch", v.text("payouts.batch", "date", v.batch.Created.In(v.zone)), data), nil
}

func (v *visit) readBatch() (batchPage, error) {
	ctx, r := v.Context(), v.read()
	data := batchPage{consolePage: v.console(), Batch: v.batch, Amount: money.Of(0, v.batch.Currency)}
	var err error
	if data.Payouts, err = payout.In(ctx, r, v.batch.ID); err != nil {
		return data, err
	}
	totals, err := payout.Totals(ctx, r, []string{v.batch.ID})
	if err != nil {
		return data, err
	}
	data.State, data.Settled = batchState(totals[v.batch.ID]), v.settled(totals[v.batch.ID])
	for _, p := range data.Payouts {
		if p.State != payout.Cancelled {
			data.Amount.Minor += p.Amount.Minor
			data.Count++
		}
	}
	if data.Files, err = payout.Files(ctx, r, v.batch.ID); err != nil {
		return data, err
	}
	data.History, err = v.batchHistory(v.batch, data.Payouts, data.Files)
	return data, err
}

// nameOf is the name of a person or a token that did something; what was neither keeps the name it had.
func (v *visit) nameOf(author string) string {
	if t, err := auth.GetToken(v.Context(), v.read(), v.program.Brand, author); err == nil {
		return v.text("audit.token", "name", t.Name)
	}
	p, err := auth.Get(v.Context(), v.read(), author)
	if err != nil {
		return author
	}
	return p.Name
}

// approveBatch lets a batch be sent.
func (s *site) approveBatch(v *visit) (answer, error) {
	return s.withBatch(v, "batch_approved", func(ctx context.Context, tx *db.Tx) error {
		if _, err := payout.Approve(ctx, tx, v.batch.ID, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BatchApprove, v.batch.ID)
	})
}

// sendBatch makes the files for the payment services.
func (s *site) sendBatch(v *visit) (answer, error) {
	return s.withBatch(v, "batch_sent", func(ctx context.Context, tx *db.Tx) error {
		if _, err := payout.Send(ctx, tx, v.batch.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BatchSend, v.batch.ID)
	})
}

// cancelPayout takes a payout out of its batch.
func (s *site) cancelPayout(v *visit) (answer, error) {
	return s.withBatch(v, "payout_cancelled", func(ctx context.Context, tx *db.Tx) error {
		p, err := payout.Cancel(ctx, tx, v.payout.ID)
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BatchCancel, v.batch.ID, audit.Note("payee", p.Payee))
	})
}

func (s *site) withBatch(v *visit, notice string, do func(ctx context.Context, tx *db.Tx) error) (answer, error) {
	if err := v.write(do); err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/payouts/"+v.batch.ID, notice), nil
}

// batchFile is one of a batch's files, as it was made.
func (s *site) batchFile(v *visit) (answer, error) {
	files, err := payout.Files(v.Context(), v.read(), v.batch.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.Name == v.PathValue("file") {
			return download{name: f.Name, kind: "text/csv; charset=utf-8", body: f.Body}, nil
		}
	}
	return nil, errNotFound
}
