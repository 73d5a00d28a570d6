package commission_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// codes decides what codes count for, since so long ago.
func (w *world) codes(c program.CodeCredit, ago time.Duration) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := commission.DecideCodes(ctx, tx, w.keys, w.prog.ID, w.now.Add(-ago), c, "test")
		return err
	})
}

// stand gives a code another standing, since so long ago.
func (w *world) stand(code, name string, ago time.Duration, with func(*creative.Standing)) {
	w.t.Helper()
	s := creative.Standing{Program: w.prog.ID, Code: code, Partnership: w.pts[name], Since: w.now.Add(-ago), Author: "test"}
	if with != nil {
		with(&s)
	}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := commission.StandCode(ctx, tx, w.keys, s)
		return err
	})
}

// single makes one code for a partner that can be used once.
func (w *world) single(name string) string {
	w.t.Helper()
	var codes []creative.SingleCode
	w.write(func(ctx context.Context, tx *db.Tx) error {
		b, err := creative.CreateBatch(ctx, tx, creative.Batch{Program: w.prog.ID, Partnership: w.pts[name], Size: 1, Prefix: "once-"})
		if err == nil {
			codes, err = creative.CodesIn(ctx, tx, b)
		}
		return err
	})
	return codes[0].Code
}

// used is a sale so long ago with a code, and with a click of somebody unless that is empty.
func (w *world) used(order, code, clicked string, ago time.Duration) commission.Credited {
	w.t.Helper()
	return w.sale(order, "100", func(n *conversion.New) {
		n.At, n.Code = w.now.Add(-ago), code
		if clicked != "" {
			n.Click = w.clickID(clicked, ago+time.Hour)
		}
	})
}

// said is what an order's receipt says of its code and of its customer's partner.
func (w *world) said(order string) (code, bound commission.Verdict) {
	w.t.Helper()
	sale, err := conversion.ByOrder(context.Background(), w.d.Read(), w.prog.ID, "sale", order)
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := commission.Explain(context.Background(), w.d.Read(), sale.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(e.Codes) > 0 {
		code = e.Codes[0].Verdict
	}
	if e.Bound != nil {
		bound = e.Bound.Verdict
	}
	return code, bound
}

func TestCodes(t *testing.T) {
	cases := []struct {
		promise string
		model   program.Model
		tell    func(w *world)
		code    commission.Verdict // of order 1
		earned  string
	}{
		{"a code shares as a touch where nothing was decided", linear, func(w *world) { w.used("1", "CEE10", "ann", day) }, commission.Counted, "ann 5.00, cee 5.00"},
		{"always: the code's partner has the order", linear, func(w *world) {
			w.codes(program.CodeAlways, 9*day)
			w.used("1", "CEE10", "ann", day)
		}, commission.Counted, "cee 10.00"},
		{"in the path: not without a visit", linear, func(w *world) {
			w.codes(program.CodeInPath, 9*day)
			w.used("1", "CEE10", "ann", day)
		}, commission.CodeNotInPath, "ann 10.00"},
		{"in the path: with one, the order", linear, func(w *world) {
			w.codes(program.CodeInPath, 9*day)
			c, a := w.clickID("cee", 3*day), w.clickID("ann", 2*day)
			w.met(w.click("cee", c), w.click("ann", a), w.landing("v", c), w.landing("v", a))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Code = "v", "CEE10" })
		}, commission.Counted, "cee 10.00"},
		{"winner: it takes from nobody", lastTouch, func(w *world) {
			w.codes(program.CodeWinner, 9*day)
			w.used("1", "CEE10", "ann", day)
		}, commission.CodeNotWinner, "ann 10.00"},
		{"winner: it confirms", lastTouch, func(w *world) {
			w.codes(program.CodeWinner, 9*day)
			w.used("1", "ANN10", "ann", day)
		}, commission.CodeConfirms, "ann 10.00"},
		{"winner: alone it earns nothing", lastTouch, func(w *world) {
			w.codes(program.CodeWinner, 9*day)
			w.used("1", "CEE10", "", day)
		}, commission.CodeNotWinner, ""},
		{"a policy holds from its day on", lastTouch, func(w *world) {
			w.used("1", "CEE10", "ann", 5*day)
			w.used("2", "CEE10", "ann", day)
			w.codes(program.CodeWinner, 2*day)
		}, commission.Counted, "ann 10.00, cee 10.00"},
		{"written in any way", lastTouch, func(w *world) { w.used("1", " cee\u200b10\u00a0", "", day) }, commission.Counted, "cee 10.00"},
		{"in wide letters", lastTouch, func(w *world) { w.used("1", "ｃｅｅ１０", "", day) }, commission.Counted, "cee 10.00"},

		{"suspended: not from that moment on", lastTouch, func(w *world) {
			w.used("1", "CEE10", "", day)
			w.used("2", "CEE10", "", 3*day)
			w.stand("CEE10", "cee", 2*day, func(s *creative.Standing) { s.Suspended, s.Reason = true, "leaked" })
		}, commission.CodeSuspended, "cee 10.00"},
		{"suspended: a click still counts", lastTouch, func(w *world) {
			w.stand("CEE10", "cee", 2*day, func(s *creative.Standing) { s.Suspended = true })
			w.used("1", "CEE10", "ann", day)
		}, commission.CodeSuspended, "ann 10.00"},
		{"another partner's: priced by the order's moment", lastTouch, func(w *world) {
			w.stand("CEE10", "ann", 2*day, nil)
			w.used("1", "CEE10", "", day)
			w.used("2", "CEE10", "", 3*day)
		}, commission.Counted, "ann 10.00, cee 10.00"},
		{"of two words for one moment the later holds", lastTouch, func(w *world) {
			w.stand("CEE10", "ann", 2*day, nil)
			w.stand("CEE10", "cee", 2*day, nil)
			w.used("1", "CEE10", "", day)
		}, commission.Counted, "cee 10.00"},
		{"bound to visits: none", lastTouch, func(w *world) {
			w.stand("CEE10", "cee", 2*day, func(s *creative.Standing) { s.Near = creative.Met })
			w.used("1", "CEE10", "ann", day)
		}, commission.CodeAlone, "ann 10.00"},
		{"bound to visits: one", lastTouch, func(w *world) {
			w.stand("CEE10", "cee", 2*day, func(s *creative.Standing) { s.Near = creative.Met })
			w.used("1", "CEE10", "cee", day)
		}, commission.Counted, "cee 10.00"},
		{"bound to hosts: from elsewhere", lastTouch, func(w *world) {
			w.stand("CEE10", "cee", 9*day, func(s *creative.Standing) {
				s.Near, s.Hosts = creative.Source, []string{"https://www.cee.example/blog"}
			})
			c := w.clickID("cee", 2*day)
			from := w.click("cee", c)
			from.Referrer = "https://coupons.example/cee.example"
			w.met(from)
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.Code = c, "CEE10" })
		}, commission.CodeAlone, "cee 10.00"}, // by the click
		{"bound to hosts: from there", lastTouch, func(w *world) {
			w.stand("CEE10", "cee", 9*day, func(s *creative.Standing) { s.Near, s.Hosts = creative.Source, []string{"cee.example"} })
			c := w.clickID("cee", 2*day)
			from := w.click("cee", c)
			from.Referrer = "https://blog.cee.example/tents?x=1"
			w.met(from)
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.Code = c, "CEE10" })
		}, commission.Counted, "cee 10.00"},

		{"once: the second order has nothing of it", lastTouch, func(w *world) {
			code := w.single("cee")
			w.now = w.now.Add(9 * day)
			w.used("2", code, "", 2*day)
			w.used("1", code, "", day)
		}, commission.CodeUsed, "cee 10.00"},
		{"once: the first is the earlier, not the one reported first", lastTouch, func(w *world) {
			code := w.single("cee")
			w.now = w.now.Add(9 * day)
			w.used("1", code, "ann", day)
			w.used("2", code, "", 2*day)
		}, commission.CodeUsed, "ann 10.00, cee 10.00"},
		{"once: a refund does not make it new", lastTouch, func(w *world) {
			code := w.single("cee")
			w.now = w.now.Add(9 * day)
			w.refund("2", "", "")
			w.used("2", code, "", 2*day)
			w.used("1", code, "", day)
			w.refund("2", "", "")
		}, commission.CodeUsed, ""},
		{"once: a report after the first was paid comes too late, though it happened before", lastTouch, func(w *world) {
			code := w.single("bob")
			w.now = w.now.Add(40 * day)
			w.used("2", code, "", 20*day) // bob's are final after 14 days
			if _, err := commission.Mature(context.Background(), w.d); err != nil {
				w.t.Fatal(err)
			}
			w.used("1", code, "", 21*day)
		}, commission.CodeUsed, "bob 7.00"},

		{"a lower share with a code", lastTouch, func(w *world) {
			terms := contract.Sensible("EUR")
			terms.WithCode = map[string]contract.Payout{"sale": {Rate: money.Rate(40_000)}}
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Agree(ctx, tx, w.keys, w.pts["cee"], w.now.Add(-9*day), terms, "test")
				return err
			})
			w.used("1", "CEE10", "", day)
			w.used("2", "", "cee", day)
			w.used("3", "HELLO", "cee", 2*day) // the shop's own
		}, commission.Counted, "cee 24.00"},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, c.model, fiftyFifty)
				c.tell(w)
				if code, _ := w.said("1"); code != c.code {
					t.Errorf("the receipt says %q of the code, want %q", code, c.code)
				}
				if got := w.earned(); got != c.earned {
					t.Errorf("earned %q, want %q", got, c.earned)
				}
				w.verify()
			})
		})
	}
}

func TestLeakedCodes(t *testing.T) {
	cases := []struct {
		promise      string
		week, before commission.Uses
		want         bool
	}{
		{"a code of a podcast is always used so", commission.Uses{All: 20, Alone: 19}, commission.Uses{All: 80, Alone: 76}, false},
		{"a code of a blog is on a list of codes", commission.Uses{All: 20, Alone: 17}, commission.Uses{All: 40, Alone: 4}, true},
		{"many more than before", commission.Uses{All: 60, Alone: 55}, commission.Uses{All: 40, Alone: 30}, true},
		{"few are chance", commission.Uses{All: 9, Alone: 9}, commission.Uses{All: 40, Alone: 4}, false},
		{"most have visited", commission.Uses{All: 20, Alone: 13}, commission.Uses{All: 40, Alone: 4}, false},
		{"without a history nobody can tell", commission.Uses{All: 20, Alone: 20}, commission.Uses{}, false},
	}
	for _, c := range cases {
		if got := (commission.CodeFigures{Week: c.week, Before: c.before}).Leaked(); got != c.want {
			t.Errorf("%s: %v", c.promise, got)
		}
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, fiftyFifty)
		for i := range 20 {
			name, ago := "", day
			if i < 3 {
				name = "ann"
			}
			w.used(fmt.Sprint("week", i), "ann10", name, ago)
			w.used(fmt.Sprint("before", i), "ann10", "ann", 20*day)
			w.used(fmt.Sprint("long", i), "ann10", "", 50*day)
		}
		figures, err := commission.FiguresOfCodes(context.Background(), d.Read(), w.prog.ID, w.now)
		want := commission.CodeFigures{Week: commission.Uses{All: 20, Alone: 17}, Before: commission.Uses{All: 20}}
		if err != nil || figures["ANN10"] != want || !figures["ANN10"].Leaked() {
			t.Errorf("%+v, %v, want %+v", figures, err, want)
		}
	})
}

func TestCodesOfABatch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, fiftyFifty)
		ctx := context.Background()
		var b creative.Batch
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			b, err = creative.CreateBatch(ctx, tx, creative.Batch{Program: w.prog.ID, Partnership: w.pts["ann"], Size: 1000, Prefix: "vip-"})
			return err
		})
		codes, err := creative.CodesIn(ctx, d.Read(), b)
		if err != nil || len(codes) != 1000 {
			t.Fatalf("%d codes, %v", len(codes), err)
		}
		seen := map[string]bool{}
		for _, c := range codes {
			if len(c.Code) != 14 || c.Code[:4] != "VIP-" || seen[c.Code] {
				t.Fatalf("%q is not a new code of the batch", c.Code)
			}
			for _, r := range c.Code[4:] {
				if r == '0' || r == 'O' || r == '1' || r == 'I' || r == 'L' || r == 'U' {
					t.Fatalf("%q has a letter that is misread", c.Code)
				}
			}
			seen[c.Code] = true
		}
		w.used("1", codes[3].Code, "", 0)
		w.used("2", codes[3].Code, "", 0)
		list, err := creative.Batches(ctx, d.Read(), w.pts["ann"])
		if err != nil || len(list) != 1 || list[0].Used != 1 {
			t.Errorf("%+v, %v: want one batch of which one code was used", list, err)
		}
		if own, err := creative.Codes(ctx, d.Read(), w.pts["ann"]); err != nil || len(own) != 1 {
			t.Errorf("%v, %v: codes of batches stand among the others", own, err)
		}
		for _, c := range []struct {
			b    creative.Batch
			want string
		}{
			{creative.Batch{Size: 0}, "size_invalid"},
			{creative.Batch{Size: creative.BatchMost + 1}, "size_invalid"},
			{creative.Batch{Size: 1, Prefix: "über"}, "prefix_invalid"},
		} {
			c.b.Program, c.b.Partnership = w.prog.ID, w.pts["ann"]
			err := d.Write(ctx, func(tx *db.Tx) error { _, err := creative.CreateBatch(ctx, tx, c.b); return err })
			if problem.Code(err) != c.want {
				t.Errorf("%+v: %v, want %s", c.b, err, c.want)
			}
		}
	})
}
