package job

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// leased is a job that this node may run until its lease is over. Every lease counts an attempt, so id and attempt together
// name the lease: who comes back after it was lost changes nothing.
type leased struct {
	id      string
	kind    Kind
	payload json.RawMessage
	attempt int64
}

func scanLeased(row db.Row) (leased, error) {
	var j leased
	var payload string
	err := row.Scan(&j.id, &j.kind, &payload, &j.attempt)
	j.payload = json.RawMessage(payload)
	return j, err
}

// due is the condition of a job that nobody runs and whose time has come.
func (r *Runner) due(args *db.Args, now int64) string {
	at := args.Add(now)
	return "done = 0 and failed = 0 and run_at <= " + at + " and leased_til <= " + at + " and kind in " + args.In(r.kinds)
}

// anyDue looks before lease writes, so that those with nothing to do never wait for a writer.
func (r *Runner) anyDue(ctx context.Context) (bool, error) {
	var args db.Args
	_, err := db.One(ctx, r.db.Read(), db.Value[string], `/* job.anyDue */
		select id from job where `+r.due(&args, r.db.Now().UnixMilli())+` limit 1`, args.List()...)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// lease takes the job that has waited longest; ok is false when none is due.
func (r *Runner) lease(ctx context.Context) (j leased, ok bool, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if err := bury(ctx, tx); err != nil {
			return err
		}
		var args db.Args
		by, til := args.Add(r.node), args.Add(tx.Now.Add(Lease).UnixMilli())
		taken, err := db.All(ctx, tx, scanLeased, `/* job.lease */
			with next as materialized (
				select id from job where `+r.due(&args, tx.Now.UnixMilli())+` order by run_at, id limit 1`+skipLocked(tx)+`)
			update job set leased_by = `+by+`, leased_til = `+til+`, attempts = attempts + 1
			where id in (select id from next) returning id, kind, payload, attempts`, args.List()...)
		if ok = len(taken) > 0; ok {
			j = taken[0]
		}
		return err
	})
	return j, ok, err
}

// bury gives up jobs whose every attempt ended with the node that ran it.
func bury(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `/* job.bury */ update job set failed = $1, last_error = 'no attempt came to an end'
		where done = 0 and failed = 0 and run_at <= $1 and leased_til <= $1 and attempts >= $2`, tx.Now.UnixMilli(), MaxAttempts)
	return err
}

// skipLocked is the clause that passes over rows which another transaction is leasing, on the engine that has several.
func skipLocked(tx *db.Tx) string {
	if lock := db.ForUpdate(tx); lock != "" {
		return lock + " skip locked"
	}
	return ""
}

// finish says how an attempt ended, and whether the job will be tried again.
func finish(ctx context.Context, d *db.DB, j leased, failure error) (again bool, err error) {
	again = failure != nil && j.attempt < MaxAttempts
	err = d.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now.UnixMilli()
		var err error
		switch {
		case failure == nil:
			_, err = db.Exec(ctx, tx, `/* job.finish */ update job set done = $1, last_error = '' where id = $2 and attempts = $3`,
				now, j.id, j.attempt)
		case again:
			_, err = db.Exec(ctx, tx, `/* job.finish */ update job set run_at = $1, last_error = $2, leased_by = '', leased_til = 0
				where id = $3 and attempts = $4`, tx.Now.Add(backoff(j.attempt)).UnixMilli(), clip(failure.Error()), j.id, j.attempt)
		default:
			_, err = db.Exec(ctx, tx, `/* job.finish */ update job set failed = $1, last_error = $2 where id = $3 and attempts = $4`,
				now, clip(failure.Error()), j.id, j.attempt)
		}
		return err
	})
	return again, err
}

// clip makes text fit for a column: short, and of characters that both engines take.
func clip(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s[:min(len(s), 4000)], ""), "\x00", "")
}
