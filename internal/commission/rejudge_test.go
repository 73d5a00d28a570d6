package commission_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// judged is what came of a judgement, in words.
func (w *world) judged(counts bool, clicks ...string) string {
	w.t.Helper()
	var r commission.Rejudged
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Rejudge(ctx, tx, w.keys, w.prog.ID, clicks, commission.NewJudgement{Counts: counts, Reason: "looked at", Author: "test"})
		return err
	})
	return fmt.Sprintf("%d touches, %d already, %d conversions, %d cents, %d final", r.Touches, r.Already, r.Conversions, r.Delta, r.Final)
}

func (w *world) marked(name, id string, mark touch.Mark) touch.Touch {
	t := w.click(name, id)
	t.Mark = mark
	return t
}

// TestRejudge tells what becomes of ann's earnings, 10 % of each sale, when somebody looks at her click again.
func TestRejudge(t *testing.T) {
	for _, c := range []struct {
		promise string
		mark    touch.Mark
		story   func(w *world, click string, expect func(got, want string))
	}{
		{"a bot that was a person earns", touch.Bot, func(w *world, click string, expect func(got, want string)) {
			expect(w.earned(), "")
			expect(w.judged(true, click), "1 touches, 0 already, 1 conversions, 1000 cents, 0 final")
			expect(w.earned(), "ann 10.00")
			expect(w.judged(true, click), "0 touches, 1 already, 0 conversions, 0 cents, 0 final")
		}},
		{"a person who was a bot does not", touch.Counts, func(w *world, click string, expect func(got, want string)) {
			expect(w.earned(), "ann 10.00")
			expect(w.judged(false, click), "1 touches, 0 already, 1 conversions, -1000 cents, 0 final")
			expect(w.earned(), "")
		}},
		{"and may be one after all", touch.Counts, func(w *world, click string, expect func(got, want string)) {
			w.judged(false, click)
			expect(w.judged(true, click), "1 touches, 0 already, 1 conversions, 1000 cents, 0 final")
			expect(w.earned(), "ann 10.00")
		}},
		{"what is locked stays", touch.Counts, func(w *world, click string, expect func(got, want string)) {
			w.now = w.now.AddDate(0, 0, 40)
			w.mature()
			expect(w.judged(false, click), "1 touches, 0 already, 0 conversions, 0 cents, 1 final")
			expect(w.earned(), "ann 10.00")
		}},
		{"a mark stays when it is refused too", touch.Bot, func(w *world, click string, expect func(got, want string)) {
			expect(w.judged(false, click), "0 touches, 1 already, 0 conversions, 0 cents, 0 final")
			kept, err := touch.Named(context.Background(), w.d.Read(), []string{click})
			expect(fmt.Sprintf("%s %v", kept[click].Mark, err), "bot <nil>")
		}},
		{"a sale that comes later goes by the last judgement", touch.Bot, func(w *world, click string, expect func(got, want string)) {
			w.judged(true, click)
			w.sale("2", "50.00", func(n *conversion.New) { n.Click = click })
			expect(w.earned(), "ann 15.00")
		}},
		{"the days of the clicks are counted anew", touch.Bot, func(w *world, click string, expect func(got, want string)) {
			clicks := func() string {
				of, err := touch.ByPartnership(context.Background(), w.d.Read(), w.prog.ID, w.now.AddDate(0, 0, -10), w.now)
				return fmt.Sprint(of[w.pts["ann"]], err)
			}
			expect(clicks(), "0 <nil>")
			w.judged(true, click)
			expect(clicks(), "1 <nil>")
		}},
	} {
		t.Run(strings.ReplaceAll(c.promise, " ", "_"), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, linear, fiftyFifty)
				click := w.clickID("ann", day)
				w.met(w.marked("ann", click, c.mark))
				w.sale("1", "100.00", func(n *conversion.New) { n.Click = click })
				c.story(w, click, func(got, want string) {
					t.Helper()
					if got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				})
				w.verify()
			})
		})
	}
}

func TestRejudgeRefuses(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite), linear, fiftyFifty)
	click := w.clickID("ann", day)
	w.met(w.click("ann", click))
	try := func(reason string, ids ...string) string {
		err := w.d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := commission.Rejudge(context.Background(), tx, w.keys, w.prog.ID, ids, commission.NewJudgement{Reason: reason, Author: "test"})
			return err
		})
		return problem.Code(err)
	}
	for want, got := range map[string]string{
		"touch_unknown":   try("", click, "nothing"),
		"reason_invalid":  try(strings.Repeat("x", 1001), click),
		"touches_invalid": try("", make([]string, commission.RejudgeMost+1)...),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	w.verify()
}

// TestDuplicates: who clicks twice arrives with the second click's id, and the partner loses nothing by it, nor wins.
func TestDuplicates(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, linear, fiftyFifty)
		first, second := w.clickID("ann", day), w.clickID("ann", day-time.Second)
		bob := w.clickID("bob", day-time.Hour)
		w.met(w.click("ann", first), w.marked("ann", second, touch.Duplicate), w.click("bob", bob))
		w.sale("1", "100.00", func(n *conversion.New) { n.Click = second })
		if got := w.earned(); got != "ann 10.00" {
			t.Errorf("by the second click alone: %q", got)
		}
		w.met(w.landing("v1", bob), w.landing("v1", second)) // now bob has his half
		half := w.earned()
		w.met(w.landing("v1", first)) // and the first click makes the second one a repetition, not a third touch
		if got := w.earned(); got != half || !strings.HasPrefix(got, "ann 5.00, bob ") {
			t.Errorf("with both clicks: %q, with one: %q", got, half)
		}
		w.verify()
	})
}

func TestMarkAtATurn(t *testing.T) {
	list := []touch.Judgement{{Was: touch.Bot, Mark: touch.Counts, Turn: 5}, {Was: touch.Counts, Mark: touch.Refused, Turn: 9}}
	for turn, want := range map[int64]touch.Mark{1: touch.Bot, 4: touch.Bot, 5: touch.Counts, 8: touch.Counts, 9: touch.Refused, 100: touch.Refused} {
		if got := touch.MarkAt(list, touch.Refused, turn); got != want {
			t.Errorf("at turn %d: %q, want %q", turn, got, want)
		}
	}
	if got := touch.MarkAt(nil, touch.Head, 1); got != touch.Head {
		t.Errorf("never judged: %q", got)
	}
}
