package payout

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
)

// Failure is the payouts of a batch that failed and have not been made again.
type Failure struct {
	Batch  string
	Count  int64
	Amount int64 // minor units of the program's currency
}

// Failures are a program's payouts that failed and after which their partners had no other, by batch, the newest first.
func Failures(ctx context.Context, r db.Reader, prog string) ([]Failure, error) {
	return db.All(ctx, r, func(row db.Row) (Failure, error) {
		var f Failure
		err := row.Scan(&f.Batch, &f.Count, &f.Amount)
		return f, err
	}, `/* payout.Failures */ select p.batch, count(*), cast(sum(p.amount) as bigint) from payout p
		where p.program = $1 and p.state = 'failed' and not exists (select 1 from payout q where q.partnership = p.partnership and q.id > p.id)
		group by p.batch order by p.batch desc`, prog)
}
