package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// EarnedByEach is each day's commissions that were not reversed, of every partnership of a program that has any, by the day
// of the conversion: every day from the one of from to the one before to.
func EarnedByEach(ctx context.Context, r db.Reader, prog string, from, to time.Time, zone *time.Location) (map[string][]Day, error) {
	type quarter struct {
		partnership          string
		start, count, amount int64
	}
	quarters, err := db.All(ctx, r, func(row db.Row) (quarter, error) {
		var q quarter
		err := row.Scan(&q.partnership, &q.start, &q.count, &q.amount)
		return q, err
	}, `/* commission.EarnedByEach */
		select partnership, at / 900000, count(*), cast(sum(amount) as bigint) from commission
		where program = $1 and at >= $2 and at < $3 and state <> 'reversed' group by 1, 2`, prog, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	var blank []Day
	index := map[time.Time]int{}
	year, month, first := from.In(zone).Date()
	for n := 0; ; n++ {
		date := time.Date(year, month, first+n, 0, 0, 0, 0, zone)
		if !date.Before(to) {
			break
		}
		index[date] = n
		blank = append(blank, Day{Date: date})
	}
	each := map[string][]Day{}
	for _, q := range quarters {
		if each[q.partnership] == nil {
			each[q.partnership] = append([]Day(nil), blank...)
		}
		year, month, date := time.UnixMilli(q.start * 900_000).In(zone).Date()
		day := &each[q.partnership][index[time.Date(year, month, date, 0, 0, 0, 0, zone)]]
		day.Count += q.count
		day.Amount += q.amount
	}
	return each, nil
}
