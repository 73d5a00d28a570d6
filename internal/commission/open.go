package commission

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
)

// Owed is what a payout would move to one partnership now: all that is locked and has not been taken, less what was paid
// too much.
type Owed struct {
	Partnership string
	Amount      int64 // minor units of the program's currency; may be negative
}

// AllOwed is what is open with each partnership of a program, by partnership.
func AllOwed(ctx context.Context, r db.Reader, prog string) ([]Owed, error) {
	return db.All(ctx, r, func(row db.Row) (Owed, error) {
		var o Owed
		err := row.Scan(&o.Partnership, &o.Amount)
		return o, err
	}, `/* commission.AllOwed */ select partnership, cast(sum(amount - settled) as bigint) from commission
		where program = $1 and matured > 0 and amount <> settled group by partnership order by partnership`, prog)
}

// Line of a payout: the part of it that one commission gives or takes.
type PayoutLine struct {
	Commission string
	Amount     int64 // minor units
}

func scanPayoutLine(row db.Row) (PayoutLine, error) {
	var l PayoutLine
	err := row.Scan(&l.Commission, &l.Amount)
	return l, err
}

// Take puts all that is open with a partnership into a payout, and returns the lines.
func Take(ctx context.Context, tx *db.Tx, prog, partnership string) ([]PayoutLine, error) {
	lines, err := db.All(ctx, tx, scanPayoutLine, `/* commission.Take */ select id, amount - settled from commission
		where program = $1 and partnership = $2 and matured > 0 and amount <> settled order by id`, prog, partnership)
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(ctx, tx, `/* commission.Take */ update commission set settled = amount, updated = $1,
		state = case when amount = 0 then 'reversed' else 'in_payout' end
		where program = $2 and partnership = $3 and matured > 0 and amount <> settled`, tx.Now.UnixMilli(), prog, partnership)
	return lines, err
}

// Return takes the lines of a payout that did not happen back: they are open again.
func Return(ctx context.Context, tx *db.Tx, payout string) error {
	_, err := db.Exec(ctx, tx, `/* commission.Return */ update commission set
		settled = settled - (select l.amount from payout_line l where l.payout = $1 and l.commission = commission.id),
		state = case when amount = 0 then 'reversed' else 'payable' end, updated = $2
		where id in (select commission from payout_line where payout = $1)`, payout, tx.Now.UnixMilli())
	return err
}

// Settle marks the commissions of a payout that has reached its partner.
func Settle(ctx context.Context, tx *db.Tx, payout string) error {
	_, err := db.Exec(ctx, tx, `/* commission.Settle */ update commission set
		state = case when amount = 0 then 'reversed' when amount <> settled then 'payable' else 'paid' end, updated = $2
		where id in (select commission from payout_line where payout = $1)`, payout, tx.Now.UnixMilli())
	return err
}
