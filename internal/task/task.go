// Package task is long work that somebody watches: how far it is, and what came of it. The work is a job; the reader may
// leave, and finds the outcome later. It does no work of its own.
package task

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kind names what is done, and after a colon to what, where a program can have several at a time.
type Kind string

// About is the kind of a task that is done to the thing with the id.
func (k Kind) About(id string) Kind { return k + ":" + Kind(id) }

// Split is a kind without the thing that it is about, and that thing.
func (k Kind) Split() (kind Kind, about string) {
	name, about, _ := strings.Cut(string(k), ":")
	return Kind(name), about
}

// Job is the kind of the jobs that do tasks.
const Job job.Kind = "task"

// State is how a task stands.
type State string

// The states of a task.
const (
	Running State = "running" // or soon to be
	Done    State = "done"
	Failed  State = "failed"
)

// Task is long work for a program.
type Task struct {
	ID       string
	Program  string
	Kind     Kind
	Author   string // of whom it was asked for
	State    State
	Done     int64           // of All, in steps of the work's own
	All      int64           // zero while nobody knows
	Outcome  json.RawMessage // what came of it, by kind; null before
	Created  time.Time
	Finished time.Time // zero before
	Seen     bool      // its author has seen the outcome
}

const taskColumns = "id, program, kind, author, state, done, total, outcome, created, finished, seen"

func scanTask(row db.Row) (Task, error) {
	var t Task
	var created, finished int64
	var outcome string
	err := row.Scan(&t.ID, &t.Program, &t.Kind, &t.Author, &t.State, &t.Done, &t.All, &outcome, &created, &finished, &t.Seen)
	t.Created, t.Outcome = time.UnixMilli(created).UTC(), json.RawMessage(outcome)
	if finished > 0 {
		t.Finished = time.UnixMilli(finished).UTC()
	}
	return t, err
}

// Begin asks for a task. A program has one of each kind at a time: while one runs, that is the answer.
func Begin(ctx context.Context, tx *db.Tx, program string, kind Kind, author string) (Task, error) {
	now := tx.Now.UnixMilli()
	t := Task{ID: id.New("tsk", tx.Now), Program: program, Kind: kind, Author: author, State: Running}
	n, err := db.Exec(ctx, tx, `/* task.Begin */ insert into task (`+taskColumns+`) values ($1, $2, $3, $4, $5, 0, 0, 'null', $6, 0, $7)
		on conflict (program, kind) where state = 'running' do nothing`, t.ID, program, string(kind), author, string(Running), now, false)
	if err != nil {
		return t, err
	}
	if n == 0 {
		return db.One(ctx, tx, scanTask, `/* task.Begin */ select `+taskColumns+` from task where program = $1 and kind = $2 and state = 'running'`,
			program, string(kind))
	}
	if err := job.Add(ctx, tx, job.Job{Kind: Job, Key: t.ID, Payload: t.ID}); err != nil {
		return t, err
	}
	return Get(ctx, tx, t.ID)
}

// Get is the task with the id.
func Get(ctx context.Context, r db.Reader, id string) (Task, error) {
	t, err := db.One(ctx, r, scanTask, `/* task.Get */ select `+taskColumns+` from task where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return t, problem.NotFound("task", id)
	}
	return t, err
}

// Latest is the program's last task of the kind that came to an end; ok is false when there was none.
func Latest(ctx context.Context, r db.Reader, program string, kind Kind) (t Task, ok bool, err error) {
	t, err = db.One(ctx, r, scanTask, `/* task.Latest */ select `+taskColumns+` from task
		where program = $1 and kind = $2 and state <> 'running' order by id desc limit 1`, program, string(kind))
	if errors.Is(err, db.ErrNone) {
		return t, false, nil
	}
	return t, err == nil, err
}

// News are the author's tasks whose outcome they have not seen.
func News(ctx context.Context, r db.Reader, program, author string) ([]Task, error) {
	return db.All(ctx, r, scanTask, `/* task.News */ select `+taskColumns+` from task
		where author = $1 and program = $2 and not seen and state <> 'running' order by id`, author, program)
}

// See notes that the author has seen the outcome.
func See(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `/* task.See */ update task set seen = $1 where id = $2 and state <> 'running'`, true, id)
	return err
}

// Work does the tasks of one kind. It tells how far it is, as often as it likes, and returns what became of it, which is kept
// as JSON. It must bear being done again.
type Work func(ctx context.Context, d *db.DB, t Task, tell func(done, all int)) (outcome any, err error)

// tellEvery is how often what is told is written down.
const tellEvery = 300 * time.Millisecond

// Handler does the tasks whose work is in the table. A fault of the work ends the task, and is the job's.
func Handler(works map[Kind]Work) job.Handler {
	return func(ctx context.Context, d *db.DB, payload json.RawMessage) error {
		var name string
		if err := json.Unmarshal(payload, &name); err != nil {
			return err
		}
		t, err := Get(ctx, d.Read(), name)
		if err != nil || t.State != Running {
			return err
		}
		kind, _ := t.Kind.Split()
		work := works[kind]
		if work == nil {
			return fmt.Errorf("task %s: nobody does %q", t.ID, t.Kind)
		}
		var told time.Time
		outcome, fault := work(ctx, d, t, func(done, all int) {
			if now := time.Now(); now.Sub(told) >= tellEvery {
				told = now
				_ = d.Write(ctx, func(tx *db.Tx) error { // the next step tells it again
					_, err := db.Exec(ctx, tx, `/* task.Handler */ update task set done = $1, total = $2 where id = $3`, int64(done), int64(all), t.ID)
					return err
				})
			}
		})
		if fault != nil && ctx.Err() != nil { // the server stops, or another has the lease: it goes on from there
			return fault
		}
		state := Done
		if fault != nil {
			state, outcome = Failed, nil
		}
		body, err := json.Marshal(outcome)
		if err != nil {
			return fmt.Errorf("task %s: %w", t.ID, err)
		}
		end := context.WithoutCancel(ctx) // the lease may be what is over
		err = d.Write(end, func(tx *db.Tx) error {
			_, err := db.Exec(end, tx, `/* task.Handler */ update task set state = $1, outcome = $2, done = total, finished = $3 where id = $4`,
				string(state), string(body), tx.Now.UnixMilli(), t.ID)
			return err
		})
		return errors.Join(fault, err)
	}
}
