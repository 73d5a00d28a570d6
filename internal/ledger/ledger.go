// Package ledger is double entry: money only moves from one account to another. It never edits or deletes an entry; a
// mistake is followed by another one.
package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
)

// Account is the name of an account; the functions of this package are the only ones that make one.
type Account string

// Cost is what the program has granted its partners: its balance is minus the sum of theirs.
func Cost(program string) Account { return Account("program/" + program + "/cost") }

// Pending is earned by a partnership but can still change.
func Pending(program, partnership string) Account { return stage(program, partnership, "pending") }

// Payable is earned for good and waits for a payout. It may be negative: a debt that the next payout nets off.
func Payable(program, partnership string) Account { return stage(program, partnership, "payable") }

// InPayout is in a batch that has not been settled.
func InPayout(program, partnership string) Account { return stage(program, partnership, "in_payout") }

// Paid has left the house.
func Paid(program, partnership string) Account { return stage(program, partnership, "paid") }

func stage(program, partnership, name string) Account {
	return Account("partner/" + partnership + "/" + program + "/" + name)
}

// Entry moves Amount from Source to Target, because of Cause. It cannot be unbalanced: it has one amount.
type Entry struct {
	ID      string
	Cause   string // what made it: the id of a commission, a payout, an adjustment
	Seq     int64  // the cause's own count; (Cause, Seq) is posted once
	Program string
	Source  Account
	Target  Account
	Amount  money.Amount // positive
	At      int64        // milliseconds UTC
}

// Move is the entry for a change that may go either way: a negative amount goes back from target to source. A change of
// nothing is no entry: ok is false.
func Move(cause string, seq int64, program string, source, target Account, change money.Amount) (e Entry, ok bool) {
	if change.Minor < 0 {
		source, target, change.Minor = target, source, -change.Minor
	}
	return Entry{Cause: cause, Seq: seq, Program: program, Source: source, Target: target, Amount: change}, change.Minor != 0
}

const entryColumns = "id, cause, seq, program, source, target, amount, currency, at"

// Post writes entries and moves the balances of their accounts. An entry whose (cause, seq) has been posted before is left
// out: posting twice is posting once.
func Post(ctx context.Context, tx *db.Tx, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		if e.Amount.Minor <= 0 || e.Cause == "" || e.Source == e.Target {
			return fmt.Errorf("ledger: impossible entry %+v", e)
		}
		entries[i].ID, entries[i].At = id.New("ent", tx.Now), tx.Now.UnixMilli()
		rows[i] = []any{entries[i].ID, e.Cause, e.Seq, e.Program, string(e.Source), string(e.Target), e.Amount.Minor, string(e.Amount.Currency), entries[i].At}
	}
	posted, err := db.InsertReturning(ctx, tx, db.Value[string],
		`/* ledger.Post */ insert into entry (`+entryColumns+`)`, rows, `on conflict (cause, seq) do nothing returning id`)
	if err != nil {
		return fmt.Errorf("post: %w", err)
	}
	return moveBalances(ctx, tx, entries, posted)
}

type balanceKey struct {
	account  Account
	currency money.Currency
}

func moveBalances(ctx context.Context, tx *db.Tx, entries []Entry, posted []string) error {
	change := map[balanceKey]int64{}
	for _, e := range entries {
		if len(posted) != len(entries) && !slices.Contains(posted, e.ID) {
			continue // posted before
		}
		change[balanceKey{e.Source, e.Amount.Currency}] -= e.Amount.Minor
		change[balanceKey{e.Target, e.Amount.Currency}] += e.Amount.Minor
	}
	rows := make([][]any, 0, len(change))
	for key, n := range change {
		if n != 0 {
			rows = append(rows, []any{string(key.account), string(key.currency), n})
		}
	}
	// In one order everywhere, so that two transactions never wait for each other.
	slices.SortFunc(rows, func(a, b []any) int {
		return strings.Compare(a[0].(string)+"\x00"+a[1].(string), b[0].(string)+"\x00"+b[1].(string))
	})
	if len(rows) == 0 {
		return nil
	}
	return db.InsertLater(ctx, tx, `/* ledger.Post */ insert into account (name, currency, balance)`, rows,
		`on conflict (name, currency) do update set balance = account.balance + excluded.balance`)
}
