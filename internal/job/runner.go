package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// Handler does the work of one kind of job. An error means that it should be tried again.
type Handler func(ctx context.Context, d *db.DB, payload json.RawMessage) error

// Runner runs the jobs that are due, of the kinds it has a handler for. Any number of runners share the work.
type Runner struct {
	db        *db.DB
	log       *slog.Logger
	handlers  map[Kind]Handler
	kinds     []string
	schedules []Schedule
	node      string

	mu    sync.Mutex
	begun []time.Time // for each schedule the slot that was added last
	swept time.Time
}

// NewRunner makes a runner from its tables. It panics when a schedule cannot be kept.
func NewRunner(d *db.DB, log *slog.Logger, handlers map[Kind]Handler, schedules ...Schedule) *Runner {
	r := &Runner{db: d, log: log, handlers: handlers, schedules: schedules, begun: make([]time.Time, len(schedules))}
	for _, s := range schedules {
		if handlers[s.Kind] == nil || s.Every <= 0 || s.Every > KeepDone {
			panic(fmt.Sprintf("job: impossible schedule %+v", s))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(handlers)) {
		r.kinds = append(r.kinds, string(kind))
	}
	host, _ := os.Hostname() // only for people to read
	r.node = host + "-" + id.Secret(5)
	return r
}

const (
	workers = 4 // jobs that one runner runs at the same time
	poll    = time.Second
	step    = 30 * time.Second // for one transaction of the runner's own
)

// Run runs jobs as they become due, until ctx ends and the jobs under way are finished.
func (r *Runner) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for ctx.Err() == nil {
				if _, err := r.RunDue(ctx); err != nil && ctx.Err() == nil {
					r.log.Error("jobs cannot be run", "error", err)
				}
				select {
				case <-ctx.Done():
				case <-time.After(poll):
				}
			}
		})
	}
	all.Wait()
}

// RunDue runs, one after the other, the jobs that are due and those that they make due, and returns how many it ran. It
// stops early, without an error, when ctx ends. A job that fails is no error here: it waits for its next attempt.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n, nil
		}
		ran, err := r.next(context.WithoutCancel(ctx)) // what has been begun is finished
		if err != nil || !ran {
			return n, err
		}
	}
}

func (r *Runner) next(ctx context.Context) (ran bool, err error) {
	short, cancel := context.WithTimeout(ctx, step)
	defer cancel()
	if err := r.upkeep(short); err != nil {
		return false, fmt.Errorf("add what is scheduled: %w", err)
	}
	if due, err := r.anyDue(short); err != nil || !due {
		return false, err
	}
	j, ok, err := r.lease(short)
	if err != nil || !ok {
		return false, err
	}
	failure := r.call(ctx, j)
	short, cancel = context.WithTimeout(ctx, step)
	defer cancel()
	again, err := finish(short, r.db, j, failure)
	if err != nil {
		return true, fmt.Errorf("finish job %s: %w", j.id, err)
	}
	switch {
	case again:
		r.log.Warn("job failed and will be tried again", "job", j.id, "kind", j.kind, "attempt", j.attempt, "error", failure)
	case failure != nil:
		r.log.Error("job failed for good", "job", j.id, "kind", j.kind, "attempt", j.attempt, "error", failure)
	default:
		r.log.Debug("job done", "job", j.id, "kind", j.kind)
	}
	return true, nil
}

// call runs the handler within the time of the lease. A handler that panics has failed; the node goes on.
func (r *Runner) call(ctx context.Context, j leased) (err error) {
	ctx, cancel := context.WithTimeout(ctx, Lease)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.handlers[j.kind](ctx, r.db, j.payload)
}
