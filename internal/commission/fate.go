package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Fate is what became of a program's conversions of a stretch of time. Each number counts some of the conversions that the
// one before it counts.
type Fate struct {
	Reported int64
	Credited int64 // to at least one partner
	Kept     int64 // with a commission that was not reversed
	Final    int64 // with one that is past its lock
	Paid     int64 // with one that is paid
}

// FateOf follows the conversions from one moment to another.
func FateOf(ctx context.Context, r db.Reader, prog string, from, to time.Time) (Fate, error) {
	return db.One(ctx, r, func(row db.Row) (Fate, error) {
		var f Fate
		err := row.Scan(&f.Reported, &f.Credited, &f.Kept, &f.Final, &f.Paid)
		return f, err
	}, `/* commission.FateOf */ select (select count(*) from conversion where program = $1 and at >= $2 and at < $3),
		count(*), coalesce(cast(sum(kept) as bigint), 0), coalesce(cast(sum(final) as bigint), 0), coalesce(cast(sum(paid) as bigint), 0) from (
			select max(case when state <> 'reversed' then 1 else 0 end) as kept,
				max(case when state in ('payable', 'in_payout', 'paid') then 1 else 0 end) as final,
				max(case when state = 'paid' then 1 else 0 end) as paid
			from commission where program = $1 and at >= $2 and at < $3 group by conversion) as each_one`, prog, from.UnixMilli(), to.UnixMilli())
}
