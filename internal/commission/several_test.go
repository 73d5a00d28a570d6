package commission_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// usesOf are the codes on an order as its receipt has them, with what they came to.
func (w *world) usesOf(order string) (words string) {
	w.t.Helper()
	sale, err := conversion.ByOrder(context.Background(), w.d.Read(), w.prog.ID, "sale", order)
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := commission.Explain(context.Background(), w.d.Read(), sale.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, u := range e.Codes {
		code := u.Code
		if strings.HasPrefix(code, "ONCE-") { // the rest is drawn
			code = "once"
		}
		words += code + " " + string(u.Verdict) + ", "
	}
	return words
}

func TestSeveralCodes(t *testing.T) {
	cases := []struct {
		promise string
		model   program.Model
		tell    func(w *world)
		codes   string // of order 1
		earned  string
	}{
		{"they share with the clicks where nothing was decided", linear, func(w *world) { w.used("1", "CEE10,BOB10", "ann", day) },
			"BOB10 counted, CEE10 counted, ", "ann 3.34, bob 3.33, cee 3.33"},
		{"always: they share the order, and nobody else has a part", linear, func(w *world) {
			w.codes(program.CodeAlways, 9*day)
			w.used("1", "CEE10,BOB10", "ann", day)
		}, "BOB10 counted, CEE10 counted, ", "bob 5.00, cee 5.00"},
		{"always: a suspended one leaves the order to the other", linear, func(w *world) {
			w.codes(program.CodeAlways, 9*day)
			w.stand("BOB10", "bob", 2*day, func(s *creative.Standing) { s.Suspended = true })
			w.used("1", "CEE10,BOB10", "ann", day)
		}, "BOB10 code_suspended, CEE10 counted, ", "cee 10.00"},
		{"in the path: each by its own partner's visit", linear, func(w *world) {
			w.codes(program.CodeInPath, 9*day)
			w.used("1", "CEE10,ANN10", "ann", day)
		}, "ANN10 counted, CEE10 code_not_in_path, ", "ann 10.00"},
		{"winner: each confirms its own partner", lastTouch, func(w *world) {
			w.codes(program.CodeWinner, 9*day)
			w.used("1", "CEE10,ANN10", "ann", day)
		}, "ANN10 code_confirms, CEE10 code_not_winner, ", "ann 10.00"},
		{"the shop's own beside a partner's is nobody's", lastTouch, func(w *world) { w.used("1", "HELLO,CEE10", "", day) }, "CEE10 counted, ", "cee 10.00"},
		{"given later, it is found among several", linear, func(w *world) {
			w.used("1", "CEE10,BOB10", "", day)
			w.stand("BOB10", "ann", 2*day, nil)
		}, "BOB10 counted, CEE10 counted, ", "ann 5.00, cee 5.00"},
		{"a further trusted report brings another code", linear, func(w *world) {
			w.used("1", "CEE10", "", day)
			w.used("1", "BOB10", "", day)
		}, "BOB10 counted, CEE10 counted, ", "bob 5.00, cee 5.00"},
		{"a claim brings none", linear, func(w *world) {
			w.used("1", "CEE10", "", day)
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Visitor, n.Code = conversion.FromTag, "v1", "BOB10" })
		}, "CEE10 counted, ", "cee 10.00"},
		{"nor does a claim that names no browser, of an order that none has confirmed", linear, func(w *world) {
			for _, code := range []string{"CEE10", "BOB10"} {
				w.sale("1", "100", func(n *conversion.New) { n.Source, n.Code = conversion.FromPixel, code })
			}
		}, "CEE10 counted, ", "cee 10.00"},
		{"a trusted report without codes takes away what a claim had", linear, func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Visitor, n.Code = conversion.FromTag, "v1", "BOB10" })
			w.sale("1", "100", nil)
		}, "", ""},
		{"once: among several it is used up as well", lastTouch, func(w *world) {
			code := w.single("cee")
			w.now = w.now.Add(9 * day)
			w.used("2", "HELLO,"+code, "", 2*day)
			w.used("1", code+",BOB10", "", day)
		}, "BOB10 counted, once code_used, ", "bob 10.00, cee 10.00"},
		{"once: an order that never had it by the shop's word leaves it free", lastTouch, func(w *world) {
			code := w.single("cee")
			w.now = w.now.Add(9 * day)
			w.sale("2", "100", func(n *conversion.New) {
				n.Source, n.At, n.Visitor, n.Code = conversion.FromTag, w.now.Add(-2*day), "v1", code
			})
			w.used("1", code+",HELLO", "", day)
			if got := w.earned(); got != "cee 10.00" {
				w.t.Fatalf("before: %s", got)
			}
			w.used("2", "", "", 2*day)
		}, "once counted, ", "cee 10.00"},
		{"for the rate with a code any partner's is enough", lastTouch, func(w *world) {
			terms := contract.Sensible("EUR")
			terms.WithCode = map[string]contract.Payout{"sale": {Rate: money.Rate(40_000)}}
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Agree(ctx, tx, w.keys, w.pts["cee"], w.now.Add(-9*day), terms, "test")
				return err
			})
			w.stand("ANN10", "ann", 9*day, func(s *creative.Standing) { s.Suspended = true })
			w.used("1", "ANN10,HELLO", "cee", day)
		}, "ANN10 code_suspended, ", "cee 4.00"},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, c.model, nil)
				c.tell(w)
				if got := w.earned(); got != c.earned {
					t.Errorf("earned %q, want %q", got, c.earned)
				}
				got := w.usesOf("1")
				if got != c.codes {
					t.Errorf("the receipt says %q, want %q", got, c.codes)
				}
				var args db.Args
				kept, err := db.One(context.Background(), d.Read(), db.Value[int64], `select count(*) from code_use u join conversion c on c.id = u.conversion
					where c.order_id = `+args.Add("1"), args.List()...)
				if err != nil || int(kept) != strings.Count(got, ",") {
					t.Errorf("%d uses are kept, %v, of %q", kept, err, got)
				}
				w.verify()
			})
		})
	}
}

// TestReportsOfOnePerson: an order of several reports belongs to its person by the strongest key that trusted ones name.
func TestReportsOfOnePerson(t *testing.T) {
	u, v, e := conversion.WhoCustomer, touch.WhoVisitor, conversion.WhoEmail
	stories := []struct {
		promise string
		tell    func(w *world)
		who     string // of order 1
		earned  string
	}{
		{"the customer of a second report is the stronger", func(w *world) {
			w.by("0", "c1", "ann", day)
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Customer = conversion.FromPostback, "c1" })
		}, u("c1"), "ann 20.00"},
		{"whichever report comes first", func(w *world) {
			w.by("0", "c1", "ann", day)
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Customer = conversion.FromPostback, "c1" })
			w.sale("1", "100", func(n *conversion.New) { n.Visitor = "v1" })
		}, u("c1"), "ann 20.00"},
		{"of two customers the reports' order decides nothing", func(w *world) {
			w.say(journey.Apart, u("c1"), u("c2"))
			w.by("0", "c1", "ann", day)
			for _, customer := range []string{"c2", "c1"} {
				w.sale("1", "100", func(n *conversion.New) { n.Customer = customer })
			}
		}, u("c1"), "ann 20.00"},
		{"a shared address beside it does not hold the order", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Email = hash("a") })
			w.sale("1", "100", func(n *conversion.New) {
				n.Source, n.Visitor, n.Click = conversion.FromPostback, "v1", w.clickID("ann", day)
			})
			w.say(journey.Shared, e(hash("a")), "")
		}, v("v1"), "ann 10.00"},
		{"every known key is linked with the new one", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Click = hash("a"), w.clickID("ann", day) })
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.say(journey.Shared, e(hash("a")), "")
		}, u("c1"), "ann 10.00"},
		{"a claim joins its visitor to nobody through the order", func(w *world) {
			c := w.clickID("ann", day)
			w.met(w.click("ann", c), w.landing("v1", c))
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.sale("1", "100", tagged("v1", ""))
		}, u("c1"), ""},
		{"what a claim says of its own person still holds", func(w *world) {
			c := w.clickID("ann", day)
			w.met(w.click("ann", c), w.landing("v1", c))
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Visitor, n.Customer = conversion.FromTag, "v1", "c1" })
		}, u("c1"), "ann 10.00"},
		{"and is found again when the person is made anew", func(w *world) {
			c := w.clickID("ann", day)
			w.met(w.click("ann", c), w.landing("v1", c))
			w.sale("1", "100", func(n *conversion.New) { n.Customer = "c1" })
			w.sale("1", "100", func(n *conversion.New) { n.Source, n.Visitor, n.Customer = conversion.FromTag, "v1", "c1" })
			w.say(journey.Apart, v("v1"), u("c1"))
			w.say(journey.Same, v("v1"), u("c1"))
		}, u("c1"), "ann 10.00"},
		{"who loses their first order is not bound by it any more", func(w *world) {
			w.binding(12, 60*day)
			w.sale("1", "100", func(n *conversion.New) {
				n.Source, n.Visitor, n.Click, n.At = conversion.FromTag, "v1", w.clickID("ann", 3*day), w.now.Add(-2*day)
			})
			w.sale("2", "100", func(n *conversion.New) { n.Visitor, n.At = "v1", w.now.Add(-day) })
			w.sale("1", "100", func(n *conversion.New) { n.Customer, n.At = "c1", w.now.Add(-2*day) })
		}, u("c1"), "ann 10.00"}, // order 2 is still the click's
		{"shares that were final under another name stay provable", func(w *world) {
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Click = "v1", w.clickID("bob", day) })
			w.now = w.now.Add(40 * day)
			w.mature()
			w.sale("1", "100", func(n *conversion.New) { n.Customer, n.At = "c1", w.now.Add(-40*day) })
		}, u("c1"), "bob 7.00"},
	}
	for _, c := range stories {
		t.Run(c.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, fiftyFifty)
				c.tell(w)
				sale, err := conversion.ByOrder(context.Background(), d.Read(), w.prog.ID, "sale", "1")
				if err != nil || sale.Who != c.who {
					t.Errorf("the order is %q's, %v, want %q", sale.Who, err, c.who)
				}
				if got := w.earned(); got != c.earned {
					t.Errorf("earned %q, want %q", got, c.earned)
				}
				w.verify()
			})
		})
	}
}
