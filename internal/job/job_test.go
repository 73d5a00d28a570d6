package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

var start = time.Date(2026, 5, 3, 10, 30, 0, 0, time.UTC)

// clock sets the database's clock to a moment after start.
func clock(d *db.DB, after time.Duration) {
	d.SetClock(func() time.Time { return start.Add(after) })
}

func add(t *testing.T, d *db.DB, jobs ...Job) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return Add(t.Context(), tx, jobs...) }); err != nil {
		t.Fatal(err)
	}
}

func runDue(t *testing.T, r *Runner) int {
	t.Helper()
	n, err := r.RunDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func list(t *testing.T, d *db.DB, f Filter) []Record {
	t.Helper()
	jobs, err := List(t.Context(), d.Read(), f)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

func quiet(d *db.DB, handler Handler, schedules ...Schedule) *Runner {
	return NewRunner(d, slog.New(slog.DiscardHandler), map[Kind]Handler{"mail": handler}, schedules...)
}

func TestOneKeyIsOneJob(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		var got []string
		r := quiet(d, func(_ context.Context, _ *db.DB, payload json.RawMessage) error {
			got = append(got, string(payload))
			slices.Sort(got) // jobs of one moment come in any order
			return nil
		})
		later := start.Add(time.Hour)
		add(t, d, Job{Kind: "mail", Key: "a", Payload: 1}, Job{Kind: "mail", Key: "a", Payload: 2})
		add(t, d, Job{Kind: "mail", Key: "a", Payload: 3}, Job{Kind: "mail", Payload: 4}, Job{Kind: "mail", Payload: 5, RunAt: later})
		add(t, d, Job{Kind: "unknown here", Payload: 6})
		add(t, d)
		if n := runDue(t, r); n != 2 || fmt.Sprint(got) != "[1 4]" {
			t.Errorf("ran %d jobs: %v; want the first of its key and the one without", n, got)
		}
		clock(d, time.Hour)
		add(t, d, Job{Kind: "mail", Key: "a", Payload: 7})
		if n := runDue(t, r); n != 1 || fmt.Sprint(got) != "[1 4 5]" {
			t.Errorf("ran %d jobs: %v; want the later one, and none of a key that is done", n, got)
		}
		if jobs := list(t, d, Filter{State: Waiting}); len(jobs) != 1 || jobs[0].Kind != "unknown here" {
			t.Errorf("waiting: %+v; want the job that nobody can run", jobs)
		}
		if jobs := list(t, d, Filter{State: Done, Limit: 2}); len(jobs) != 2 || jobs[0].ID < jobs[1].ID {
			t.Errorf("done: %+v; want two, the latest first", jobs)
		}
		clock(d, time.Hour+KeepDone+time.Minute)
		runDue(t, r)
		if jobs := list(t, d, Filter{State: Done}); len(jobs) != 0 {
			t.Errorf("done and kept too long: %+v", jobs)
		}
	})
}

func TestAFailingJobIsTriedTenTimes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		calls := 0
		broken := true
		r := quiet(d, func(context.Context, *db.DB, json.RawMessage) error {
			calls++
			if calls == 2 {
				panic("oh")
			}
			if broken {
				return errors.New("down \x00\xff")
			}
			return nil
		})
		add(t, d, Job{Kind: "mail"})
		waits := []time.Duration{0, time.Second, 4 * time.Second, 16 * time.Second, 64 * time.Second, 256 * time.Second, 1024 * time.Second,
			4096 * time.Second, 16384 * time.Second, backoffMost}
		var at time.Duration
		for i, wait := range waits {
			if wait > 0 {
				clock(d, at+wait-time.Millisecond)
				if n := runDue(t, r); n != 0 {
					t.Errorf("attempt %d came too early", i+1)
				}
			}
			at += wait
			clock(d, at)
			if n := runDue(t, r); n != 1 || calls != i+1 {
				t.Errorf("attempt %d: ran %d, %d calls", i+1, n, calls)
			}
		}
		clock(d, at+100*time.Hour)
		if n := runDue(t, r); n != 0 {
			t.Error("a job that failed for good was run")
		}
		failed := list(t, d, Filter{State: Failed, Kind: "mail"})
		if len(failed) != 1 || failed[0].Attempts != MaxAttempts || failed[0].LastError != "down " || !failed[0].Ended.Equal(start.Add(at)) {
			t.Fatalf("failed: %+v", failed)
		}
		broken = false
		retry := func(tx *db.Tx) error { return Retry(t.Context(), tx, failed[0].ID) }
		if err := d.Write(t.Context(), retry); err != nil {
			t.Fatal(err)
		}
		if n := runDue(t, r); n != 1 || len(list(t, d, Filter{State: Done})) != 1 {
			t.Error("a job given another chance did not take it")
		}
		if err := d.Write(t.Context(), retry); err == nil {
			t.Error("a job that is done was given another chance")
		}
	})
}

func TestAnotherNodeTakesOverWhenTheLeaseIsOver(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		calls := 0
		handler := func(context.Context, *db.DB, json.RawMessage) error { calls++; return nil }
		dead, alive := quiet(d, handler), quiet(d, handler)
		add(t, d, Job{Kind: "mail"})
		lost, ok, err := dead.lease(t.Context())
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if jobs := list(t, d, Filter{State: Running}); len(jobs) != 1 || jobs[0].Node != dead.node {
			t.Errorf("running: %+v", jobs)
		}
		clock(d, Lease-time.Millisecond)
		if n := runDue(t, alive); n != 0 {
			t.Error("a leased job was taken")
		}
		clock(d, Lease)
		if n := runDue(t, alive); n != 1 || calls != 1 {
			t.Errorf("ran %d, %d calls; want the job of the dead node", n, calls)
		}
		if _, err := finish(t.Context(), d, lost, errors.New("too late")); err != nil {
			t.Fatal(err)
		}
		if jobs := list(t, d, Filter{}); len(jobs) != 1 || jobs[0].State != Done || jobs[0].LastError != "" {
			t.Errorf("a lost lease changed the job: %+v", jobs)
		}

		add(t, d, Job{Kind: "mail", Key: "deadly"})
		for i := range MaxAttempts {
			clock(d, time.Duration(i+2)*Lease)
			if _, ok, err := dead.lease(t.Context()); err != nil || !ok {
				t.Fatal(i, ok, err)
			}
		}
		clock(d, 100*Lease)
		if n := runDue(t, alive); n != 0 {
			t.Error("a job that ends its nodes was run once more")
		}
		if jobs := list(t, d, Filter{State: Failed}); len(jobs) != 1 || jobs[0].Key != "deadly" {
			t.Errorf("failed: %+v", jobs)
		}
	})
}

func TestASlotIsAddedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		var got []string
		handler := func(_ context.Context, _ *db.DB, payload json.RawMessage) error {
			got = append(got, string(payload))
			return nil
		}
		nightly := Schedule{"mail", 24 * time.Hour, 2 * time.Hour}
		a, b := quiet(d, handler, nightly), quiet(d, handler, nightly)
		for _, c := range []struct {
			name  string
			after time.Duration
			want  string
		}{
			{"the slot under way", 0, `["2026-05-03T02:00:00Z"]`},
			{"nothing before the next", 15*time.Hour + 29*time.Minute, `[]`},
			{"the next", 15*time.Hour + 30*time.Minute, `["2026-05-04T02:00:00Z"]`},
			{"one for days of rest", 5 * 24 * time.Hour, `["2026-05-08T02:00:00Z"]`},
		} {
			clock(d, c.after)
			got = nil
			for _, r := range []*Runner{a, b, quiet(d, handler, nightly)} {
				runDue(t, r)
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%s: ran %v, want %s", c.name, got, c.want)
			}
		}
	})
}

func TestManyRunnersRunEachJobOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const jobs = 200
		var mu sync.Mutex
		calls := map[string]int{}
		handler := func(_ context.Context, _ *db.DB, payload json.RawMessage) error {
			mu.Lock()
			defer mu.Unlock()
			calls[string(payload)]++
			return nil
		}
		for i := range jobs {
			add(t, d, Job{Kind: "mail", Payload: i})
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := quiet(d, handler).RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if len(calls) != jobs {
			t.Errorf("%d of %d jobs were run", len(calls), jobs)
		}
		for payload, n := range calls {
			if n != 1 {
				t.Errorf("job %s was run %d times", payload, n)
			}
		}
		if done := list(t, d, Filter{State: Done, Limit: 2 * jobs}); len(done) != jobs {
			t.Errorf("%d of %d jobs are done", len(done), jobs)
		}
	})
}

func TestRunFinishesTheJobUnderWay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(t.Context())
		var cut error
		r := quiet(d, func(ctx context.Context, _ *db.DB, _ json.RawMessage) error {
			stop()
			cut = ctx.Err()
			return nil
		})
		add(t, d, Job{Kind: "mail"})
		r.Run(ctx)
		if cut != nil {
			t.Errorf("the handler was cut off: %v", cut)
		}
		if jobs := list(t, d, Filter{State: Done}); len(jobs) != 1 {
			t.Errorf("done: %+v", jobs)
		}
	})
}
