package commission

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Named are the commissions with the ids, those that exist, by id.
func Named(ctx context.Context, r db.Reader, ids []string) (map[string]Commission, error) {
	found := make(map[string]Commission, len(ids))
	err := db.Batches(ids, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanCommission, `/* commission.Named */ select `+commissionColumns+` from commission where id in `+args.In(ids), args.List()...)
		for _, c := range list {
			found[c.ID] = c
		}
		return err
	})
	return found, err
}

// ForOrder are commissions of the order with the shop's number, the newest first.
func ForOrder(ctx context.Context, r db.Reader, f Filter, order string) ([]Commission, error) {
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanCommission, `/* commission.ForOrder */ select `+commissionColumns+` from commission where `+where+`
		and exists (select 1 from conversion v where v.id = commission.conversion and v.order_id = `+args.Add(order)+`)
		order by id desc limit `+args.Add(f.Limit), args.List()...)
}

// Lock is when pending commissions become payable, and how much they come to.
type Lock struct {
	At     time.Time
	Amount int64 // minor units of the program's currency, of all that lock on the same day
}

// LocksNext is a partnership's nearest locking day, in the zone that is given; ok is false when nothing is pending.
func LocksNext(ctx context.Context, r db.Reader, partnership string, zone *time.Location) (l Lock, ok bool, err error) {
	first, err := db.One(ctx, r, db.Value[int64], `/* commission.LocksNext */ select matures from commission
		where partnership = $1 and state = 'pending' order by matures limit 1`, partnership)
	if errors.Is(err, db.ErrNone) {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	l.At = moment(first)
	year, month, day := l.At.In(zone).Date()
	next := time.Date(year, month, day+1, 0, 0, 0, 0, zone)
	l.Amount, err = db.One(ctx, r, db.Value[int64], `/* commission.LocksNext */ select cast(sum(amount) as bigint) from commission
		where partnership = $1 and state = 'pending' and matures < $2`, partnership, next.UnixMilli())
	return l, err == nil, err
}
