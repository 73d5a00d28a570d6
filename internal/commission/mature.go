package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/program"
)

// Mature locks the commissions whose day has come, and makes them payable; those of tests stay as they are. With the
// first of a conversion's commissions all its shares become final. It works in transactions of at most 500 commissions and returns how many it locked.
func Mature(ctx context.Context, d *db.DB) (int, error) {
	var total int
	for {
		var n int
		err := d.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = matureSome(ctx, tx)
			return err
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

func matureSome(ctx context.Context, tx *db.Tx) (int, error) {
	prog, err := db.All(ctx, tx, db.Value[string], `/* commission.Mature */ select program from commission
		where matured = 0 and matures <= $1 and program not like 'tst_%' order by matures limit 1`, tx.Now.UnixMilli())
	if err != nil || len(prog) == 0 {
		return 0, err
	}
	p, err := program.Get(ctx, tx, prog[0])
	if err != nil {
		return 0, err
	}
	turns, err := program.Turn(ctx, tx, p.ID)
	if err != nil {
		return 0, err
	}
	due, err := db.All(ctx, tx, scanCommission, `/* commission.Mature */ select `+commissionColumns+` from commission
		where program = $1 and matured = 0 and matures <= $2 order by matures, id limit 500`, p.ID, tx.Now.UnixMilli())
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return len(due), lock(ctx, tx, atTurn{Program: p, turn: turns[p.ID]}, due)
}

// lock makes commissions of a program payable, and the shares of their conversions final.
func lock(ctx context.Context, tx *db.Tx, p atTurn, due []Commission) error {
	conversions := make([]string, len(due))
	rows := make([][]any, len(due))
	var entries []ledger.Entry
	var events []event.New
	for i, c := range due {
		conversions[i] = c.Conversion
		c.Matured, c.Updated = tx.Now, tx.Now
		c.State = c.stateOf()
		if c.Amount.Minor != 0 {
			c.Seq++
			e, _ := ledger.Move(c.ID, c.Seq, p.ID, ledger.Pending(p.ID, c.Partnership), ledger.Payable(p.ID, c.Partnership), c.Amount)
			entries = append(entries, e)
			events = append(events, event.New{Kind: event.CommissionLocked, Brand: p.Brand, Program: p.ID, Subject: c.ID,
				Data: map[string]any{"conversion": c.Conversion, "partnership": c.Partnership, "amount": c.Amount}})
		}
		rows[i] = c.row()
	}
	var args db.Args
	if err := db.Later(ctx, tx, `/* commission.lock */ update derivation set locked = `+args.Add(p.turn)+`
		where locked = 0 and conversion in `+args.In(conversions), args.List()...); err != nil {
		return err
	}
	if err := db.InsertLater(ctx, tx, `/* commission.lock */ insert into commission (`+commissionColumns+`)`, rows,
		`on conflict (conversion, partnership) do update set matured = excluded.matured, state = excluded.state, seq = excluded.seq,
		updated = excluded.updated`); err != nil {
		return err
	}
	if err := ledger.Post(ctx, tx, entries...); err != nil {
		return err
	}
	return event.Append(ctx, tx, events...)
}

// NextLock is the earliest day on which a commission of the program will be locked; zero when none is pending.
func NextLock(ctx context.Context, r db.Reader, prog string) (time.Time, error) {
	ms, err := db.One(ctx, r, db.Value[int64], `/* commission.NextLock */ select coalesce(min(matures), 0) from commission
		where program = $1 and matured = 0 and state = 'pending' and matures < $2`, prog, Awaits.UnixMilli())
	if err != nil || ms == 0 {
		return time.Time{}, err
	}
	return moment(ms), nil
}
