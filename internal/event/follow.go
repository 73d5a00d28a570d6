package event

import (
	"context"
	"errors"
	"fmt"

	"github.com/tributary-hq/tributary/internal/db"
)

// Follow hands the watcher called name at most most events that it has not had yet, oldest first, and returns how many. The
// watcher's place moves in fn's transaction: what fn writes there is written exactly once, on any number of nodes. When fn
// fails, the same events come again. A new watcher begins with the first event of all.
func Follow(ctx context.Context, d *db.DB, name string, most int, fn func(ctx context.Context, tx *db.Tx, batch []Event) error) (int, error) {
	_, err := db.One(ctx, d.Read(), db.Value[int64], `/* event.Follow */
		select seq from event where seq > coalesce((select seq from event_cursor where name = $1), 0) limit 1`, name)
	if errors.Is(err, db.ErrNone) {
		return 0, nil // nothing new: no need to make anyone wait for a writer
	}
	if err != nil {
		return 0, fmt.Errorf("follow events as %s: %w", name, err)
	}
	count := 0
	err = d.Write(ctx, func(tx *db.Tx) error {
		seq, err := hold(ctx, tx, name)
		if err != nil {
			return err
		}
		batch, err := List(ctx, tx, Filter{After: seq, Limit: most})
		if count = len(batch); err != nil || count == 0 {
			return err
		}
		if err := fn(ctx, tx, batch); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `/* event.Follow */ update event_cursor set seq = $1 where name = $2`, batch[count-1].Seq, name)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("follow events as %s: %w", name, err)
	}
	return count, nil
}

// hold returns the watcher's place and keeps it from others of the same name until the transaction ends. The update changes
// nothing: it is there to lock the row and to see its newest state.
func hold(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `/* event.Follow */ insert into event_cursor (name, seq) values ($1, 0)
		on conflict (name) do update set seq = event_cursor.seq returning seq`, name)
}

// Place is the number of the last event that the watcher has had; 0 for a new one.
func Place(ctx context.Context, r db.Reader, name string) (int64, error) {
	seq, err := db.One(ctx, r, db.Value[int64], `/* event.Place */ select seq from event_cursor where name = $1`, name)
	if errors.Is(err, db.ErrNone) {
		return 0, nil
	}
	return seq, err
}

// Move moves a watcher that has read its events by itself from where it began to the last of them. It is false when somebody
// else was quicker, on another node: what would be written about them is written.
func Move(ctx context.Context, tx *db.Tx, name string, from, to int64) (bool, error) {
	seq, err := hold(ctx, tx, name)
	if err != nil || seq != from {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `/* event.Move */ update event_cursor set seq = $1 where name = $2`, to, name)
	return err == nil, err
}

// Skip lets a watcher begin with the first event that is told after this transaction.
func Skip(ctx context.Context, tx *db.Tx, name string) error {
	seq, err := db.One(ctx, tx, db.Value[int64], `/* event.Skip */ insert into counter (name, n) values ('event', 0)
		on conflict (name) do update set n = counter.n returning n`)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* event.Skip */ insert into event_cursor (name, seq) values ($1, $2) on conflict (name) do update set seq = excluded.seq`, name, seq)
	return err
}
