// Package job does work later: leased rows with retries, unique keys and schedules. It does not promise to run a job only
// once: a node can die between the work and the word that it is done, so a handler must bear being run again.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kind names the handler of a job.
type Kind string

// Job is work to be done.
type Job struct {
	Kind    Kind
	Key     string    // two jobs with one key are one; empty: this job is like no other
	Payload any       // becomes JSON, for the handler
	RunAt   time.Time // not before then; at once when zero
}

const (
	// MaxAttempts is how often a job is tried before it is left as failed.
	MaxAttempts = 10
	// KeepDone is how long a job that is done is kept, and with it its key.
	KeepDone = 7 * 24 * time.Hour
	// Lease is how long a handler has: its context ends then, and another node may take the job.
	Lease = 5 * time.Minute
)

// backoffMost is the longest wait between two attempts.
const backoffMost = 6 * time.Hour

// backoff is how long a job waits after its n-th attempt has failed: 1 s, 4 s, 16 s, …
func backoff(n int64) time.Duration {
	if n > 8 {
		return backoffMost
	}
	return min(time.Second<<(2*(n-1)), backoffMost)
}

// Add adds jobs, if and when the transaction commits. A job whose key is known, be it done or not, is left out.
func Add(ctx context.Context, tx *db.Tx, jobs ...Job) error {
	rows := make([][]any, len(jobs))
	for i, j := range jobs {
		payload, err := json.Marshal(j.Payload)
		if err != nil {
			return fmt.Errorf("add job %s: %w", j.Kind, err)
		}
		name, key, runAt := id.New("job", tx.Now), j.Key, j.RunAt
		if key == "" {
			key = name
		}
		if runAt.IsZero() {
			runAt = tx.Now
		}
		rows[i] = []any{name, string(j.Kind), key, string(payload), runAt.UnixMilli(), 0, "", 0, 0, 0, ""}
	}
	_, err := db.Insert(ctx, tx, `/* job.Add */
		insert into job (id, kind, once_key, payload, run_at, attempts, leased_by, leased_til, done, failed, last_error)`, rows,
		`on conflict (once_key) do nothing`)
	if err != nil {
		return fmt.Errorf("add jobs: %w", err)
	}
	return nil
}

// Retry gives a job that failed for good all its attempts again, beginning now.
func Retry(ctx context.Context, tx *db.Tx, id string) error {
	n, err := db.Exec(ctx, tx, `/* job.Retry */ update job set failed = 0, attempts = 0, leased_by = '', leased_til = 0, run_at = $1
		where id = $2 and failed > 0`, tx.Now.UnixMilli(), id)
	if err == nil && n == 0 {
		return problem.NotFound("failed_job", id)
	}
	return err
}

// Sweep deletes jobs that were done before the moment, and returns how many. Those that failed stay until somebody has
// looked at them.
func Sweep(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return db.Exec(ctx, tx, `/* job.Sweep */ delete from job where done > 0 and done < $1`, before.UnixMilli())
}

// State is how far a job is.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // for its time, or for its next attempt
	Running State = "running" // or taken by a node that has died, until the lease is over
	Done    State = "done"
	Failed  State = "failed" // for good
)

// states are the conditions of the states on a row.
var states = map[State]string{
	Waiting: "done = 0 and failed = 0 and leased_by = ''",
	Running: "done = 0 and failed = 0 and leased_by <> ''",
	Done:    "done > 0",
	Failed:  "failed > 0",
}

// Record is a job as it is kept.
type Record struct {
	ID        string
	Kind      Kind
	Key       string
	Payload   json.RawMessage
	State     State
	RunAt     time.Time // of the next attempt, or of the last
	Attempts  int64
	Node      string    // which runs it, or ran it last
	Ended     time.Time // when it was done or failed for good; zero before
	LastError string
}

const jobColumns = "id, kind, once_key, payload, run_at, attempts, leased_by, done, failed, last_error"

func scanRecord(row db.Row) (Record, error) {
	var j Record
	var payload string
	var runAt, done, failed int64
	err := row.Scan(&j.ID, &j.Kind, &j.Key, &payload, &runAt, &j.Attempts, &j.Node, &done, &failed, &j.LastError)
	j.Payload, j.RunAt = json.RawMessage(payload), time.UnixMilli(runAt).UTC()
	switch {
	case done > 0:
		j.State, j.Ended = Done, time.UnixMilli(done).UTC()
	case failed > 0:
		j.State, j.Ended = Failed, time.UnixMilli(failed).UTC()
	case j.Node != "":
		j.State = Running
	default:
		j.State = Waiting
	}
	return j, err
}

// Filter narrows a list; what is empty narrows nothing.
type Filter struct {
	Kind  Kind
	State State
	After string // the id of the last job seen
	Limit int    // 100 when zero
}

// List are jobs, those added last first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Record, error) {
	var args db.Args
	where := []string{"id <> ''"}
	if f.Kind != "" {
		where = append(where, "kind = "+args.Add(string(f.Kind)))
	}
	if f.State != "" {
		condition, ok := states[f.State]
		if !ok {
			return nil, problem.Invalid("state", "%q is not a state of a job", f.State)
		}
		where = append(where, condition)
	}
	if f.After != "" {
		where = append(where, "id < "+args.Add(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	return db.All(ctx, r, scanRecord, `/* job.List */ select `+jobColumns+` from job where `+strings.Join(where, " and ")+`
		order by id desc limit `+args.Add(f.Limit), args.List()...)
}
