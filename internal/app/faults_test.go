package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// outside runs a statement on the writing connection.
func (r *river) outside(t *testing.T, statement string) {
	t.Helper()
	if err := r.DB.Outside(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestAFullDatabaseRefusesHonestly(t *testing.T) {
	t.Parallel()
	r := openRiver(t, dbtest.Target(t, db.SQLite))
	r.visit(200 * time.Millisecond)
	pages, err := db.One(t.Context(), r.DB.Read(), db.Value[int64], "select page_count from pragma_page_count()")
	if err != nil {
		t.Fatal(err)
	}
	r.outside(t, "pragma max_page_count = "+strconv.FormatInt(pages, 10))
	r.visit(1500 * time.Millisecond)
	r.outside(t, "pragma max_page_count = 1000000000")
	r.recovers(t)
	r.check(t, true)
}

// TestALockedDatabaseRefusesHonestly lets another connection hold the lock for writing: a moment, which everybody waits for,
// and longer than anybody waits.
func TestALockedDatabaseRefusesHonestly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise string
		refuses bool
	}{
		{"a moment is waited for", false},
		{"longer is refused", true},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			target := dbtest.Target(t, db.SQLite)
			r := openRiver(t, target)
			r.visit(200 * time.Millisecond)
			other := dbtest.Reopen(t, target)
			defer other.Close()
			began, release := make(chan struct{}), make(chan struct{})
			var holding sync.WaitGroup
			holding.Go(func() {
				err := other.Write(context.Background(), func(*db.Tx) error {
					close(began)
					<-release
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			<-began
			if !c.refuses {
				time.AfterFunc(time.Second, func() { close(release) })
			}
			r.visit(300 * time.Millisecond)
			if c.refuses {
				for r.turned == 0 {
					r.visit(100 * time.Millisecond)
				}
				close(release)
			}
			holding.Wait()
			r.recovers(t)
			r.check(t, c.refuses)
		})
	}
}

// TestAFolderThatIsAwayLosesNothing takes the database's folder from its place and puts it back.
func TestAFolderThatIsAwayLosesNothing(t *testing.T) {
	t.Parallel()
	target := dbtest.Target(t, db.SQLite)
	dir := filepath.Dir(target)
	r := openRiver(t, target)
	r.visit(200 * time.Millisecond)
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	r.visit(700 * time.Millisecond)
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	r.recovers(t)
	r.check(t, false)
}

func TestAServerThatVanishesIsRefusedHonestly(t *testing.T) {
	t.Parallel()
	server := dbtest.OpenOwn(t)
	r := openRiver(t, server.Target)
	r.visit(300 * time.Millisecond)
	var load sync.WaitGroup
	load.Go(func() { r.visit(2 * time.Second) }) // in the middle of it
	time.Sleep(300 * time.Millisecond)
	server.Kill(t)
	load.Wait()
	server.Start(t)
	r.recovers(t)
	r.check(t, true)
}

// TestASlowDiskIsWaitedFor makes each row of the journal take its time.
func TestASlowDiskIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := openRiver(t, dbtest.Target(t, db.Postgres))
	r.visit(200 * time.Millisecond)
	r.outside(t, `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.4); return new; end $$`)
	r.outside(t, `create trigger slow before insert on journal for each row execute function slow()`)
	began := time.Now()
	r.visit(time.Second)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("those who share rows waited %s", took)
	}
	r.outside(t, `drop trigger slow on journal`)
	r.outside(t, `drop function slow`)
	r.recovers(t)
	r.check(t, false)
}

// TestAClockThatJumpsHarmsNothing sets the clock forwards, back, and right again, under load.
func TestAClockThatJumpsHarmsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		target := dbtest.Target(t, d.Engine)
		r := openRiver(t, target)
		for _, ahead := range []time.Duration{0, 40 * 24 * time.Hour, -3 * 24 * time.Hour, -time.Second, 0} {
			r.ahead.Store(int64(ahead))
			r.visit(300 * time.Millisecond)
		}
		r.recovers(t)
		r.check(t, false)
	})
}

// TestAQueueAtItsBoundRefusesAtOnce lets more visitors come than may wait, while the database is held.
func TestAQueueAtItsBoundRefusesAtOnce(t *testing.T) {
	t.Parallel()
	const visitors = 6000
	target := dbtest.Target(t, db.SQLite)
	r := openRiver(t, target)
	r.visit(200 * time.Millisecond)
	other := dbtest.Reopen(t, target)
	defer other.Close()
	held, release, holding := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		holding <- other.Write(context.Background(), func(*db.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	var waiting sync.WaitGroup
	var refused atomic.Int64
	for range visitors {
		waiting.Go(func() {
			w := httptest.NewRecorder()
			r.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/c/safe", nil))
			if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") != "" && refused.Add(1) == 1 {
				close(release) // while thousands wait
			}
		})
	}
	waiting.Wait()
	if err := <-holding; err != nil {
		t.Error(err)
	}
	r.turned += refused.Load()
	if n := refused.Load(); n == 0 || n > visitors-4096 {
		t.Errorf("%d of %d were refused", n, visitors)
	}
	r.recovers(t)
	lost := func() int64 {
		l, err := touch.LostBetween(t.Context(), r.DB.Read(), r.safe.ID, r.DB.Now().AddDate(-1, 0, 0), r.DB.Now())
		if err != nil {
			t.Fatal(err)
		}
		return l.TurnedAway
	}
	for deadline := time.Now().Add(10 * time.Second); lost() != r.turned && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
	if lost() != r.turned {
		t.Errorf("%d were turned away, %d are counted", r.turned, lost())
	}
}
