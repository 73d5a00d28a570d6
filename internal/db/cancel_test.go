package db_test

import (
	"context"
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
