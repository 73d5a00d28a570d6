package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestOnlyAnAbsentDatabaseIsUnavailable holds that mistakes of ours and of those who ask are none of the database's.
func TestOnlyAnAbsentDatabaseIsUnavailable(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		twice := d.Write(ctx, func(tx *db.Tx) error {
			for range 2 {
				if err := keep(ctx, tx, "a"); err != nil {
					return err
				}
			}
			return nil
		})
		_, wrong := db.All(ctx, d.Read(), db.Value[string], "select nothing from nowhere")
		ended, end := context.WithCancel(ctx)
		end()
		for name, err := range map[string]error{"none": nil, "no row": db.ErrNone, "a key twice": twice, "a wrong statement": wrong, "nobody waits any more": ended.Err()} {
			if db.Unavailable(err) {
				t.Errorf("%s: %v passes for an absent database", name, err)
			}
		}
		for name, err := range map[string]error{"full queue": db.ErrBusy, "too late": fmt.Errorf("write: %w", context.DeadlineExceeded)} {
			if !db.Unavailable(err) {
				t.Errorf("%s: %v does not pass for an absent database", name, err)
			}
		}
	})
}

// TestALaneTriesNobodyAloneWhileTheDatabaseIsAway counts how often the work is tried.
func TestALaneTriesNobodyAloneWhileTheDatabaseIsAway(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	for _, c := range []struct {
		promise string
		err     error
		alone   bool
	}{
		{"away", context.DeadlineExceeded, false},
		{"one that cannot be written", errors.New("no such thing"), true},
	} {
		var tries, alone atomic.Int64
		gathered := make(chan struct{})
		lane := db.NewLane(d, 64, 64, func(_ context.Context, _ *db.Tx, batch []int) ([]db.Result[int], error) {
			if tries.Add(1) == 1 {
				<-gathered // while the others queue behind
			} else if len(batch) == 1 {
				alone.Add(1)
			}
			return nil, c.err
		})
		var all sync.WaitGroup
		var queued atomic.Int64
		for range 20 {
			all.Go(func() {
				queued.Add(1)
				if _, err := lane.Do(t.Context(), 1); !errors.Is(err, c.err) {
					t.Errorf("%s: %v", c.promise, err)
				}
			})
		}
		for queued.Load() < 20 || tries.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		close(gathered)
		all.Wait()
		lane.Close()
		if c.alone && alone.Load() < 2 || !c.alone && tries.Load() > 20 {
			t.Errorf("%s: %d tries, %d alone", c.promise, tries.Load(), alone.Load())
		}
	}
}
