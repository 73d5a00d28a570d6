package web

import (
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

type payoutsPage struct {
	consolePage
	Proposals listing // those who are due first
	Due       money.Amount
	DueCount  int64
	Waiting   int64 // of them wait only for their cycle
	Open      money.Amount
	Batches   listing
}

type batchRow struct {
	payout.Batch
	State   string
	Settled string // as of batchPage
	Count   int64
	Amount  money.Amount
}

// payouts is what is open with whom and why it is due or not, and the batches so far.
func (s *site) payouts(v *visit) (answer, error) {
	zero := money.Of(0, v.program.Currency)
	data := payoutsPage{consolePage: v.console(), Due: zero, Open: zero}
	proposals, err := payout.Propose(v.Context(), v.read(), v.program, v.db.Now(), payout.Options{})
	if err != nil {
		return nil, err
	}
	for _, p := range proposals {
		data.Open.Minor += p.Amount.Minor
		switch p.Why {
		case "":
			data.Due.Minor += p.Amount.Minor
			data.DueCount++
		case payout.NotDue:
			data.Waiting++
		}
	}
	open, batches := v.proposalTable(), v.batchTable()
	switch {
	case open.isFile(v):
		return open.fileAll(v, proposals)
	case batches.isFile(v):
		return batches.file(v, v.batchRows, batchRow.id)
	}
	data.Proposals = open.all(v, proposals)
	if data.Batches, err = batches.page(v, v.batchRows, batchRow.id); err != nil {
		return nil, err
	}
	return s.page("console/payouts/list", v.text("nav.payouts"), data), nil
}

func (v *visit) batchRows(before string, limit int) ([]batchRow, error) {
	ctx, r := v.Context(), v.read()
	batches, err := payout.Batches(ctx, r, v.program.ID, before, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(batches))
	for i, b := range batches {
		ids[i] = b.ID
	}
	totals, err := payout.Totals(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]batchRow, len(batches))
	for i, b := range batches {
		rows[i] = batchRow{Batch: b, Amount: money.Of(0, b.Currency), State: batchState(totals[b.ID]), Settled: v.settled(totals[b.ID])}
		for _, t := range totals[b.ID] {
			if t.State != payout.Cancelled {
				rows[i].Count += t.Count
				rows[i].Amount.Minor += t.Amount
			}
		}
	}
	return rows, nil
}

// partlyPaid is the state of a batch of which everything is settled, and some came to nothing.
const partlyPaid = "partly_paid"

// batchState is the least advanced state of a batch's payouts: what is still to be done about it.
func batchState(totals []payout.Total) string {
	if countIn(totals, payout.Failed) > 0 && countIn(totals, payout.Paid) > 0 && countIn(totals, payout.Sent) == 0 {
		return partlyPaid
	}
	for _, state := range []payout.State{payout.Draft, payout.Approved, payout.Sent, payout.Failed, payout.Paid} {
		if countIn(totals, state) > 0 {
			return string(state)
		}
	}
	return string(payout.Cancelled)
}

func countIn(totals []payout.Total, state payout.State) (n int64) {
	for _, t := range totals {
		if t.State == state {
			n += t.Count
		}
	}
	return n
}

// settled is what became of a batch's payouts, in words, where it is not the same of all.
func (v *visit) settled(totals []payout.Total) string {
	paid, failed, sent := countIn(totals, payout.Paid), countIn(totals, payout.Failed), countIn(totals, payout.Sent)
	if paid+failed == 0 || failed == 0 && sent == 0 {
		return ""
	}
	return v.counted("batch.counts.", []count{{"paid", paid}, {"failed", failed}, {"open", sent}})
}
