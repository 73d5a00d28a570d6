// Package retention lets go of what a program keeps no longer: touches that no conversion and no judgement needs, whose
// totals by day stay, and earlier the networks and browsers of all. It never takes what a commission is derived from, and
// never more at a time than a click can wait for.
//
// It deletes rows, a few at a time, on both engines. Tables of a month each, dropped whole, would not do on PostgreSQL: what
// sales look back on stays, so no month is ever wholly old; a click id would no longer be a key without its moment; and with
// 36 such tables a journey took ten times as long to look up, a click by its id twenty times, at the same speed of writing
// and the same size.
package retention

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Job is the kind of the nightly work.
const Job job.Kind = "retention"

// Handle is its handler. What the lease is too short for goes on in the next job, where this one stopped.
func Handle(ctx context.Context, d *db.DB, _ json.RawMessage) error {
	until, cancel := context.WithTimeout(ctx, job.Lease-30*time.Second)
	defer cancel()
	programs, err := program.WithTwins(until, d.Read())
	for _, p := range programs {
		if err == nil {
			_, err = Run(until, d, p)
		}
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return d.Write(ctx, func(tx *db.Tx) error { return job.Add(ctx, tx, job.Job{Kind: Job, RunAt: tx.Now.Add(time.Minute)}) })
	}
	return err
}

// Done is what a run did.
type Done struct {
	Forgotten int // touches that are kept no longer
	Plain     int // touches that were looked through for what tells too much
}

// work is one thing that is done to old touches, in the order of their time.
type work struct {
	name string // in the table
	till func(p program.Program, now time.Time) time.Time
	do   func(ctx context.Context, tx *db.Tx, p program.Program, zone *time.Location, touches []touch.Touch) (int, error)
}

var (
	forgetting = work{"forget", func(p program.Program, now time.Time) time.Time {
		if p.KeepMonths == 0 {
			return time.Time{}
		}
		return now.AddDate(0, -int(p.KeepMonths), 0)
	}, forget}
	plainly = work{"plain", func(p program.Program, now time.Time) time.Time {
		if p.PlainDays == 0 {
			return time.Time{}
		}
		return now.AddDate(0, 0, -int(p.PlainDays))
	}, func(ctx context.Context, tx *db.Tx, _ program.Program, _ *time.Location, touches []touch.Touch) (int, error) {
		return len(touches), touch.Plainly(ctx, tx, touches)
	}}
)

// Run does for a program what is due. It stops when the context ends, and goes on from there the next time.
func Run(ctx context.Context, d *db.DB, p program.Program) (Done, error) {
	var done Done
	var err error
	if done.Forgotten, err = forgetting.run(ctx, d, p); err != nil {
		return done, err
	}
	done.Plain, err = plainly.run(ctx, d, p)
	return done, err
}

// A transaction looks at so many touches, and then leaves the writer to others for so many times as long as it took.
const (
	perTurn = 128
	rest    = 9
)

func (w work) run(ctx context.Context, d *db.DB, p program.Program) (done int, err error) {
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return 0, err
	}
	now := d.Now().In(zone)
	till := w.till(p, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)) // whole days of the program
	if till.IsZero() {
		return 0, nil
	}
	for {
		began := time.Now()
		seen, n, err := w.turn(ctx, d, p, zone, till)
		done += n
		if err != nil || seen < perTurn {
			return done, err
		}
		select {
		case <-ctx.Done():
			return done, ctx.Err()
		case <-time.After(rest * time.Since(began)):
		}
	}
}

// turn does it to the next touches, and remembers how far it has come. It holds the program's turn: no fact comes in between.
func (w work) turn(ctx context.Context, d *db.DB, p program.Program, zone *time.Location, till time.Time) (seen, done int, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		if _, err := program.Turn(ctx, tx, p.ID); err != nil {
			return err
		}
		place, err := placeOf(ctx, tx, p.ID, w.name)
		if err != nil {
			return err
		}
		touches, err := touch.After(ctx, tx, p.ID, place, till, perTurn)
		if seen = len(touches); err != nil || seen == 0 {
			return err
		}
		if done, err = w.do(ctx, tx, p, zone, touches); err != nil {
			return err
		}
		last := touches[seen-1]
		_, err = db.Exec(ctx, tx, `/* retention.turn */ insert into retention (program, work, at, touch) values ($1, $2, $3, $4)
			on conflict (program, work) do update set at = excluded.at, touch = excluded.touch`, p.ID, w.name, last.At.UnixMilli(), last.ID)
		return err
	})
	if err != nil {
		return 0, 0, err // nothing of it holds
	}
	return seen, done, nil
}

func placeOf(ctx context.Context, r db.Reader, prog, work string) (touch.Place, error) {
	place, err := db.One(ctx, r, func(row db.Row) (touch.Place, error) {
		var p touch.Place
		var at int64
		err := row.Scan(&at, &p.ID)
		p.At = time.UnixMilli(at).UTC()
		return p, err
	}, `/* retention.placeOf */ select at, touch from retention where program = $1 and work = $2`, prog, work)
	if errors.Is(err, db.ErrNone) {
		return touch.Place{At: time.UnixMilli(0)}, nil
	}
	return place, err
}

// forget lets go of those that nothing needs.
func forget(ctx context.Context, tx *db.Tx, p program.Program, zone *time.Location, touches []touch.Touch) (int, error) {
	needed, err := commission.Needed(ctx, tx, p.ID, touches)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(touches))
	for i, t := range touches {
		ids[i] = t.ID
	}
	judged, err := touch.Judgements(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	var idle []touch.Touch
	for _, t := range touches {
		if !needed[t.ID] && len(judged[t.ID]) == 0 {
			idle = append(idle, t)
		}
	}
	return len(idle), touch.Forget(ctx, tx, idle, zone)
}
