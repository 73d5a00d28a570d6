package api

import (
	"context"
	"encoding/json"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/once"
	"github.com/tributary-hq/tributary/internal/problem"
)

// The bounds of a lane: how many requests share a transaction, and how many may wait.
const (
	perTransaction = 256
	waitingMost    = 4096
)

// lane does for conversions and refunds what write does for all else, for many requests in one transaction: N is what is
// reported, R what became of it.
type lane[N, R any] struct {
	*db.Lane[asked[N], done]
	do   func(ctx context.Context, tx *db.Tx, batch []N) ([]db.Result[R], error)
	tell func(ctx context.Context, r db.Reader, batch []R) ([]said, error)
}

// asked is a report and its request's idempotency key.
type asked[N any] struct {
	once once.Key
	what N
}

// said is an answer before it is written down.
type said struct {
	status int
	body   any
}

func newLane[N, R any](d *db.DB, do func(context.Context, *db.Tx, []N) ([]db.Result[R], error),
	tell func(context.Context, db.Reader, []R) ([]said, error)) *lane[N, R] {
	l := &lane[N, R]{do: do, tell: tell}
	l.Lane = db.NewLane(d, perTransaction, waitingMost, l.run)
	return l
}

// answer hands in one report.
func (l *lane[N, R]) answer(ctx context.Context, who caller, what N) (done, error) {
	d, err := l.Do(ctx, asked[N]{who.once, what})
	if problem.Code(err) == "idempotency_key_in_use" { // another node has answered: its answer is there now
		d, err = l.Do(ctx, asked[N]{who.once, what})
	}
	return d, err
}

// run answers a batch: first those that were answered before, then the rest at once. Of several requests in the batch with
// one key the first is answered and the others then find its answer.
func (l *lane[N, R]) run(ctx context.Context, tx *db.Tx, batch []asked[N]) ([]db.Result[done], error) {
	known, err := once.Find(ctx, tx, keysOf(batch)...)
	if err != nil {
		return nil, err
	}
	results := make([]db.Result[done], len(batch))
	var fresh, again []int
	seen := map[string]bool{} // by owner and name of the key
	for i, b := range batch {
		answer, answered := known[b.once]
		name := b.once.Owner + "\x00" + b.once.Name
		switch {
		case answered:
			results[i].Value, results[i].Err = replay(answer)
		case b.once.Name != "" && seen[name]:
			again = append(again, i)
		default:
			seen[name] = true
			fresh = append(fresh, i)
		}
	}
	if err := l.runFresh(ctx, tx, batch, fresh, results); err != nil || len(again) == 0 {
		return results, err
	}
	rest := make([]asked[N], len(again))
	for n, i := range again {
		rest[n] = batch[i]
	}
	found, err := l.run(ctx, tx, rest)
	for n, i := range again[:len(found)] {
		results[i] = found[n]
	}
	return results, err
}

func keysOf[N any](batch []asked[N]) []once.Key {
	var keys []once.Key
	for _, b := range batch {
		if b.once.Name != "" {
			keys = append(keys, b.once)
		}
	}
	return keys
}

func (l *lane[N, R]) runFresh(ctx context.Context, tx *db.Tx, batch []asked[N], fresh []int, results []db.Result[done]) error {
	if len(fresh) == 0 {
		return nil
	}
	reports := make([]N, len(fresh))
	for n, i := range fresh {
		reports[n] = batch[i].what
	}
	outcomes, err := l.do(ctx, tx, reports)
	if err != nil {
		return err
	}
	var good []int
	var became []R
	for n, i := range fresh {
		if results[i].Err = outcomes[n].Err; results[i].Err == nil {
			good, became = append(good, i), append(became, outcomes[n].Value)
		}
	}
	answers, err := l.tell(ctx, tx, became)
	if err != nil {
		return err
	}
	var given []once.Given
	for n, i := range good {
		body, err := json.Marshal(answers[n].body)
		if err != nil {
			return err
		}
		results[i].Value = done{status: answers[n].status, body: body}
		if batch[i].once.Name != "" {
			given = append(given, once.Given{Key: batch[i].once, Status: answers[n].status, Body: body})
		}
	}
	return once.Keep(ctx, tx, given...)
}
