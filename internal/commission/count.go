package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Day is what came of the conversions of one day.
type Day struct {
	Date   time.Time // its midnight, in the zone that was asked for
	Count  int64
	Amount int64 // minor units of the program's currency
}

// Sold is each day's conversions of a program and what refunds have left of their amounts: every day from the one of from
// to the one before to.
func Sold(ctx context.Context, r db.Reader, prog string, from, to time.Time, zone *time.Location) ([]Day, error) {
	return daily(ctx, r, from, to, zone, `/* commission.Sold */
		select c.at / 900000, count(*), cast(sum(d.net) as bigint) from conversion c join derivation d on d.conversion = c.id
		where c.program = $1 and c.at >= $2 and c.at < $3 group by 1 order by 1`, prog, from.UnixMilli(), to.UnixMilli())
}

// Earned is each day's commissions that were not reversed, of one partnership or, when it is empty, of all, by the day of
// the conversion.
func Earned(ctx context.Context, r db.Reader, prog, partnership string, from, to time.Time, zone *time.Location) ([]Day, error) {
	return daily(ctx, r, from, to, zone, `/* commission.Earned */
		select at / 900000, count(*), cast(sum(amount) as bigint) from commission
		where program = $1 and at >= $2 and at < $3 and ($4 = '' or partnership = $4) and state <> 'reversed'
		group by 1 order by 1`, prog, from.UnixMilli(), to.UnixMilli(), partnership)
}

// daily gathers quarters of an hour into days, for every zone's midnight falls on one.
func daily(ctx context.Context, r db.Reader, from, to time.Time, zone *time.Location, query string, args ...any) ([]Day, error) {
	type part struct{ start, count, amount int64 }
	parts, err := db.All(ctx, r, func(row db.Row) (part, error) {
		var p part
		err := row.Scan(&p.start, &p.count, &p.amount)
		return p, err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	var days []Day
	year, month, first := from.In(zone).Date()
	for n := 0; ; n++ {
		day := Day{Date: time.Date(year, month, first+n, 0, 0, 0, 0, zone)}
		if !day.Date.Before(to) {
			return days, nil
		}
		end := time.Date(year, month, first+n+1, 0, 0, 0, 0, zone).UnixMilli()
		for len(parts) > 0 && parts[0].start*900_000 < end {
			day.Count += parts[0].count
			day.Amount += parts[0].amount
			parts = parts[1:]
		}
		days = append(days, day)
	}
}
