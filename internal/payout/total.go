package payout

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
)

// Total is what a batch's payouts in one state come to.
type Total struct {
	Batch  string
	State  State
	Count  int64
	Amount int64 // minor units of the batch's currency
}

// Totals are those of batches, by batch.
func Totals(ctx context.Context, r db.Reader, batches []string) (map[string][]Total, error) {
	found := map[string][]Total{}
	err := db.Batches(batches, 500, func(batches []string) error {
		var args db.Args
		list, err := db.All(ctx, r, func(row db.Row) (Total, error) {
			var t Total
			err := row.Scan(&t.Batch, &t.State, &t.Count, &t.Amount)
			return t, err
		}, `/* payout.Totals */ select batch, state, count(*), cast(sum(amount) as bigint) from payout
			where batch in `+args.In(batches)+` group by batch, state order by batch, state`, args.List()...)
		for _, t := range list {
			found[t.Batch] = append(found[t.Batch], t)
		}
		return err
	})
	return found, err
}
