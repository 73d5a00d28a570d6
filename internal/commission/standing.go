package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Standing is a conversion that counts: one that was not given back whole. It is the same wherever conversions are counted: a
// partner's commission for an order that was given back whole is reversed, and what is reversed is not counted either.
type Standing struct {
	At     time.Time
	Order  bool   // it is a sale
	Net    int64  // minor units that refunds have left
	Person string // whose it is, by any name
	Earned bool   // somebody has a commission of it that was not reversed
}

// StandingBetween are the conversions of a program that count, from a moment to a moment, the latter excluded, by time.
func StandingBetween(ctx context.Context, r db.Reader, prog string, from, to time.Time) ([]Standing, error) {
	return db.All(ctx, r, func(row db.Row) (Standing, error) {
		var s Standing
		var at int64
		err := row.Scan(&at, &s.Order, &s.Net, &s.Person, &s.Earned)
		s.At = moment(at)
		return s, err
	}, `/* commission.StandingBetween */ select c.at, c.event = 'sale', d.net, coalesce(i.person, c.who),
			exists (select 1 from commission m where m.conversion = c.id and m.state <> 'reversed')
		from conversion c join derivation d on d.conversion = c.id left join identity i on i.key = c.who and i.program = c.program
		where c.program = $1 and c.at >= $2 and c.at < $3 and case when c.amount > 0 then d.net > 0 else not exists (
			select 1 from refund f where f.order_id = c.order_id and f.program = c.program and f.event = c.event and f.whole) end
		order by c.at, c.id`, prog, from.UnixMilli(), to.UnixMilli())
}

// FirstConversion is the moment of a program's first conversion; ok is false when there is none.
func FirstConversion(ctx context.Context, r db.Reader, prog string) (at time.Time, ok bool, err error) {
	ms, err := db.One(ctx, r, db.Value[int64], `/* commission.FirstConversion */ select coalesce(min(at), -1) from conversion where program = $1`, prog)
	return moment(ms), ms >= 0, err
}

// Earning is a commission that was not reversed.
type Earning struct {
	At          time.Time // of the conversion
	Partnership string
	Amount      int64 // minor units
}

// EarnedBetween are the commissions of a program that were not reversed, of conversions from a moment to a moment, by time.
func EarnedBetween(ctx context.Context, r db.Reader, prog string, from, to time.Time) ([]Earning, error) {
	return db.All(ctx, r, func(row db.Row) (Earning, error) {
		var e Earning
		var at int64
		err := row.Scan(&at, &e.Partnership, &e.Amount)
		e.At = moment(at)
		return e, err
	}, `/* commission.EarnedBetween */ select at, partnership, amount from commission
		where program = $1 and at >= $2 and at < $3 and state <> 'reversed' order by at`, prog, from.UnixMilli(), to.UnixMilli())
}

// LockingBefore is how many pending commissions of a program become final before a moment, and what they come to.
func LockingBefore(ctx context.Context, r db.Reader, prog string, before time.Time) (Sum, error) {
	return db.One(ctx, r, scanSum, `/* commission.LockingBefore */ select '', count(*), cast(coalesce(sum(amount), 0) as bigint) from commission
		where matured = 0 and matures < $1 and program = $2 and state = 'pending'`, before.UnixMilli(), prog)
}
