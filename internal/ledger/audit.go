package ledger

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/internal/db"
)

// Audit checks the books against themselves and returns every fault as a sentence: all balances of a currency sum to
// zero, and each balance is the sum of its account's entries.
func Audit(ctx context.Context, r db.Reader) ([]string, error) {
	return AuditOf(ctx, r, "")
}

// AuditOf is the same for the accounts that the entries of one program have moved; of all when it is empty.
func AuditOf(ctx context.Context, r db.Reader, program string) ([]string, error) {
	unequal, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var account, currency string
		var kept, summed int64
		err := row.Scan(&account, &currency, &kept, &summed)
		return fmt.Sprintf("account %s holds %d minor units of %s, but its entries sum to %d", account, kept, currency, summed), err
	}, `/* ledger.Audit */
		with moved as (
			select source as name, currency, -amount as amount from entry where $1 = '' or program = $1
			union all select target, currency, amount from entry where $1 = '' or program = $1
			union all select name, currency, 0 from account where $1 = ''),
		summed as (select name, currency, cast(sum(amount) as bigint) as amount from moved group by name, currency)
		select s.name, s.currency, coalesce(a.balance, 0), s.amount from summed s
		left join account a on a.name = s.name and a.currency = s.currency
		where coalesce(a.balance, 0) <> s.amount order by s.name`, program)
	if err != nil || program != "" {
		return unequal, err
	}
	unbalanced, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var currency string
		var sum int64
		err := row.Scan(&currency, &sum)
		return fmt.Sprintf("the balances in %s sum to %d minor units instead of zero", currency, sum), err
	}, `/* ledger.Audit */ select currency, cast(sum(balance) as bigint) from account group by currency having sum(balance) <> 0`)
	return append(unequal, unbalanced...), err
}
