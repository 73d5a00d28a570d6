package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestAnEndedContextLeavesNothingOpen ends the context in the middle of a transaction and finds the next one served.
func TestAnEndedContextLeavesNothingOpen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for range 20 {
			ctx, cancel := context.WithCancel(context.Background())
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := keep(ctx, tx, "a"); err != nil {
					return err
				}
				cancel()
				_, err := db.All(ctx, tx, db.Value[string], "select name from setting")
				return err
			})
			cancel()
			if err == nil {
				t.Fatal("a transaction whose context had ended was committed")
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := d.Write(ctx, func(tx *db.Tx) error { return keep(ctx, tx, "b") }); err != nil {
			t.Error(err)
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d are kept, want 1", n)
		}
	})
}

// TestContextsThatEndAnywhere ends contexts at any moment of a transaction, its begin included, and finds writers served.
func TestContextsThatEndAnywhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for i := range 300 {
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				time.Sleep(time.Duration(i%30) * 5 * time.Microsecond)
				cancel()
			}()
			d.Write(ctx, func(tx *db.Tx) error { return keep(ctx, tx, "a") })
			cancel()
			if err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := db.Exec(context.Background(), tx, "delete from setting")
				return err
			}); err != nil {
				t.Fatalf("after %d ended contexts: %v", i+1, err)
			}
		}
	})
}

// TestManySnapshotsAtOnce opens more snapshots than there are connections, each with a query nobody has asked before.
func TestManySnapshotsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				err := d.View(ctx, func(r db.Reader) error {
					time.Sleep(5 * time.Millisecond)
					_, err := db.All(ctx, r, db.Value[int64], fmt.Sprintf("select %d + 1", i))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}
