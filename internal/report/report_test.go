package report

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// world is a program of two partners, in which facts come whenever a case says.
type world struct {
	t     *testing.T
	d     *db.DB
	keys  touch.Keys
	now   time.Time
	p     program.Program
	links []creative.Link
	next  int
}

var zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}()

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: time.Date(2026, 4, 10, 12, 0, 0, 0, time.UTC)}
	d.SetClock(func() time.Time { return w.now })
	ctx := context.Background()
	w.write(func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		if w.p, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Timezone: zone.String(),
			Events: []string{"sale", "lead"}, Landing: "https://acme.example/"}, program.Model{Name: "last"}, "test"); err != nil {
			return err
		}
		terms := contract.Sensible("EUR")
		terms.LockDays = 3
		for n := range 2 {
			who, err := partner.Create(ctx, tx, partner.Partner{Name: fmt.Sprint("Partner ", n), Email: fmt.Sprintf("p%d@acme.example", n)})
			if err != nil {
				return err
			}
			in, err := partner.Apply(ctx, tx, w.p, who, nil)
			if err != nil {
				return err
			}
			if _, err := commission.SetStatus(ctx, tx, w.keys, in.ID, partner.Approved, w.now.AddDate(0, 0, -60), "test", ""); err != nil {
				return err
			}
			if _, err := commission.Agree(ctx, tx, w.keys, in.ID, w.now.AddDate(0, 0, -60), terms, "test"); err != nil {
				return err
			}
			link, err := creative.CreateLink(ctx, tx, w.p, creative.Link{Partnership: in.ID})
			if err != nil {
				return err
			}
			w.links = append(w.links, link)
		}
		return nil
	})
	return w
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// day is noon of the n-th day of April.
func day(n int) time.Time { return time.Date(2026, 4, n, 12, 0, 0, 0, zone) }

// click is one of a partner's visitors, of whom we hear now.
func (w *world) click(n int, at time.Time) string {
	l := w.links[n]
	id := w.keys.NewID(at, l.Number)
	w.hear(touch.Touch{ID: id, Program: w.p.ID, Kind: touch.Click, Partnership: l.Partnership, Link: l.ID, Who: touch.WhoClick(id), At: at})
	return id
}

// lands joins a click and a browser.
func (w *world) lands(click, visitor string, at time.Time) {
	w.next++
	w.hear(touch.Touch{ID: fmt.Sprint("landing-", w.next), Program: w.p.ID, Kind: touch.Landing, Who: touch.WhoVisitor(visitor), Click: click, At: at})
}

func (w *world) hear(t touch.Touch) {
	w.t.Helper()
	ctx := context.Background()
	w.write(func(tx *db.Tx) error { return touch.KeepAll(ctx, tx, []touch.Touch{t}) })
	if _, err := touch.Expand(ctx, w.d, 100, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
		return commission.Met(ctx, tx, w.keys, touches)
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sells(n conversion.New) {
	w.t.Helper()
	n.Program, n.Currency = w.p.ID, "EUR"
	w.write(func(tx *db.Tx) error {
		results, err := commission.Credit(context.Background(), tx, w.keys, []conversion.New{n})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
}

func (w *world) refunds(event, order, amount string) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		results, err := commission.Refund(context.Background(), tx, w.keys, []conversion.NewRefund{{Program: w.p.ID, Event: event, Order: order, Refund: fmt.Sprint("r", len(amount)),
			Amount: amount, Currency: "EUR"}})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
}

// told is all that a book says of days.
type told struct {
	Clicks, Links []map[string]int64
	Earned        []map[string]commission.Sum
	Outcomes      []commission.Outcome
	Sold          []Sold
}

func (w *world) ask(b *Book) (all told) {
	w.t.Helper()
	ctx, r, days := context.Background(), w.d.Read(), Calendar(day(1), day(12), zone)
	first := w.links[0].Partnership
	var faults [5]error
	all.Clicks, faults[0] = b.Clicks(ctx, r, w.p.ID, days)
	all.Links, faults[1] = b.Grouped(ctx, r, touch.Cut{Program: w.p.ID, Partnership: first}, "link", days)
	all.Earned, faults[2] = b.Earned(ctx, r, w.p.ID, days)
	all.Outcomes, faults[3] = b.Outcomes(ctx, r, w.p.ID, first, days)
	all.Sold, faults[4] = b.Sold(ctx, r, w.p.ID, days)
	for _, err := range faults {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return all
}

// sums are the totals of all days.
func (a told) sums() (s Sold) {
	for _, d := range a.Sold {
		s.Conversions, s.Revenue, s.Orders, s.OrderRevenue, s.New = s.Conversions+d.Conversions, s.Revenue+d.Revenue, s.Orders+d.Orders, s.OrderRevenue+d.OrderRevenue, s.New+d.New
		s.Brought += d.Brought
	}
	return s
}

func TestWhatCounts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var book Book
		for _, c := range []struct {
			name string
			do   func()
			want Sold
		}{
			{"nothing has happened", func() {}, Sold{}},
			{"an order is its customer's first", func() {
				w.sells(conversion.New{Order: "1", Amount: "50.00", Customer: "ann", At: day(3), Click: w.click(0, day(2))})
			}, Sold{1, 5000, 1, 5000, 1, 5000}},
			{"the second is not", func() { w.sells(conversion.New{Order: "2", Amount: "20.00", Customer: "ann", At: day(5)}) }, Sold{2, 7000, 2, 7000, 1, 7000}},
			{"an earlier one that comes late takes its place", func() { w.sells(conversion.New{Order: "3", Amount: "10.00", Customer: "ann", At: day(1)}) },
				Sold{3, 8000, 3, 8000, 1, 7000}},
			{"a lead is a conversion and no order", func() {
				w.sells(conversion.New{Event: "lead", Order: "4", Customer: "bob", At: day(4), Click: w.click(1, day(4))})
			},
				Sold{4, 8000, 3, 8000, 1, 7000}},
			{"and leaves its customer new", func() { w.sells(conversion.New{Order: "5", Amount: "30.00", Customer: "bob", At: day(6)}) }, Sold{5, 11000, 4, 11000, 2, 10000}},
			{"a refund of a part leaves the rest", func() { w.refunds("sale", "2", "5.00") }, Sold{5, 10500, 4, 10500, 2, 9500}},
			{"an order given back whole does not count", func() { w.refunds("sale", "5", "") }, Sold{4, 7500, 3, 7500, 1, 6500}},
			{"nor does a lead that was taken back", func() { w.refunds("lead", "4", "") }, Sold{3, 7500, 3, 7500, 1, 6500}},
			{"parts that come to the whole are the whole", func() { w.refunds("sale", "3", "10.00") }, Sold{2, 6500, 2, 6500, 1, 6500}},
			{"a stranger's first", func() { w.sells(conversion.New{Order: "6", Amount: "40.00", Visitor: "v6", At: day(8)}) }, Sold{3, 10500, 3, 10500, 2, 6500}},
			{"who turns out to be known", func() {
				w.sells(conversion.New{Order: "7", Amount: "1.00", Visitor: "v6", Customer: "ann", At: day(9)})
			}, Sold{4, 10600, 4, 10600, 1, 10600}},
		} {
			c.do()
			if got := w.ask(&book).sums(); got != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
			}
		}
	})
}

// TestRememberedIsTrue lets facts come in any order, late and early, and compares what a book remembers with what one says that
// remembers nothing.
func TestRememberedIsTrue(t *testing.T) {
	for seed := range uint64(3) {
		dbtest.Run(t, func(t *testing.T, d *db.DB) {
			r := rand.New(rand.NewPCG(seed, 1))
			w := newWorld(t, d)
			var book Book
			var clicks []string
			orders := 0
			for step := range 60 {
				at := day(1 + r.IntN(9)).Add(time.Duration(r.IntN(1400)-700) * time.Minute)
				switch r.IntN(8) {
				case 0, 1:
					clicks = append(clicks, w.click(r.IntN(2), at))
				case 2:
					if len(clicks) > 0 {
						w.lands(clicks[r.IntN(len(clicks))], fmt.Sprint("v", r.IntN(5)), at)
					}
				case 3, 4:
					n := conversion.New{Order: fmt.Sprint("o", orders), Amount: fmt.Sprintf("%d.00", 1+r.IntN(90)), At: at, Customer: fmt.Sprint("c", r.IntN(4))}
					if r.IntN(2) == 0 {
						n.Customer, n.Visitor = "", fmt.Sprint("v", r.IntN(5))
					}
					if len(clicks) > 0 && r.IntN(3) > 0 {
						n.Click = clicks[r.IntN(len(clicks))]
					}
					orders++
					w.sells(n)
				case 5:
					if orders > 0 {
						w.refunds("sale", fmt.Sprint("o", r.IntN(orders)), [2]string{"", "0.50"}[r.IntN(2)])
					}
				case 6:
					w.write(func(tx *db.Tx) error {
						return commission.Identify(context.Background(), tx, w.keys, w.p.ID, conversion.WhoCustomer(fmt.Sprint("c", r.IntN(4))), touch.WhoVisitor(fmt.Sprint("v", r.IntN(5))))
					})
				case 7:
					w.now = w.now.Add(6 * time.Hour)
					if _, err := commission.Mature(context.Background(), d); err != nil {
						t.Fatal(err)
					}
				}
				var forgetful Book
				if got, want := w.ask(&book), w.ask(&forgetful); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, step %d: remembered\n%+v, the facts say\n%+v", seed, step, got, want)
				}
			}
		})
	}
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	var got []string
	days := Calendar(time.Date(2026, 3, 27, 23, 30, 0, 0, time.UTC), time.Date(2026, 3, 30, 0, 0, 0, 0, zone), zone)
	for n := range days[1:] {
		got = append(got, fmt.Sprint(days[n].Format("02:"), days[n+1].Sub(days[n]).Hours()))
	}
	if want := "[28:24 29:23]"; fmt.Sprint(got) != want { // the clocks go forward on the 29th
		t.Errorf("days %v, want %v", got, want)
	}
}
