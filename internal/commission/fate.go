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
	type group struct{ reached, count int64 }
	scan := func(row db.Row) (group, error) {
		var g group
		err := row.Scan(&g.reached, &g.count)
		return g, err
	}
	args := []any{prog, from.UnixMilli(), to.UnixMilli()}
	all, err := db.One(ctx, r, scan, `/* commission.FateOf all */ select 0, count(*) from conversion where program = $1 and at >= $2 and at < $3`, args...)
	if err != nil {
		return Fate{}, err
	}
	f := Fate{Reported: all.count}
	groups, err := db.All(ctx, r, scan, `/* commission.FateOf */ select reached, count(*) from (
			select max(case state when 'paid' then 4 when 'in_payout' then 3 when 'payable' then 3 when 'pending' then 2 when 'held' then 2 else 1 end) as reached
			from commission where program = $1 and at >= $2 and at < $3 group by conversion) as furthest
		group by reached`, args...)
	for _, g := range groups {
		for at, n := range []*int64{&f.Credited, &f.Kept, &f.Final, &f.Paid} {
			if g.reached > int64(at) {
				*n += g.count
			}
		}
	}
	return f, err
}
