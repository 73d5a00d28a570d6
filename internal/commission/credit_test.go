package commission_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// TestCredit tells stories: who clicked, what was sold, who has earned.
func TestCredit(t *testing.T) {
	stories := []struct {
		promise string
		model   program.Model
		terms   map[string]contract.Terms
		story   func(w *world)
		want    string
	}{
		{"the last click wins", lastTouch, nil, func(w *world) {
			a, b := w.clickID("ann", 3*day), w.clickID("bob", day)
			w.met(w.click("ann", a), w.click("bob", b), w.landing("v1", a), w.landing("v1", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "bob 10.00"},
		{"thirds lose nothing", linear, nil, func(w *world) {
			a, b, c := w.clickID("ann", 3*day), w.clickID("bob", 2*day), w.clickID("cee", day)
			w.met(w.click("ann", a), w.click("bob", b), w.click("cee", c), w.landing("v1", a), w.landing("v1", b), w.landing("v1", c))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "ann 3.34, bob 3.33, cee 3.33"},
		{"a click id is enough before the click is read", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", time.Hour) })
		}, "ann 10.00"},
		{"a click that turns out a bot's takes its commission back", lastTouch, nil, func(w *world) {
			a := w.clickID("ann", time.Hour)
			w.sale("1", "100", func(n *conversion.New) { n.Click = a })
			c := w.click("ann", a)
			c.Mark = touch.Bot
			w.met(c)
		}, ""},
		{"a late click moves the credit", lastTouch, nil, func(w *world) {
			a, b := w.clickID("ann", 3*day), w.clickID("bob", day)
			w.met(w.click("ann", a), w.landing("v1", a))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
			w.met(w.landing("v1", b))
			w.met(w.click("bob", b))
		}, "bob 10.00"},
		{"a sign-in joins two devices", linear, nil, func(w *world) {
			a, b := w.clickID("ann", 3*day), w.clickID("bob", day)
			w.met(w.click("ann", a), w.landing("phone", a), w.click("bob", b), w.landing("laptop", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Customer = "laptop", "c7" })
			w.write(func(ctx context.Context, tx *db.Tx) error {
				return commission.Identify(ctx, tx, w.keys, w.prog.ID, touch.WhoVisitor("phone"), conversion.WhoCustomer("c7"))
			})
		}, "ann 5.00, bob 5.00"},
		{"a customer brings earlier clicks along", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.Customer = w.clickID("ann", 2*day), "c1" })
			w.now = w.now.Add(day)
			w.sale("2", "50", func(n *conversion.New) { n.Customer = "c1" })
		}, "ann 15.00"},
		{"a promo code names its partner", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Code, n.Click = " bob10 ", w.clickID("ann", day) })
		}, "bob 10.00"},
		{"a stranger's code earns nobody", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Code = "WELCOME" })
		}, ""},
		{"a direct visit never overrides", lastTouch, nil, func(w *world) {
			a := w.clickID("ann", day)
			w.met(w.click("ann", a), w.landing("v1", a),
				touch.Touch{ID: "d1", Program: w.prog.ID, Kind: touch.Direct, Who: touch.WhoVisitor("v1"), At: w.now.Add(-time.Hour)})
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "ann 10.00"},
		{"each partner's own window", lastTouch, fiftyFifty, func(w *world) {
			a, b := w.clickID("ann", 20*day), w.clickID("bob", 8*day)
			w.met(w.click("ann", a), w.click("bob", b), w.landing("v1", a), w.landing("v1", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "ann 10.00"},
		{"each partner's own terms", linear, fiftyFifty, func(w *world) {
			a, b := w.clickID("ann", 2*day), w.clickID("bob", day)
			w.met(w.click("ann", a), w.click("bob", b), w.landing("v1", a), w.landing("v1", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "ann 5.00, bob 3.50"},
		{"a lead earns its fixed sum", lastTouch, fiftyFifty, func(w *world) {
			w.sale("1", "", func(n *conversion.New) { n.Event, n.Currency, n.Click = "lead", "", w.clickID("ann", day) })
		}, "ann 1.50"},
		{"an event that the contract does not pay earns nothing", lastTouch, fiftyFifty, func(w *world) {
			w.sale("1", "", func(n *conversion.New) { n.Event, n.Currency, n.Click = "lead", "", w.clickID("bob", day) })
		}, ""},
		{"a partial refund takes its part", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.refund("1", "r1", "25")
		}, "ann 7.50"},
		{"a refund may come before its sale", lastTouch, nil, func(w *world) {
			w.refund("1", "r1", "25")
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		}, "ann 7.50"},
		{"refunds beyond the order take no more than all", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.refund("1", "r1", "70")
			w.refund("1", "r2", "70")
		}, ""},
		{"the fixed sum stays until all is refunded", lastTouch, fiftyFifty, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("bob", day) })
			w.refund("1", "r1", "50")
		}, "bob 4.50"},
		{"a whole refund takes the fixed sum too", lastTouch, fiftyFifty, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("bob", day) })
			w.refund("1", "", "")
		}, ""},
		{"new terms hold from their day", lastTouch, nil, func(w *world) {
			agreeFrom := w.now.Add(-time.Hour)
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.At = w.clickID("ann", day), agreeFrom.Add(-time.Minute) })
			w.sale("2", "100", func(n *conversion.New) { n.Click, n.At = w.clickID("ann", day), agreeFrom.Add(time.Minute) })
			w.write(func(ctx context.Context, tx *db.Tx) error {
				better := contract.Sensible("EUR")
				better.Payouts = map[string]contract.Payout{"sale": {Rate: 200_000}}
				_, err := commission.Agree(ctx, tx, w.keys, w.pts["ann"], agreeFrom, better, "test")
				return err
			})
		}, "ann 30.00"},
		{"clicks while paused do not count", lastTouch, nil, func(w *world) {
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.SetStatus(ctx, tx, w.keys, w.pts["ann"], partner.Paused, w.now.Add(-2*day), "test", "")
				return err
			})
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.sale("2", "100", func(n *conversion.New) { n.Click = w.clickID("ann", 3*day) })
		}, "ann 10.00"},
		{"an address that was passed on joins nobody", lastTouch, nil, func(w *world) {
			a, b := w.clickID("ann", 3*day), w.clickID("bob", day)
			passedOn := w.landing("v2", a)
			passedOn.At = w.now.Add(-2 * day)
			w.met(w.click("ann", a), w.landing("v1", a), passedOn, w.click("bob", b), w.landing("v2", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, "ann 10.00"},
		{"a click belongs to the first who lands by it", position, nil, func(w *world) {
			x, y, z := w.clickID("ann", 3*time.Hour), w.clickID("bob", 2*time.Hour), w.clickID("ann", time.Hour)
			w.met(w.click("ann", x), w.landing("v2", x), w.click("bob", y), w.landing("v2", y))
			w.met(w.landing("v1", x), w.click("ann", z), w.landing("v1", z)) // ann pretends to be the visitor
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v2" })
		}, "ann 5.00, bob 5.00"},
		{"a machine that lands without end stays by itself", lastTouch, nil, func(w *world) {
			var touches []touch.Touch
			for range 600 {
				click := w.clickID("ann", time.Hour)
				touches = append(touches, w.click("ann", click), w.landing("machine", click))
			}
			w.met(touches...)
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "machine" })
		}, "ann 10.00"},
		{"two doors report one order, each what it knows", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		}, "ann 10.00"},
		{"in either order", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
		}, "ann 10.00"},
		{"even when the first knows nobody", lastTouch, nil, func(w *world) {
			w.sale("1", "100", nil)
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		}, "ann 10.00"},
		{"a code that is given while the sale comes in", lastTouch, nil, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Code = "NEW20" })
			w.now = w.now.Add(30 * time.Second)
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.GiveCode(ctx, tx, w.keys, w.prog.ID, w.pts["cee"], "new20")
				return err
			})
		}, "cee 10.00"},
		{"what was credited elsewhere locks nobody's shares", lastTouch, fiftyFifty, func(w *world) {
			a, b, c := w.clickID("ann", 2*time.Hour), w.clickID("bob", 3*time.Hour), w.clickID("cee", time.Hour)
			w.met(w.click("bob", b), w.landing("v1", b))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" }) // bob's, final in 14 days
			w.met(w.click("ann", a), w.landing("v1", a))                     // ann's, final in 30
			w.now = w.now.Add(20 * day)
			if n, err := commission.Mature(context.Background(), w.d); n != 0 || err != nil {
				w.t.Errorf("%d commissions became final, %v", n, err)
			}
			w.met(w.click("cee", c), w.landing("v1", c))
		}, "cee 10.00"},
		{"a sale reported twice is one", lastTouch, nil, func(w *world) {
			for range 2 {
				w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			}
		}, "ann 10.00"},
	}
	for _, s := range stories {
		t.Run(s.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, s.model, s.terms)
				s.story(w)
				if got := w.earned(); got != s.want {
					t.Errorf("earned %q, want %q", got, s.want)
				}
				w.verify()
			})
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	cases := []struct {
		promise string
		with    func(w *world, n *conversion.New)
		want    string
	}{
		{"a click id of no form", func(_ *world, n *conversion.New) { n.Click = "abc" }, "click_id_invalid"},
		{"a click id with a wrong MAC", func(w *world, n *conversion.New) {
			n.Click = touch.NewKeys([]byte("another secret of thirty-two byte")).NewID(w.now, w.link["ann"].Number)
		}, "click_id_invalid"},
		{"a click id of a link that is not here", func(w *world, n *conversion.New) { n.Click = w.keys.NewID(w.now, 12345) }, "click_id_unknown"},
		{"an unknown program", func(_ *world, n *conversion.New) { n.Program = "prg_none" }, "program_unknown"},
		{"an unknown currency", func(_ *world, n *conversion.New) { n.Currency = "EUX" }, "currency_unknown"},
		{"another currency", func(_ *world, n *conversion.New) { n.Currency = "USD" }, "currency_not_accepted"},
		{"an unknown event type", func(_ *world, n *conversion.New) { n.Event = "wedding" }, "event_type_unknown"},
		{"no order id", func(_ *world, n *conversion.New) { n.Order = " " }, "order_id_missing"},
		{"less than nothing", func(_ *world, n *conversion.New) { n.Amount = "-1" }, "amount_invalid"},
		{"parts of a cent", func(_ *world, n *conversion.New) { n.Amount = "1.001" }, "amount_invalid"},
		{"a sale without an amount", func(_ *world, n *conversion.New) { n.Amount = "" }, "amount_missing"},
		{"not a number", func(_ *world, n *conversion.New) { n.Amount = "NaN" }, "amount_invalid"},
		{"an e-mail address in clear", func(_ *world, n *conversion.New) { n.Email = "a@example.org" }, "email_sha256_invalid"},
		{"a sale of tomorrow", func(w *world, n *conversion.New) { n.At = w.now.Add(day) }, "at_invalid"},
		{"several faults at once", func(_ *world, n *conversion.New) { n.Amount, n.Event = "-1", "wedding" }, "input_invalid"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		for i, c := range cases {
			t.Run(c.promise, func(t *testing.T) {
				_, err := w.trySale(fmt.Sprint("bad", i), "10", func(n *conversion.New) { c.with(w, n) })
				if got := problem.Code(err); got != c.want {
					t.Errorf("problem %q (%v), want %q", got, err, c.want)
				}
			})
		}
		list, err := commission.Conversions(context.Background(), d.Read(), commission.Wanted{Program: w.prog.ID, Limit: 10})
		if err != nil || len(list) != 0 {
			t.Errorf("%d conversions were written, %v", len(list), err)
		}
		w.sale("1", "10", nil)
		if _, err := w.trySale("1", "11", nil); problem.Code(err) != "order_differs" {
			t.Errorf("the same order with another amount: %v", err)
		}
	})
}

func TestFiftyPostsOfOneOrderMakeOneCommission(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		line := commission.NewLine(d, w.keys)
		defer line.Close()
		click := w.clickID("ann", day)
		var wg sync.WaitGroup
		var mu sync.Mutex
		ids, firsts := map[string]bool{}, 0
		for range 50 {
			wg.Go(func() {
				c, err := line.Credit(context.Background(), conversion.New{Program: w.prog.ID, Order: "1", Amount: "100", Currency: "EUR", Click: click})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[c.Conversion.ID] = true
				if !c.Duplicate {
					firsts++
				}
			})
		}
		wg.Wait()
		if len(ids) != 1 || firsts != 1 {
			t.Errorf("%d conversions, %d of them first", len(ids), firsts)
		}
		if got := w.earned(); got != "ann 10.00" {
			t.Errorf("earned %q", got)
		}
		w.verify()
	})
}

// TestFromPendingToPaid walks a commission to its end, and takes it back afterwards.
func TestFromPendingToPaid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d, lastTouch, nil)
		sold := w.sale("1", "800", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		state := func() string {
			t.Helper()
			list, err := commission.Of(ctx, d.Read(), []string{sold.Conversion.ID})
			if err != nil || len(list[sold.Conversion.ID]) != 1 {
				t.Fatal(list, err)
			}
			c := list[sold.Conversion.ID][0]
			return fmt.Sprintf("%s %s, open %d", c.State, c.Amount.Decimal(), c.Open())
		}
		expect := func(want string) {
			t.Helper()
			if got := state(); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			w.verify()
		}
		expect("pending 80.00, open 0")
		w.now = w.now.Add(29 * day)
		if n, err := commission.Mature(ctx, d); n != 0 || err != nil {
			t.Errorf("%d commissions were locked a day too early, %v", n, err)
		}
		w.now = w.now.Add(day)
		if n, err := commission.Mature(ctx, d); n != 1 || err != nil {
			t.Errorf("%d commissions were locked on their day, %v", n, err)
		}
		expect("payable 80.00, open 8000")
		w.met(w.click("bob", w.clickID("bob", 31*day))) // too late to change anything
		var b payout.Batch
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			b, err = payout.Make(ctx, tx, w.prog.ID, payout.Options{}, "test")
			return err
		})
		expect("in_payout 80.00, open 0")
		pay, err := payout.In(ctx, d.Read(), b.ID)
		if err != nil || len(pay) != 1 {
			t.Fatal(pay, err)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, b.ID, "test")
			return err
		})
		var files []payout.File
		w.write(func(ctx context.Context, tx *db.Tx) (err error) { files, err = payout.Send(ctx, tx, b.ID); return err })
		if want := "ann@example.org,80.00,EUR," + pay[0].ID + ",Acme,PayPal\r\n"; len(files) != 1 || string(files[0].Body) != want {
			t.Errorf("file %q, want %q", files[0].Body, want)
		}
		settle := func(status string) string {
			var out []payout.Outcome
			w.write(func(ctx context.Context, tx *db.Tx) error {
				results, err := payout.ReadResults(strings.NewReader("id,status,reason\n" + pay[0].ID + "," + status + ",account closed\nnobody,paid,\n"))
				if err != nil {
					return err
				}
				out, err = payout.Settle(ctx, tx, b.ID, results, "tester")
				return err
			})
			return out[0].Did + " " + out[1].Did
		}
		if got := settle("failed"); got != "failed unknown" {
			t.Error(got)
		}
		expect("payable 80.00, open 8000")
		if got := settle("failed"); got != "already unknown" {
			t.Error(got)
		}
		if got := settle("paid"); got != "contradicts unknown" {
			t.Error(got)
		}
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			b, err = payout.Make(ctx, tx, w.prog.ID, payout.Options{}, "test")
			return err
		})
		if pay, err = payout.In(ctx, d.Read(), b.ID); err != nil {
			t.Fatal(err)
		}
		if got := settle("paid"); got != "not_sent unknown" {
			t.Error(got)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, b.ID, "test")
			return err
		})
		w.write(func(ctx context.Context, tx *db.Tx) error { _, err := payout.Send(ctx, tx, b.ID); return err })
		if got := settle("Completed"); got != "paid unknown" {
			t.Error(got)
		}
		expect("paid 80.00, open 0")
		if got := settle("Returned"); got != "failed unknown" {
			t.Error(got)
		}
		expect("payable 80.00, open 8000")
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			b, err = payout.Make(ctx, tx, w.prog.ID, payout.Options{}, "test")
			return err
		})
		if pay, err = payout.In(ctx, d.Read(), b.ID); err != nil {
			t.Fatal(err)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, b.ID, "test")
			return err
		})
		w.write(func(ctx context.Context, tx *db.Tx) error { _, err := payout.Send(ctx, tx, b.ID); return err })
		if got := settle("paid"); got != "paid unknown" {
			t.Error(got)
		}
		w.refund("1", "r1", "200")
		expect("payable 60.00, open -2000")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := payout.Make(ctx, tx, w.prog.ID, payout.Options{IgnoreCycle: true}, "test")
			if problem.Code(err) != "nothing_due" {
				t.Errorf("a debt was paid out: %v", err)
			}
			return nil
		})
	})
}
