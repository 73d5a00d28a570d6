package commission_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// hash is some e-mail hash, the same for the same digit.
func hash(digit string) string { return strings.Repeat(digit, 64) }

// say keeps a word about keys: those before the bar are not those after it.
func (w *world) say(kind journey.SplitKind, a, b string) commission.Separated {
	w.t.Helper()
	var out commission.Separated
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = commission.Separate(ctx, tx, w.keys, journey.Split{Program: w.prog.ID, Kind: kind, A: strings.Fields(a), B: strings.Fields(b), Author: "test"})
		return err
	})
	return out
}

func (w *world) identify(a, b string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		return commission.Identify(ctx, tx, w.keys, w.prog.ID, a, b)
	})
}

// bind has the customer's orders be a partner's, or nobody's, since so long ago.
func (w *world) bind(key, name string, ago time.Duration) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, _, err := commission.Bind(ctx, tx, w.keys, commission.Binding{Program: w.prog.ID, Key: key, Partnership: w.pts[name], Since: w.now.Add(-ago), Author: "test"})
		return err
	})
}

// bound are terms by which customers stay with the partner for so many months, for every partner, since so long ago.
func (w *world) binding(months int64, ago time.Duration) {
	w.t.Helper()
	for _, name := range names {
		terms := contract.Sensible("EUR")
		terms.BindMonths = months
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := commission.Agree(ctx, tx, w.keys, w.pts[name], w.now.Add(-ago), terms, "test")
			return err
		})
	}
}

// by is a sale so long ago of a customer, with a click of somebody shortly before unless that is empty.
func (w *world) by(order, customer, clicked string, ago time.Duration) {
	w.t.Helper()
	w.sale(order, "100", func(n *conversion.New) {
		n.At, n.Customer = w.now.Add(-ago), customer
		if clicked != "" {
			n.Click = w.clickID(clicked, ago+time.Hour)
		}
	})
}

// qualified is how a conversion stands by the rule of its event type.
func (w *world) qualified(conversion string) commission.Qualified {
	w.t.Helper()
	e, err := commission.Explain(context.Background(), w.d.Read(), conversion)
	if err != nil || e.Qualify == nil {
		w.t.Fatalf("%s: %+v, %v", conversion, e, err)
	}
	return e.Qualify.State
}

func TestPersonsApart(t *testing.T) {
	u, v, e := conversion.WhoCustomer, touch.WhoVisitor, conversion.WhoEmail
	stories := []struct {
		promise string
		tell    func(w *world)
		want    string
	}{
		{"two customers at one browser are parted", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("till", a))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Customer = "till", "c1" })
			w.identify(v("till"), u("c2"))
			w.by("2", "c2", "", day)
			if got := w.earned(); got != "ann 20.00" {
				w.t.Fatalf("before: %s", got)
			}
			if out := w.say(journey.Apart, u("c2"), u("c1")+" "+v("till")); out.Conversions != 1 || out.Delta != -1000 {
				w.t.Errorf("the split says %+v", out)
			}
		}, "ann 10.00"},
		{"said before the link, it holds too", func(w *world) {
			w.say(journey.Apart, u("c2"), u("c1")+" "+v("till"))
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("till", a))
			w.identify(v("till"), u("c2"))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Customer = "till", "c1" })
			w.by("2", "c2", "", day)
		}, "ann 10.00"}, // the till's, which c1 used
		{"taken back, they are one person again", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("till", a))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Customer = "till", "c1" })
			w.identify(v("till"), u("c2"))
			w.by("2", "c2", "", day)
			w.say(journey.Apart, u("c2"), u("c1")+" "+v("till"))
			w.say(journey.Same, u("c2"), u("c1")+" "+v("till"))
		}, "ann 20.00"},
		{"a shared address joins nobody any more", func(w *world) {
			for i, name := range []string{"ann", ""} {
				w.sale(fmt.Sprint(i), "100", func(n *conversion.New) {
					n.Customer, n.Email = fmt.Sprint("c", i), hash("a")
					if name != "" {
						n.Click = w.clickID(name, day)
					}
				})
			}
			if got := w.earned(); got != "ann 20.00" {
				w.t.Fatalf("before: %s", got)
			}
			w.say(journey.Shared, e(hash("a")), "")
		}, "ann 10.00"},
		{"an order by a shared address alone is still its own click's", func(w *world) {
			w.say(journey.Shared, e(hash("a")), "")
			for i, name := range []string{"ann", "bob", ""} {
				w.sale(fmt.Sprint(i), "100", func(n *conversion.New) {
					n.Email = hash("a")
					if name != "" {
						n.Click = w.clickID(name, day)
					}
				})
			}
		}, "ann 10.00, bob 10.00"},
		{"and joins again when that is taken back", func(w *world) {
			w.say(journey.Shared, e(hash("a")), "")
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Click = hash("a"), w.clickID("ann", day) })
			w.sale("2", "100", func(n *conversion.New) { n.Email = hash("a") })
			w.say(journey.Same, e(hash("a")), "")
		}, "ann 20.00"},
		{"an order whose address is shared comes to somebody who was there before", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("v1", a))
			w.say(journey.Apart, e(hash("a")), v("v1"))
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Visitor = hash("a"), "v1" })
			if got := w.earned(); got != "" {
				w.t.Fatalf("before: %s", got)
			}
			if out := w.say(journey.Shared, e(hash("a")), ""); out.Conversions != 1 || out.Delta != 1000 {
				w.t.Errorf("the word says %+v", out)
			}
		}, "ann 10.00"},
		{"so does one whose address the line itself finds to be shared", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("v1", a))
			w.say(journey.Apart, e(hash("a")), v("v1"))
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Visitor = hash("a"), "v1" })
			for i := range journey.Suspicious + 1 {
				w.sale(fmt.Sprint("till", i), "100", func(n *conversion.New) { n.Customer, n.Email = fmt.Sprint("c", i), hash("a") })
			}
		}, "ann 10.00"},
		{"and goes back when that is taken back", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("v1", a))
			w.say(journey.Apart, e(hash("a")), v("v1"))
			w.say(journey.Shared, e(hash("a")), "")
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Visitor = hash("a"), "v1" })
			w.say(journey.Same, e(hash("a")), "")
		}, ""},
		{"whom an order leaves that was their first, it binds no longer", func(w *world) {
			w.binding(12, 59*day)
			a := w.clickID("ann", 41*day)
			w.met(w.click("ann", a), w.landing("v1", a))
			w.say(journey.Apart, e(hash("a")), v("v1"))
			w.say(journey.Shared, e(hash("a")), "")
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Visitor, n.At = hash("a"), "v1", w.now.Add(-40*day) })
			w.sale("2", "100", func(n *conversion.New) { n.Visitor, n.Click, n.At = "v1", w.clickID("bob", 2*day), w.now.Add(-day) })
			if got := w.earned(); got != "ann 20.00" {
				w.t.Fatalf("before: %s", got)
			}
			w.say(journey.Same, e(hash("a")), "")
		}, "bob 10.00"},
		{"what waited for an order that comes or leaves", func(w *world) {
			w.require(program.Rule{Kind: program.ByEvent, Event: "sale"})
			w.say(journey.Apart, e(hash("a")), v("v1"))
			lead := w.sale("L", "", func(n *conversion.New) {
				n.Event, n.Visitor, n.Click, n.At = "lead", "v1", w.clickID("ann", 3*day), w.now.Add(-2*day)
			}).Conversion.ID
			w.sale("1", "100", func(n *conversion.New) { n.Email, n.Visitor, n.At = hash("a"), "v1", w.now.Add(-day) })
			if got := w.qualified(lead); got != commission.Waiting {
				w.t.Fatalf("before: %s", got)
			}
			w.say(journey.Shared, e(hash("a")), "")
			if got := w.qualified(lead); got != commission.Does {
				w.t.Fatalf("with the order: %s", got)
			}
			w.say(journey.Same, e(hash("a")), "")
			if got := w.qualified(lead); got != commission.Waiting {
				w.t.Fatalf("without it: %s", got)
			}
		}, ""},
		{"shares that are final stay", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("till", a))
			w.identify(v("till"), u("c2"))
			w.by("2", "c2", "", day)
			w.now = w.now.Add(60 * day)
			if _, err := commission.Mature(context.Background(), w.d); err != nil {
				w.t.Fatal(err)
			}
			if out := w.say(journey.Apart, u("c2"), v("till")); out.Final != 1 || out.Delta != 0 {
				w.t.Errorf("the split says %+v", out)
			}
			w.by("3", "c2", "", 59*day)
		}, "ann 10.00"},
		{"an e-mail hash joins two devices", func(w *world) {
			a := w.clickID("ann", 3*day)
			w.met(w.click("ann", a), w.landing("phone", a))
			w.identify(v("phone"), e(hash("b")))
			w.sale("1", "100", func(n *conversion.New) { n.Visitor, n.Email = "laptop", hash("b") })
		}, "ann 10.00"},
		{"a shop that merges two customers joins their histories", func(w *world) {
			w.by("1", "old", "ann", 5*day)
			w.by("2", "new", "", day)
			w.identify(u("old"), u("new"))
		}, "ann 20.00"},
	}
	for _, s := range stories {
		t.Run(s.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, nil)
				s.tell(w)
				if got := w.earned(); got != s.want {
					t.Errorf("earned %q, want %q", got, s.want)
				}
				w.verify()
			})
		})
	}
}

// TestAddressOfAHundreds: the address of a shop's own till, on six hundred orders of as many customers, makes no one person of
// them, and looking at the next order stays as quick as at first.
func TestAddressOfHundreds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, lastTouch, nil)
		ctx := context.Background()
		const orders = 600
		for from := 0; from < orders; from += 50 {
			var list []conversion.New
			for i := from; i < from+50; i++ {
				n := conversion.New{Program: w.prog.ID, Order: fmt.Sprint(i), Amount: "100", Currency: "EUR", Customer: fmt.Sprint("c", i), Email: hash("f"), At: w.now.Add(-day)}
				if i == 7 {
					n.Click = w.clickID("ann", 2*day) // only this customer came by Ann
				}
				list = append(list, n)
			}
			w.write(func(ctx context.Context, tx *db.Tx) error {
				results, err := commission.Credit(ctx, tx, w.keys, list)
				if err == nil {
					err = first(results)
				}
				return err
			})
		}
		if got := w.earned(); got != "ann 10.00" {
			t.Errorf("strangers were made one person: %s", got)
		}
		sizes, err := journey.Sizes(ctx, d.Read(), w.prog.ID, []string{conversion.WhoCustomer("c7"), conversion.WhoEmail(hash("f"))})
		if err != nil {
			t.Fatal(err)
		}
		for key, n := range sizes {
			if n > 2 {
				t.Errorf("%s is one of %d keys of a person", key, n)
			}
		}
		splits, err := journey.SplitsOf(ctx, d.Read(), w.prog.ID, "")
		if err != nil || len(splits.All()) != 1 || splits.All()[0].Kind != journey.Shared {
			t.Errorf("%+v, %v: want one key found to be shared", splits.All(), err)
		}
		w.verify()

		// A person has said that it is one person's after all: the line does not say otherwise again.
		w.say(journey.Same, conversion.WhoEmail(hash("f")), "")
		w.sale("more", "100", func(n *conversion.New) { n.Customer, n.Email = "c-more", hash("f") })
		if splits, _ = journey.SplitsOf(ctx, d.Read(), w.prog.ID, ""); len(splits.All()) != 2 {
			t.Errorf("%d words were kept, want 2", len(splits.All()))
		}
		w.verify()
	})
}

func TestBinding(t *testing.T) {
	stories := []struct {
		promise string
		tell    func(w *world)
		want    string
	}{
		{"who brought the customer keeps later orders", func(w *world) {
			w.binding(contract.Lifelong, 59*day)
			w.by("1", "c", "ann", 50*day)
			w.by("2", "c", "bob", day)
		}, "ann 20.00"},
		{"for so many months", func(w *world) {
			w.binding(1, 59*day)
			w.by("1", "c", "ann", 50*day)
			w.by("2", "c", "bob", 30*day)
			w.by("3", "c", "bob", day)
		}, "ann 20.00, bob 10.00"},
		{"without such terms, nobody keeps anything", func(w *world) {
			w.by("1", "c", "ann", 50*day)
			w.by("2", "c", "bob", day)
		}, "ann 10.00, bob 10.00"},
		{"who came by themselves is nobody's", func(w *world) {
			w.binding(12, 59*day)
			w.by("1", "c", "", 50*day)
			w.by("2", "c", "bob", 3*day)
			w.by("3", "c", "ann", day)
		}, "ann 10.00, bob 10.00"},
		{"an earlier order that is reported later decides", func(w *world) {
			w.binding(12, 59*day)
			w.by("2", "c", "bob", day)
			w.by("1", "c", "ann", 40*day)
		}, "ann 20.00"},
		{"the first order of the other half of a customer decides", func(w *world) {
			w.binding(12, 59*day)
			w.by("2", "c", "bob", day)
			w.by("1", "old", "ann", 40*day)
			w.identify(conversion.WhoCustomer("old"), conversion.WhoCustomer("c"))
		}, "ann 20.00"},
		{"and no longer when they are parted", func(w *world) {
			w.binding(12, 59*day)
			w.by("2", "c", "bob", day)
			w.by("1", "old", "ann", 40*day)
			w.identify(conversion.WhoCustomer("old"), conversion.WhoCustomer("c"))
			w.say(journey.Apart, conversion.WhoCustomer("old"), conversion.WhoCustomer("c"))
		}, "ann 10.00, bob 10.00"},
		{"a partner who is paused has no later orders", func(w *world) {
			w.binding(12, 59*day)
			w.by("1", "c", "ann", 40*day)
			w.by("2", "c", "bob", day)
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.SetStatus(ctx, tx, w.keys, w.pts["ann"], "paused", w.now.Add(-10*day), "test", "")
				return err
			})
		}, "ann 10.00, bob 10.00"},
		{"a code of another partner does not take the customer away", func(w *world) {
			w.binding(12, 59*day)
			w.codes(program.CodeAlways, 59*day)
			w.by("1", "c", "ann", 40*day)
			w.sale("2", "100", func(n *conversion.New) { n.Customer, n.Code = "c", "CEE10" })
		}, "ann 20.00"},
		{"a judgement on the first order's click moves all that follow", func(w *world) {
			w.binding(12, 59*day)
			a := w.clickID("ann", 41*day)
			w.met(w.click("ann", a))
			w.sale("1", "100", func(n *conversion.New) { n.Customer, n.Click, n.At = "c", a, w.now.Add(-40*day) })
			w.by("2", "c", "bob", day)
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Rejudge(ctx, tx, w.keys, w.prog.ID, []string{a}, commission.NewJudgement{Author: "test"})
				return err
			})
		}, "bob 10.00"},
		{"the brand relinks from a moment on", func(w *world) {
			w.binding(contract.Lifelong, 59*day)
			w.by("1", "c", "ann", 40*day)
			w.by("2", "c", "", 20*day)
			w.by("3", "c", "", day)
			w.bind(conversion.WhoCustomer("c"), "cee", 10*day)
		}, "ann 20.00, cee 10.00"},
		{"without terms that bind, too", func(w *world) {
			w.by("1", "c", "ann", 40*day)
			w.by("2", "c", "bob", day)
			w.bind(conversion.WhoCustomer("c"), "cee", 10*day)
		}, "ann 10.00, cee 10.00"},
		{"and unbinds", func(w *world) {
			w.binding(contract.Lifelong, 59*day)
			w.by("1", "c", "ann", 40*day)
			w.by("2", "c", "bob", day)
			w.bind(conversion.WhoCustomer("c"), "", 10*day)
		}, "ann 10.00, bob 10.00"},
		{"a word on a key that joins the customer later holds for them", func(w *world) {
			w.by("1", "c", "bob", day)
			w.bind(conversion.WhoEmail(hash("d")), "cee", 10*day)
			w.identify(conversion.WhoEmail(hash("d")), conversion.WhoCustomer("c"))
		}, "cee 10.00"},
		{"what is final stays, and decides", func(w *world) {
			w.binding(contract.Lifelong, 59*day)
			a := w.clickID("ann", 41*day)
			w.met(w.click("ann", a))
			w.sale("1", "100", func(n *conversion.New) { n.Customer, n.Click, n.At = "c", a, w.now.Add(-40*day) })
			if _, err := commission.Mature(context.Background(), w.d); err != nil {
				w.t.Fatal(err)
			}
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Rejudge(ctx, tx, w.keys, w.prog.ID, []string{a}, commission.NewJudgement{Author: "test"})
				return err
			})
			w.by("2", "c", "bob", day)
		}, "ann 20.00"},
	}
	for _, s := range stories {
		t.Run(s.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, nil)
				s.tell(w)
				if got := w.earned(); got != s.want {
					t.Errorf("earned %q, want %q", got, s.want)
				}
				w.verify()
			})
		})
	}
}
