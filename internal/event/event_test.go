package event_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/event"
)

func tell(t *testing.T, d *db.DB, events ...event.New) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return event.Append(t.Context(), tx, events...) })
	if err != nil {
		t.Fatal(err)
	}
}

// subjects spells a list of events as "seq:subject …".
func subjects(events []event.Event) string {
	var list []string
	for _, e := range events {
		list = append(list, fmt.Sprintf("%d:%s", e.Seq, e.Subject))
	}
	return strings.Join(list, " ")
}

func TestListsAreInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		tell(t, d,
			event.New{Kind: event.ConversionCreated, Brand: "brd_1", Program: "prg_1", Subject: "a", Data: map[string]int{"n": 1}},
			event.New{Kind: event.RefundCreated, Brand: "brd_1", Program: "prg_1", Subject: "a"})
		tell(t, d)
		tell(t, d,
			event.New{Kind: event.ConversionCreated, Brand: "brd_2", Program: "prg_2", Subject: "b"},
			event.New{Kind: event.ConversionCreated, Brand: "brd_1", Program: "prg_3", Subject: "c"})
		list, latest := event.List, event.Latest
		for _, c := range []struct {
			name   string
			read   func(context.Context, db.Reader, event.Filter) ([]event.Event, error)
			filter event.Filter
			want   string
		}{
			{"oldest first", list, event.Filter{}, "1:a 2:a 3:b 4:c"},
			{"newest first", latest, event.Filter{}, "4:c 3:b 2:a 1:a"},
			{"the next page", list, event.Filter{After: 1, Limit: 2}, "2:a 3:b"},
			{"the next page back", latest, event.Filter{After: 4, Limit: 2}, "3:b 2:a"},
			{"a brand's", list, event.Filter{Brand: "brd_1"}, "1:a 2:a 4:c"},
			{"a program's", latest, event.Filter{Program: "prg_1"}, "2:a 1:a"},
			{"a subject's", list, event.Filter{Subject: "b"}, "3:b"},
			{"a kind's", latest, event.Filter{Kind: event.ConversionCreated, Brand: "brd_1"}, "4:c 1:a"},
			{"behind the end", list, event.Filter{After: 4}, ""},
		} {
			got, err := c.read(t.Context(), d.Read(), c.filter)
			if err != nil || subjects(got) != c.want {
				t.Errorf("%s: %q, %v; want %q", c.name, subjects(got), err, c.want)
			}
		}
		first, err := list(t.Context(), d.Read(), event.Filter{Limit: 1})
		if err != nil || string(first[0].Data) != `{"n":1}` || first[0].Kind != event.ConversionCreated || first[0].At.IsZero() {
			t.Errorf("the first event is %+v, %v", first, err)
		}
	})
}

func TestAFailedTransactionTellsNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(event.Append(t.Context(), tx, event.New{Subject: "gone"}), no)
		})
		if err == nil || err.Error() != no.Error() {
			t.Fatal(err)
		}
		tell(t, d, event.New{Subject: "kept"})
		got, err := event.List(t.Context(), d.Read(), event.Filter{})
		if err != nil || subjects(got) != "1:kept" {
			t.Errorf("%q, %v", subjects(got), err)
		}
	})
}

func TestWatchersSeeEveryEventOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, s := range []string{"a", "b", "c"} {
			tell(t, d, event.New{Subject: s})
		}
		follow := func(name string, fail error) (string, int, error) {
			seen := ""
			n, err := event.Follow(t.Context(), d, name, 2, func(ctx context.Context, tx *db.Tx, batch []event.Event) error {
				seen = subjects(batch)
				if _, err := db.Exec(ctx, tx, `insert into setting (name, value) values ($1, $2)`, name+seen, seen); err != nil {
					return err
				}
				return fail
			})
			return seen, n, err
		}
		down := errors.New("down")
		for _, c := range []struct {
			name, watcher string
			fail          error
			seen          string
			n             int
		}{
			{"a watcher that fails", "mail", down, "1:a 2:b", 0},
			{"has the same again", "mail", nil, "1:a 2:b", 2},
			{"then the rest", "mail", nil, "3:c", 1},
			{"then nothing", "mail", nil, "", 0},
			{"another has its own place", "hook", nil, "1:a 2:b", 2},
		} {
			seen, n, err := follow(c.watcher, c.fail)
			if seen != c.seen || n != c.n || !errors.Is(err, c.fail) {
				t.Errorf("%s: saw %q, %d, %v; want %q, %d, %v", c.name, seen, n, err, c.seen, c.n, c.fail)
			}
		}
	})
}

// Writers append, some in vain, while two watchers of one name read: the numbers have no gaps, and nobody sees one twice,
// late or out of order.
func TestConcurrentAppendsHaveNoGapsOrDoubles(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const writers, each = 8, 15
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() {
				for i := range each {
					vain := errors.New("in vain")
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						if err := event.Append(t.Context(), tx, event.New{Subject: "x"}, event.New{Subject: "y"}); err != nil {
							return err
						}
						if (w+i)%5 == 0 {
							return vain
						}
						return nil
					})
					if err != nil && !errors.Is(err, vain) {
						t.Error(err)
					}
				}
			})
		}
		const total = writers * each * 2 * 4 / 5
		var mu sync.Mutex
		var seen []int64
		for range 2 {
			wait.Go(func() {
				for done := false; !done && !t.Failed(); {
					_, err := event.Follow(t.Context(), d, "watch", 7, func(_ context.Context, tx *db.Tx, batch []event.Event) error {
						tx.After(func() {
							mu.Lock()
							defer mu.Unlock()
							for _, e := range batch {
								seen = append(seen, e.Seq)
							}
						})
						return nil
					})
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					done = len(seen) >= total
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		counted := map[int64]bool{}
		for _, seq := range seen {
			counted[seq] = true
		}
		for seq := int64(1); seq <= total; seq++ {
			if !counted[seq] {
				t.Fatalf("event %d of %d was never seen: %v", seq, total, seen)
			}
		}
		if len(seen) != total {
			t.Errorf("%d events were seen, %d told", len(seen), total)
		}
	})
}
