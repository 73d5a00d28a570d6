package ledger

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
)

// Balance is the state of one account.
type Balance struct {
	Account Account
	Amount  money.Amount
}

func scanEntry(row db.Row) (Entry, error) {
	var e Entry
	err := row.Scan(&e.ID, &e.Cause, &e.Seq, &e.Program, &e.Source, &e.Target, &e.Amount.Minor, &e.Amount.Currency, &e.At)
	return e, err
}

func scanBalance(row db.Row) (Balance, error) {
	var b Balance
	err := row.Scan(&b.Account, &b.Amount.Currency, &b.Amount.Minor)
	return b, err
}

// Balances are the accounts of a program, its own and those of its partnerships, by name.
func Balances(ctx context.Context, r db.Reader, program string) ([]Balance, error) {
	all, err := db.All(ctx, r, scanBalance, `/* ledger.Balances */
		select name, currency, balance from account
		where name = $1 or name in (
			select 'partner/' || p.id || '/' || p.program || '/' || s.stage from partnership p,
			(select 'pending' as stage union all select 'payable' union all select 'in_payout' union all select 'paid') s
			where p.program = $2)
		order by name`+db.CollateC(r)+`, currency`, string(Cost(program)), program)
	return all, err
}

// Of are the balances of the named accounts in one currency; an account that nothing was posted to is not in the map.
func Of(ctx context.Context, r db.Reader, currency money.Currency, accounts ...Account) (map[Account]int64, error) {
	found := map[Account]int64{}
	names := make([]string, len(accounts))
	for i, a := range accounts {
		names[i] = string(a)
	}
	err := db.Batches(names, 500, func(names []string) error {
		var args db.Args
		balances, err := db.All(ctx, r, scanBalance, `/* ledger.Of */
			select name, currency, balance from account where currency = `+args.Add(string(currency))+` and name in `+args.In(names), args.List()...)
		for _, b := range balances {
			found[b.Account] = b.Amount.Minor
		}
		return err
	})
	return found, err
}

// Because are the entries that one cause made, oldest first.
func Because(ctx context.Context, r db.Reader, cause string) ([]Entry, error) {
	return db.All(ctx, r, scanEntry, `/* ledger.Because */
		select `+entryColumns+` from entry where cause = $1 order by seq`, cause)
}

// Entries are a program's entries after the one with the id after, oldest first; account narrows them when it is not empty.
func Entries(ctx context.Context, r db.Reader, program string, account Account, after string, limit int) ([]Entry, error) {
	var args db.Args
	where := []string{"program = " + args.Add(program), "id > " + args.Add(after)}
	if account != "" {
		a := args.Add(string(account))
		where = append(where, "(source = "+a+" or target = "+a+")")
	}
	return db.All(ctx, r, scanEntry, `/* ledger.Entries */
		select `+entryColumns+` from entry where `+strings.Join(where, " and ")+` order by id limit `+args.Add(limit), args.List()...)
}
