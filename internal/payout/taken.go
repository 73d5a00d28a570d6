package payout

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
)

// Taken is a payout and what one commission is of it: below zero where too much had been paid before.
type Taken struct {
	Payout
	Part money.Amount
}

// Including are the payouts that a commission is in, the first one first; those that came to nothing are among them.
func Including(ctx context.Context, r db.Reader, commission string) ([]Taken, error) {
	lines, err := db.All(ctx, r, func(row db.Row) (t Taken, err error) { return t, row.Scan(&t.ID, &t.Part.Minor) },
		`/* payout.Including */ select payout, amount from payout_line where commission = $1 order by payout`, commission)
	for i := range lines {
		if err != nil {
			return nil, err
		}
		lines[i].Payout, err = Get(ctx, r, lines[i].ID)
		lines[i].Part.Currency = lines[i].Amount.Currency
	}
	return lines, err
}

// Movements are the entries of the books that the payout made, of which one commission's part alone.
func (t Taken) Movements(ctx context.Context, r db.Reader) ([]ledger.Entry, error) {
	entries, err := ledger.Because(ctx, r, t.ID)
	for i, e := range entries {
		entries[i], _ = ledger.Move(e.Cause, e.Seq, e.Program, e.Source, e.Target, t.Part)
		entries[i].ID, entries[i].At = e.ID, e.At
	}
	return entries, err
}
