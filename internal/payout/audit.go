package payout

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/internal/db"
)

// Audit compares a program's payouts with their lines and with the accounts, and returns every difference as a sentence.
func Audit(ctx context.Context, r db.Reader, prog string) ([]string, error) {
	lines, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var id string
		var amount, sum int64
		err := row.Scan(&id, &amount, &sum)
		return fmt.Sprintf("payout %s is %d minor units, its lines come to %d", id, amount, sum), err
	}, `/* payout.Audit */ select p.id, p.amount, cast(coalesce(sum(l.amount), 0) as bigint) from payout p left join payout_line l on l.payout = p.id
		where p.program = $1 group by p.id, p.amount having p.amount <> coalesce(sum(l.amount), 0) order by p.id`, prog)
	if err != nil {
		return nil, err
	}
	accounts, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var name string
		var balance, sum int64
		err := row.Scan(&name, &balance, &sum)
		return fmt.Sprintf("account %s holds %d minor units, its payouts come to %d", name, balance, sum), err
	}, `/* payout.Audit */
		with expected as (
			select 'partner/' || partnership || '/' || program || '/in_payout' as name, currency,
				cast(sum(case when state in ('draft', 'approved', 'sent') then amount else 0 end) as bigint) as amount
			from payout where program = $1 group by partnership, program, currency
			union all
			select 'partner/' || partnership || '/' || program || '/paid', currency,
				cast(sum(case when state = 'paid' then amount else 0 end) as bigint)
			from payout where program = $1 group by partnership, program, currency)
		select e.name, coalesce(a.balance, 0), e.amount from expected e left join account a on a.name = e.name and a.currency = e.currency
		where coalesce(a.balance, 0) <> e.amount order by e.name`, prog)
	return append(lines, accounts...), err
}
