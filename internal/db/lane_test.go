package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.One(context.Background(), d.Read(), db.Value[int64], "select count(*) from setting")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func keep(ctx context.Context, tx *db.Tx, name string) error {
	_, err := db.Exec(ctx, tx, "insert into setting (name, value) values ($1, '')", name)
	return err
}

var errRefused = errors.New("refused")

// keepAll keeps each name; "no…" is refused alone, "bad…" fails the whole batch.
func keepAll(ctx context.Context, tx *db.Tx, batch []string) ([]db.Result[string], error) {
	results := make([]db.Result[string], len(batch))
	for i, name := range batch {
		switch name[:2] {
		case "no":
			results[i].Err = errRefused
			continue
		case "ba":
			return nil, errors.New("bad")
		}
		if err := keep(ctx, tx, name); err != nil {
			return nil, err
		}
		results[i].Value = name
	}
	return results, nil
}

func TestLaneAnswersEachForItself(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		lane := db.NewLane(d, 16, 1000, keepAll)
		defer lane.Close()
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				kind := []string{"ok", "ok", "no", "bad"}[i%4]
				name, err := lane.Do(context.Background(), fmt.Sprint(kind, i))
				if ok := err == nil && name == fmt.Sprint(kind, i); ok != (kind == "ok") {
					t.Errorf("%s%d: %q, %v", kind, i, name, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 100 {
			t.Errorf("%d were kept, want 100", n)
		}
	})
}

func TestLaneIsBoundedAndFinishes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		hold, entered := make(chan struct{}), make(chan struct{}, 10)
		lane := db.NewLane(d, 1, 2, func(ctx context.Context, tx *db.Tx, batch []string) ([]db.Result[string], error) {
			entered <- struct{}{}
			<-hold
			return keepAll(ctx, tx, batch)
		})
		first := make(chan error, 1)
		go func() { _, err := lane.Do(context.Background(), "ok1"); first <- err }()
		<-entered // one is being written, two may wait
		gone, leave := context.WithCancel(context.Background())
		leave()
		for i, want := range []error{context.Canceled, context.Canceled, db.ErrBusy} {
			if _, err := lane.Do(gone, "ok gone "+fmt.Sprint(i)); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
		go func() {
			for range entered {
			}
		}()
		close(hold)
		lane.Close()
		close(entered)
		if err := <-first; err != nil {
			t.Error(err)
		}
		if _, err := lane.Do(context.Background(), "ok5"); !errors.Is(err, db.ErrClosed) {
			t.Errorf("a closed lane answered %v", err)
		}
		if n := count(t, d); n != 3 { // those whose senders had gone were accepted too
			t.Errorf("%d were kept, want 3", n)
		}
	})
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		after := 0
		err := d.Write(ctx, func(tx *db.Tx) error {
			tx.After(func() { after++ })
			if err := keep(ctx, tx, "a"); err != nil {
				return err
			}
			return errRefused
		})
		if !errors.Is(err, errRefused) || count(t, d) != 0 || after != 0 {
			t.Errorf("%v; %d kept, %d ran after", err, count(t, d), after)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			tx.After(func() { after++ })
			if err := keep(ctx, tx, "a"); err != nil {
				return err
			}
			return keep(ctx, tx, "c")
		})
		if err != nil || count(t, d) != 2 || after != 1 {
			t.Errorf("%v; %d kept, %d ran after", err, count(t, d), after)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			if err := db.Later(ctx, tx, "insert into setting (name, value) values ($1, '')", "a"); err != nil {
				return err
			}
			return db.Later(ctx, tx, "insert into setting (name, value) values ($1, '')", "d")
		})
		if !db.IsUnique(err) || count(t, d) != 2 {
			t.Errorf("what is sent later failed as %v; %d kept", err, count(t, d))
		}
	})
}

func TestWritersDoNotLoseEachOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Write(ctx, func(tx *db.Tx) error { return keep(ctx, tx, "n") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					err := d.Write(ctx, func(tx *db.Tx) error {
						n, err := db.One(ctx, tx, db.Value[string], "select value from setting where name = 'n'"+db.ForUpdate(tx))
						if err != nil {
							return err
						}
						_, err = db.Exec(ctx, tx, "update setting set value = $1 where name = 'n'", n+"x")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		n, err := db.One(ctx, d.Read(), db.Value[string], "select value from setting where name = 'n'")
		if err != nil || len(n) != 160 {
			t.Errorf("%d of 160 writes are left, %v", len(n), err)
		}
	})
}

func TestMigrate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if taken, err := d.Migrate(ctx); err != nil || len(taken) != 0 {
			t.Errorf("a second time: %v, %v", taken, err)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, "insert into migration (name, at) values ('9999_future', 0)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(ctx); err == nil {
			t.Error("a database of a newer version was accepted")
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, "delete from migration where name = '9999_future'")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBackup(t *testing.T) {
	ctx := context.Background()
	d := dbtest.Open(t, db.SQLite)
	if err := d.Write(ctx, func(tx *db.Tx) error { return keep(ctx, tx, "a") }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := d.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	if err := d.Backup(ctx, path); err == nil {
		t.Error("a file that was there was written over")
	}
	again := dbtest.Reopen(t, path)
	defer again.Close()
	if n := count(t, again); n != 1 {
		t.Errorf("the copy holds %d", n)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return keep(ctx, tx, "b") }); err != nil {
		t.Errorf("after a backup: %v", err)
	}
}
