package commission_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func (w *world) edit(order, id, amount string, before time.Duration, with func(*conversion.NewEdit)) commission.Told[conversion.Edit] {
	w.t.Helper()
	n := conversion.NewEdit{Program: w.prog.ID, Order: order, Edit: id, Amount: amount, Currency: "EUR", At: w.now.Add(-before)}
	if with != nil {
		with(&n)
	}
	var r []db.Result[commission.Told[conversion.Edit]]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Edit(ctx, tx, w.keys, []conversion.NewEdit{n})
		return err
	})
	if r[0].Err != nil {
		w.t.Fatal(r[0].Err)
	}
	return r[0].Value
}

func (w *world) judge(order, verdict string, before time.Duration) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		r, err := commission.Qualify(ctx, tx, w.keys, []conversion.NewVerdict{{Program: w.prog.ID, Event: "lead", Order: order, Verdict: verdict, At: w.now.Add(-before)}})
		if err == nil {
			err = r[0].Err
		}
		return err
	})
}

func (w *world) require(rule program.Rule) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := commission.Require(ctx, tx, w.keys, w.prog.ID, "lead", time.UnixMilli(0), rule, "test")
		return err
	})
}

func (w *world) tryRefund(n conversion.NewRefund) error {
	n.Program = w.prog.ID
	var r []db.Result[commission.Refunded]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{n})
		return err
	})
	return r[0].Err
}

func (w *world) giveBack(order, id string, pieces ...conversion.Piece) {
	w.t.Helper()
	if err := w.tryRefund(conversion.NewRefund{Order: order, Refund: id, Items: pieces}); err != nil {
		w.t.Fatal(err)
	}
}

// pans are an order of three pans and a lid: 3 × 19.99 + 8.00 − 2.00 − 10.00 = 55.97.
func pans(n *conversion.New) {
	n.Amount = ""
	n.Detail = conversion.NewDetail{Items: []conversion.NewItem{{SKU: "pan", Quantity: 3, Price: "19.99"}, {SKU: "lid", Price: "8.00", Discount: "2.00"}}, Discount: "10.00"}
}

// tagged is a report by the browser, which anybody can send.
func tagged(visitor, click string) func(*conversion.New) {
	return func(n *conversion.New) { n.Source, n.Visitor, n.Click = conversion.FromTag, visitor, click }
}

// states are the conversion's commissions in words.
func (w *world) states(c commission.Credited) string {
	w.t.Helper()
	list, err := commission.Of(context.Background(), w.d.Read(), []string{c.Conversion.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	words := ""
	for _, one := range list[c.Conversion.ID] {
		words += string(one.State) + " " + one.Amount.Decimal() + " "
	}
	return words
}

// TestFacts tells stories of orders: reports, edits, refunds, verdicts.
func TestFacts(t *testing.T) {
	leads := map[string]contract.Terms{"ann": {Payouts: map[string]contract.Payout{"sale": {Rate: 100_000}, "lead": {Fixed: 150}}, WindowDays: 30, LockDays: 5, Cycle: contract.Monthly}}
	lead := func(w *world, with func(*conversion.New)) commission.Credited {
		return w.sale("L", "", func(n *conversion.New) {
			n.Event, n.Click, n.Customer = "lead", w.clickID("ann", day), "c1"
			if with != nil {
				with(n)
			}
		})
	}
	mature := func(w *world) {
		if _, err := commission.Mature(context.Background(), w.d); err != nil {
			w.t.Fatal(err)
		}
	}
	stories := []struct {
		promise string
		story   func(w *world)
		want    string
	}{
		{"the shop's report outweighs the tag's that came before", func(w *world) {
			w.sale("1", "900", tagged("v1", w.clickID("bob", time.Hour)))
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		}, "ann 10.00"},
		{"and the tag's that comes after", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.sale("1", "900", tagged("v1", w.clickID("bob", time.Hour)))
		}, "ann 10.00"},
		{"a squatter with the right amount gains nothing either", func(w *world) {
			w.sale("1", "100", tagged("v1", w.clickID("bob", time.Hour)))
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
		}, ""},
		{"nor one who sends what a browser has sent", func(w *world) {
			w.sale("1", "100", tagged("v1", w.clickID("ann", day)))
			w.sale("1", "100", tagged("v2", w.clickID("bob", time.Hour)))
		}, "ann 10.00"},
		{"without the shop's word the tag's stands", func(w *world) {
			w.sale("1", "100", tagged("v1", w.clickID("bob", time.Hour)))
		}, "bob 10.00"},
		{"a second report with the key adds its promo code", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.sale("1", "100", func(n *conversion.New) { n.Code = "bob10" })
		}, "bob 10.00"},
		{"and its click", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		}, "ann 10.00"},
		{"a report of an earlier moment is weighed at it", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", 2*day) })
			w.sale("1", "100", func(n *conversion.New) { n.Customer, n.At = "c1", w.now.Add(-3*day) })
		}, ""},
		{"the amount follows from the items", func(w *world) {
			w.sale("1", "", func(n *conversion.New) { pans(n); n.Click = w.clickID("ann", day) })
		}, "ann 5.60"},
		{"or from the total without tax and shipping", func(w *world) {
			w.sale("1", "", func(n *conversion.New) {
				n.Detail, n.Click = conversion.NewDetail{Tax: "19", Shipping: "5", Total: "124"}, w.clickID("ann", day)
			})
		}, "ann 10.00"},
		{"an item that is given back takes what it earned", func(w *world) {
			w.sale("1", "", func(n *conversion.New) { pans(n); n.Click = w.clickID("ann", day) })
			w.giveBack("1", "r1", conversion.Piece{SKU: "pan", Quantity: 2})
		}, "ann 2.21"}, // 55.97 − 2/3 × (59.97 − 9.09) = 22.05
		{"before its order too", func(w *world) {
			w.giveBack("1", "r1", conversion.Piece{SKU: "pan", Quantity: 2})
			w.sale("1", "", func(n *conversion.New) { pans(n); n.Click = w.clickID("ann", day) })
		}, "ann 2.21"},
		{"all items are the whole order", func(w *world) {
			w.sale("1", "", func(n *conversion.New) { pans(n); n.Click = w.clickID("ann", day) })
			w.giveBack("1", "r1", conversion.Piece{SKU: "pan", Quantity: 1}, conversion.Piece{SKU: "lid"})
			w.giveBack("1", "r2", conversion.Piece{SKU: "pan", Quantity: 9})
		}, ""},
		{"an edit takes the order's place", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.At = w.clickID("ann", day), w.now.Add(-time.Hour) })
			w.edit("1", "e1", "250", 0, nil)
		}, "ann 25.00"},
		{"of two edits the shop's later one, whichever came first", func(w *world) {
			w.edit("1", "e2", "50", time.Minute, nil)
			w.sale("1", "100", func(n *conversion.New) { n.Click, n.At = w.clickID("ann", day), w.now.Add(-time.Hour) })
			w.edit("1", "e1", "250", 30*time.Minute, nil)
		}, "ann 5.00"},
		{"refunds are of the order as it was edited", func(w *world) {
			w.sale("1", "", func(n *conversion.New) { pans(n); n.Click = w.clickID("ann", day) })
			w.giveBack("1", "r1", conversion.Piece{SKU: "lid"})
			w.edit("1", "e1", "", 0, func(n *conversion.NewEdit) {
				n.Detail.Items = []conversion.NewItem{{SKU: "lid", Price: "8"}, {SKU: "pot", Price: "92"}}
			})
		}, "ann 9.20"},
		{"an edit moves what is final and paid out", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
			w.now = w.now.Add(31 * day)
			mature(w)
			w.edit("1", "e1", "30", 0, nil)
		}, "ann 3.00"},
		{"a shop's report moves what the tag had made final", func(w *world) {
			c := w.sale("1", "100", tagged("v1", w.clickID("ann", day)))
			w.now = w.now.Add(31 * day)
			mature(w)
			w.sale("1", "40", func(n *conversion.New) { n.Customer, n.At = "c1", c.Conversion.At })
		}, "ann 4.00"},
		{"a lead waits for the shop's word", func(w *world) {
			w.require(program.Rule{Kind: program.ByVerdict})
			c := lead(w, nil)
			w.now = w.now.Add(60 * day)
			mature(w)
			if got := w.states(c); got != "pending 1.50 " {
				w.t.Errorf("before the verdict: %s", got)
			}
			w.judge("L", conversion.Qualified, 0)
			mature(w)
			if got := w.states(c); got != "payable 1.50 " {
				w.t.Errorf("after it: %s", got)
			}
		}, "ann 1.50"},
		{"which may come before it, and be taken back", func(w *world) {
			w.require(program.Rule{Kind: program.ByVerdict})
			w.judge("L", conversion.Disqualified, time.Minute)
			w.judge("L", conversion.Qualified, time.Hour)
			lead(w, nil)
		}, ""},
		{"a lead waits for a deposit of the same customer", func(w *world) {
			w.require(program.Rule{Kind: program.ByEvent, Event: "sale"})
			c := lead(w, nil)
			w.now = w.now.Add(10 * day)
			mature(w)
			if got := w.states(c); got != "pending 1.50 " {
				w.t.Errorf("before the deposit: %s", got)
			}
			w.sale("D", "10", func(n *conversion.New) { n.Customer = "c1" }) // found again without a click
			mature(w)
			if got := w.states(c); got != "payable 1.50 " {
				w.t.Errorf("after it: %s", got)
			}
		}, "ann 2.50"},
		{"and not for one that anybody can send", func(w *world) {
			w.require(program.Rule{Kind: program.ByEvent, Event: "sale"})
			c := lead(w, nil)
			w.sale("D", "10", func(n *conversion.New) { n.Customer, n.Source = "c1", conversion.FromTag })
			w.now = w.now.Add(10 * day)
			mature(w)
			if got := w.states(c); got != "pending 1.50 " {
				w.t.Error(got)
			}
		}, "ann 2.50"},
		{"a lead qualifies when its days have passed", func(w *world) {
			w.require(program.Rule{Kind: program.ByDays, Days: 20})
			c := lead(w, nil)
			w.now = w.now.Add(19 * day)
			mature(w)
			if got := w.states(c); got != "pending 1.50 " {
				w.t.Errorf("after 19 days: %s", got)
			}
			w.now = w.now.Add(day)
			mature(w)
			if got := w.states(c); got != "payable 1.50 " {
				w.t.Errorf("after 20 days: %s", got)
			}
		}, "ann 1.50"},
		{"and not when something was given back meanwhile", func(w *world) {
			w.require(program.Rule{Kind: program.ByDays, Days: 20})
			lead(w, func(n *conversion.New) { n.Amount = "50" })
			if err := w.tryRefund(conversion.NewRefund{Event: "lead", Order: "L", Refund: "r", Amount: "1", Currency: "EUR"}); err != nil {
				w.t.Fatal(err)
			}
		}, ""},
	}
	for _, s := range stories {
		t.Run(s.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, leads)
				s.story(w)
				if got := w.earned(); got != s.want {
					t.Errorf("earned %q, want %q", got, s.want)
				}
				w.verify()
			})
		})
	}
}

func TestWhatIsRefusedOfAnOrder(t *testing.T) {
	cases := []struct {
		promise string
		with    func(n *conversion.New)
		want    string
	}{
		{"items that do not come to the amount", func(n *conversion.New) { pans(n); n.Amount = "60" }, "amount_differs"},
		{"parts that do not come to the total", func(n *conversion.New) { pans(n); n.Detail.Tax, n.Detail.Total = "10.63", "70" }, "total_differs"},
		{"a tax beyond the total", func(n *conversion.New) { n.Amount, n.Detail.Tax, n.Detail.Total = "", "10", "9" }, "total_differs"},
		{"a discount beyond the items", func(n *conversion.New) { pans(n); n.Detail.Discount = "66" }, "discount_too_large"},
		{"an item without a SKU", func(n *conversion.New) { pans(n); n.Detail.Items[1].SKU = "" }, "item_invalid"},
		{"less than no pieces", func(n *conversion.New) { pans(n); n.Detail.Items[1].Quantity = -1 }, "item_invalid"},
		{"a customer of a third kind", func(n *conversion.New) { n.Detail.Buyer = "regular" }, "buyer_invalid"},
		{"too many fields", func(n *conversion.New) {
			n.Detail.Fields = map[string]string{}
			for i := range 21 {
				n.Detail.Fields[fmt.Sprint(i)] = "x"
			}
		}, "fields_invalid"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		for i, c := range cases {
			if _, err := w.trySale(fmt.Sprint("bad", i), "10", c.with); problem.Code(err) != c.want {
				t.Errorf("%s: %v, want %s", c.promise, err, c.want)
			}
		}
		w.sale("1", "", pans)
		for promise, c := range map[string]struct {
			n    conversion.NewRefund
			want string
		}{
			"an item without a number of the refund": {conversion.NewRefund{Order: "1", Items: []conversion.Piece{{SKU: "pan"}}}, "refund_id_missing"},
		} {
			if err := w.tryRefund(c.n); problem.Code(err) != c.want {
				t.Errorf("%s: %v, want %s", promise, err, c.want)
			}
		}
	})
}

// TestReportsAreKept: what was claimed without the shop's key remains to be read, and sending on changes nothing.
func TestReportsAreKept(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		c := w.sale("1", "900", tagged("v1", ""))
		if c = w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" }); c.Duplicate || c.Conversion.Amount.Decimal() != "100.00" {
			t.Errorf("the shop's report: %+v", c)
		}
		if _, err := w.trySale("1", "101", nil); problem.Code(err) != "order_differs" {
			t.Errorf("another amount by the shop: %v", err)
		}
		for i := range 10 {
			w.sale("1", "1", tagged(fmt.Sprint("v", i), ""))
			if c = w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" }); !c.Duplicate {
				t.Error("the same report again is not a duplicate")
			}
		}
		reports, err := conversion.Reports(context.Background(), d.Read(), []string{c.Conversion.ID})
		if err != nil || len(reports[c.Conversion.ID]) != 6 {
			t.Errorf("%d reports are kept, %v; want the shop's and five claims", len(reports[c.Conversion.ID]), err)
		}
		w.sale("2", "10", func(n *conversion.New) { n.Detail.Fields = map[string]string{"store": "Lyon 3"} })
		if found, err := conversion.Search(context.Background(), d.Read(), w.prog.ID, "Lyon 3"); err != nil || len(found) != 1 {
			t.Errorf("found by its field: %v, %v", found, err)
		}
		w.verify()
	})
}
