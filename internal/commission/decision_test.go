package commission_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/problem"
)

// decide is what became of a decision about ann's commission of order 1, and bob's when he has one, in words.
func (w *world) decide(kind commission.Kind, with ...string) string {
	w.t.Helper()
	var ids []string
	for _, name := range names {
		if id := w.earnedWith("1", name); id != "" {
			ids = append(ids, id)
		}
	}
	if len(with) > 0 {
		ids = with
	}
	var list []db.Result[commission.Decided]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = commission.DecideOn(ctx, tx, w.keys, ids, commission.NewDecision{Kind: kind, Author: "test"})
		return err
	})
	var words []string
	for _, r := range list {
		switch {
		case r.Err != nil:
			words = append(words, problem.Code(r.Err))
		case r.Value.Already:
			words = append(words, "already")
		default:
			words = append(words, string(r.Value.Commission.State))
		}
	}
	return strings.Join(words, " ")
}

func (w *world) mature() {
	w.t.Helper()
	if _, err := commission.Mature(context.Background(), w.d); err != nil {
		w.t.Fatal(err)
	}
}

// TestDecisions tells what people decide about ann's commission, and what it comes to.
func TestDecisions(t *testing.T) {
	const hold, release, approve, reverse = commission.ToHold, commission.ToRelease, commission.ToApprove, commission.ToReverse
	for _, c := range []struct {
		promise string
		story   func(w *world, expect func(got, want string))
		want    string // all that is owed
	}{
		{"what is held does not lock on its day", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold), "held")
			w.now = w.now.Add(400 * day)
			w.mature()
		}, "1/ann 10.00 held"},
		{"what is released before its day locks on it", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold), "held")
			w.now = w.now.Add(29 * day)
			expect(w.decide(release), "pending")
			w.mature()
			expect(w.standing(), "1/ann 10.00 pending")
			w.now = w.now.Add(day)
			w.mature()
		}, "1/ann 10.00 payable"},
		{"what is released after its day locks at the next maturing", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold), "held")
			w.now = w.now.Add(90 * day)
			w.mature()
			expect(w.decide(release), "pending")
			w.mature()
		}, "1/ann 10.00 payable"},
		{"an approval locks at once, and makes the shares final", func(w *world, expect func(got, want string)) {
			expect(w.decide(approve), "payable")
			w.met(w.click("bob", w.clickID("bob", 0)), w.landing("v1", w.clickID("bob", 0)))
		}, "1/ann 10.00 payable"},
		{"an approval ends a hold", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold), "held")
			expect(w.decide(approve), "payable")
		}, "1/ann 10.00 payable"},
		{"each again is so already", func(w *world, expect func(got, want string)) {
			for _, kind := range []commission.Kind{hold, release, hold, approve, reverse} {
				w.decide(kind)
				expect(w.decide(kind), "already")
			}
		}, ""},
		{"what has locked by itself needs no approval and takes no hold", func(w *world, expect func(got, want string)) {
			w.now = w.now.Add(30 * day)
			w.mature()
			expect(w.decide(approve)+" "+w.decide(hold)+" "+w.decide(release), "commission_locked commission_locked commission_locked")
		}, "1/ann 10.00 payable"},
		{"what is approved takes no hold", func(w *world, expect func(got, want string)) {
			w.decide(approve)
			expect(w.decide(hold), "commission_locked")
		}, "1/ann 10.00 payable"},
		{"what is not held cannot be released", func(w *world, expect func(got, want string)) {
			expect(w.decide(release), "commission_not_held")
		}, "1/ann 10.00 pending"},
		{"what is held can be reversed, and that is the last word", func(w *world, expect func(got, want string)) {
			w.decide(hold)
			expect(w.decide(reverse), "reversed")
			expect(w.decide(release)+" "+w.decide(hold)+" "+w.decide(approve), "commission_reversed commission_reversed commission_reversed")
		}, ""},
		{"a refund takes from what is held", func(w *world, expect func(got, want string)) {
			w.decide(hold)
			w.refund("1", "r1", "40")
		}, "1/ann 6.00 held"},
		{"a hold stays with the partner's part when the credit goes and comes back", func(w *world, expect func(got, want string)) {
			w.decide(hold)
			bob := w.clickID("bob", 0)
			w.met(w.click("bob", bob), w.landing("v1", bob))
			expect(w.standing(), "1/bob 10.00 pending")
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.SetStatus(ctx, tx, w.keys, w.pts["bob"], "paused", w.now.Add(-30*day), "test", "")
				return err
			})
		}, "1/ann 10.00 held"},
		{"one that nobody has is refused by itself", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold, "com_none", w.earnedWith("1", "ann")), "commission_unknown held")
		}, "1/ann 10.00 held"},
		{"one named twice is decided once", func(w *world, expect func(got, want string)) {
			expect(w.decide(hold, w.earnedWith("1", "ann"), w.earnedWith("1", "ann")), "held held")
		}, "1/ann 10.00 held"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, nil)
				a := w.clickID("ann", day)
				w.met(w.click("ann", a), w.landing("v1", a))
				w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
				c.story(w, func(got, want string) {
					t.Helper()
					if got != want {
						t.Errorf("%q, want %q", got, want)
					}
					w.verify()
				})
				if got := w.standing(); got != c.want {
					t.Errorf("it comes to %q, want %q", got, c.want)
				}
				w.verify()
			})
		})
	}
}

// TestSharesAreHeldOneByOne: a held share stays open while the shares of its conversion become final.
func TestSharesAreHeldOneByOne(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, linear, fiftyFifty) // ann locks after 30 days, bob after 14
		a, b := w.clickID("ann", 2*day), w.clickID("bob", day)
		w.met(w.click("ann", a), w.landing("v1", a), w.click("bob", b), w.landing("v1", b))
		w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		for _, c := range []struct {
			do   func()
			want string
		}{
			{func() { w.decide(commission.ToHold, w.earnedWith("1", "bob")) }, "1/ann 5.00 pending, 1/bob 3.50 held"},
			{func() { w.now = w.now.Add(31 * day); w.mature() }, "1/ann 5.00 payable, 1/bob 3.50 held"},
			{func() { w.refund("1", "r", "50") }, "1/ann 2.50 payable, 1/bob 2.25 held"},
			{func() { w.decide(commission.ToRelease, w.earnedWith("1", "bob")); w.mature() }, "1/ann 2.50 payable, 1/bob 2.25 payable"},
		} {
			c.do()
			if got := w.standing(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			w.verify()
		}
	})
}

// TestDecisionsAreTold: watchers and receipts learn of each, in order.
func TestDecisionsAreTold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		sold := w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		for _, kind := range []commission.Kind{commission.ToHold, commission.ToRelease, commission.ToHold, commission.ToApprove, commission.ToReverse} {
			w.now = w.now.Add(-day) // a clock that goes backwards
			w.decide(kind)
		}
		ctx := context.Background()
		events, err := event.List(ctx, d.Read(), event.Filter{Program: w.prog.ID, Subject: w.earnedWith("1", "ann"), Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, e := range events {
			told = append(told, strings.TrimPrefix(string(e.Kind), "commission."))
		}
		if got, want := strings.Join(told, " "), "held released held released approved locked reversed"; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
		decisions, err := commission.Decisions(ctx, d.Read(), []string{sold.Conversion.ID})
		if err != nil {
			t.Fatal(err)
		}
		var decided []string
		for _, one := range decisions[sold.Conversion.ID] {
			decided = append(decided, strings.TrimSpace(fmt.Sprint(one.Kind, " ", one.Reason)))
		}
		if got, want := strings.Join(decided, ", "), "hold other, release, hold other, approve, reverse other"; got != want {
			t.Errorf("decided %q, want %q", got, want)
		}
		w.verify()
	})
}

func TestWhichDecisionsAreRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		id := w.earnedWith("1", "ann")
		for _, c := range []struct {
			promise string
			ids     []string
			n       commission.NewDecision
		}{
			{"none of the kinds", []string{id}, commission.NewDecision{Kind: "freeze"}},
			{"a reason of a reversal to hold", []string{id}, commission.NewDecision{Kind: commission.ToHold, Reason: "chargeback"}},
			{"a reason of a hold to reverse", []string{id}, commission.NewDecision{Kind: commission.ToReverse, Reason: "traffic_check"}},
			{"a reason to approve", []string{id}, commission.NewDecision{Kind: commission.ToApprove, Reason: "other"}},
			{"a novel", []string{id}, commission.NewDecision{Kind: commission.ToHold, Note: strings.Repeat("é", 1001)}},
			{"about too many", make([]string, 201), commission.NewDecision{Kind: commission.ToHold}},
		} {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := commission.DecideOn(context.Background(), tx, w.keys, c.ids, c.n)
				return err
			})
			if problem.Code(err) != "input_invalid" && !strings.HasSuffix(problem.Code(err), "_invalid") {
				t.Errorf("%s: %v", c.promise, err)
			}
		}
		if got := w.standing(); got != "1/ann 10.00 pending" {
			t.Errorf("it comes to %q", got)
		}
	})
}
