package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Size is how much an orchard has borne.
type Size struct {
	Partners    int
	Touches     int
	Conversions int
	Days        int // that it took
}

// grower lets a program's days go by: what visitors do is drawn from one seed, and written by the same functions as when it
// comes through the doors, many at once. The same seed gives the same figures; ids differ.
type grower struct {
	a     *app.App
	o     *Orchard
	size  Size
	r     *rand.Rand
	now   time.Time // where the clock stands
	busy  []float64 // of each day, of all: 1
	fresh []click   // the clicks of the last days, from which orders come
	back  []refund  // orders that will come back, by day
	next  int       // number of an order
}

type click struct {
	id string
	at time.Time
}

type refund struct {
	day    int
	order  string
	amount string // empty: the whole
}

// freshMost is how many clicks are remembered as those that can still lead to an order.
const freshMost = 8000

// Grow founds a program and lets as much happen in it as the size says, in days that end now.
func Grow(ctx context.Context, a *app.App, size Size, seed uint64) (*Orchard, error) {
	end := a.DB.Now()
	g := &grower{a: a, o: &Orchard{}, size: size, r: rand.New(rand.NewPCG(seed, 0x6f_72_63_68)), next: 10_000}
	defer a.DB.SetClock(time.Now)
	g.to(end.AddDate(0, 0, -size.Days-1))
	if err := g.o.found(ctx, a, size.Partners, g.r); err != nil {
		return nil, fmt.Errorf("found the orchard: %w", err)
	}
	g.weigh(end)
	var clicks, orders float64
	for day := range size.Days {
		begin := end.AddDate(0, 0, day-size.Days)
		clicks += float64(size.Touches) * g.busy[day]
		orders += float64(size.Conversions) * g.busy[day]
		if err := g.day(ctx, day, begin, int(clicks), int(orders)); err != nil {
			return nil, fmt.Errorf("day %d: %w", day, err)
		}
		clicks, orders = clicks-math.Floor(clicks), orders-math.Floor(orders)
	}
	return g.o, nil
}

// to sets the installation's clock.
func (g *grower) to(at time.Time) {
	g.now = at
	g.a.DB.SetClock(func() time.Time { return at })
}

// weekdays and hours are how busy the days of a week are, from Sunday, and the hours of a day.
var (
	weekdays = [7]float64{1.3, 1.05, 0.95, 0.9, 0.95, 0.85, 1}
	hours    = [24]float64{2, 1, 0.6, 0.4, 0.4, 0.7, 2, 4, 5, 5.5, 5.5, 5.5, 6.5, 6, 5, 5, 5.5, 6, 7, 8.5, 10, 10, 7.5, 4}
)

// weigh says how busy each day is: a year's growth, its season, and the weekday.
func (g *grower) weigh(end time.Time) {
	var sum float64
	for day := range g.size.Days {
		share := float64(day) / float64(g.size.Days)
		at := end.AddDate(0, 0, day-g.size.Days)
		w := (0.7 + 0.6*share) * (1 + 0.2*math.Sin(2*math.Pi*float64(at.YearDay())/365)) * weekdays[at.Weekday()] * (0.9 + 0.2*g.r.Float64())
		g.busy, sum = append(g.busy, w), sum+w
	}
	for day := range g.busy {
		g.busy[day] /= sum
	}
}

// day lets one day happen: visits, then orders and refunds, then what a server does by itself.
func (g *grower) day(ctx context.Context, n int, begin time.Time, clicks, orders int) error {
	g.to(begin.AddDate(0, 0, 1).Add(-time.Second))
	if err := g.visits(ctx, begin, clicks); err != nil {
		return err
	}
	if err := g.orders(ctx, n, begin, orders); err != nil {
		return err
	}
	if err := g.refunds(ctx, n); err != nil {
		return err
	}
	if _, err := commission.Mature(ctx, g.a.DB); err != nil {
		return err
	}
	if at := begin.In(time.UTC); at.Day() == 15 {
		return g.payday(ctx)
	}
	return nil
}

// moment is a time of the day at which people are awake.
func (g *grower) moment(begin time.Time) time.Time {
	var sum float64
	for _, w := range hours {
		sum += w
	}
	at := g.r.Float64() * sum
	for hour, w := range hours {
		if at -= w; at < 0 {
			return begin.Add(time.Duration(hour)*time.Hour + time.Duration(g.r.Int64N(int64(time.Hour)))).Truncate(time.Millisecond)
		}
	}
	return begin
}

// perRow is how many touches share a row of the journal, and how many are expanded at once.
const perRow = 4096

// visits are clicks that count, a few that do not, and visits without a click.
func (g *grower) visits(ctx context.Context, begin time.Time, count int) error {
	moments := make([]time.Time, count)
	for i := range moments {
		moments[i] = g.moment(begin)
	}
	slices.SortFunc(moments, time.Time.Compare)
	var touches []touch.Touch
	for _, at := range moments {
		touches = append(touches, g.visit(at))
	}
	err := db.Batches(touches, perRow, func(some []touch.Touch) error {
		return g.a.DB.Write(ctx, func(tx *db.Tx) error { return touch.KeepAll(ctx, tx, some) })
	})
	for n := 1; err == nil && n > 0; {
		n, err = touch.Expand(ctx, g.a.DB, perRow, g.a.Met)
	}
	return err
}

var (
	words  = [...]string{"review", "newsletter", "video", "guide", "sidebar", "story", "footer", "pinned"}
	agents = [...]string{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"}
)

func (g *grower) visit(at time.Time) touch.Touch {
	p := g.o.Program
	x := g.r.Float64()
	if x < 0.06 {
		who := touch.WhoVisitor(fmt.Sprintf("v%09d", g.r.IntN(1e9)))
		return touch.Touch{ID: "d" + fmt.Sprintf("%016x", g.r.Uint64()), Program: p.ID, Kind: touch.Direct, Who: who, At: at, URL: p.Landing, Agent: agents[g.r.IntN(2)]}
	}
	l := g.o.pick(g.r)
	id := g.a.Keys.NewID(at, l.Number)
	t := touch.Touch{ID: id, Program: p.ID, Kind: touch.Click, Partnership: l.Partnership, Link: l.ID, Who: touch.WhoClick(id), At: at, URL: l.Target,
		Referrer: "https://www.google.com/", Agent: agents[g.r.IntN(2)], Address: fmt.Sprintf("203.0.113.%d", g.r.IntN(250)&^7)}
	if g.r.Float64() < 0.7 {
		t.Sub[0] = words[g.r.IntN(len(words))]
	}
	if x > 0.95 {
		t.Mark = touch.Bot
		return t
	}
	if len(g.fresh) < freshMost {
		g.fresh = append(g.fresh, click{id, at})
	} else {
		g.fresh[g.r.IntN(freshMost)] = click{id, at}
	}
	return t
}

// orders are most by a click, some by nobody, some letters that readers sign up for; about a third of the customers have
// ordered before.
func (g *grower) orders(ctx context.Context, day int, begin time.Time, count int) error {
	var list []conversion.New
	customers := max(1, g.size.Conversions*2/3)
	for range count {
		at := g.moment(begin)
		n := conversion.New{Program: g.o.Program.ID, Order: fmt.Sprint("N-", g.next), At: at, Currency: string(g.o.Program.Currency), Customer: fmt.Sprint("c", g.r.IntN(customers)), Source: conversion.FromAPI}
		g.next++
		if len(g.fresh) > 0 && g.r.Float64() < 0.94 {
			c := g.fresh[g.r.IntN(len(g.fresh))]
			n.Click = c.id
			if n.At.Before(c.at) {
				n.At = c.at.Add(time.Duration(1+g.r.IntN(40)) * time.Minute)
			}
		}
		if g.r.Float64() < 0.12 {
			n.Event = "lead"
		} else {
			n.Amount = fmt.Sprintf("%d.%02d", 18+int(70*g.r.ExpFloat64()), g.r.IntN(100))
			switch x := g.r.Float64(); {
			case x < 0.05:
				g.back = append(g.back, refund{day + 3 + g.r.IntN(14), n.Order, ""})
			case x < 0.08:
				g.back = append(g.back, refund{day + 3 + g.r.IntN(14), n.Order, "9.50"})
			}
		}
		if n.At.After(g.now) {
			n.At = g.now
		}
		list = append(list, n)
	}
	slices.SortStableFunc(list, func(a, b conversion.New) int { return a.At.Compare(b.At) })
	return db.Batches(list, 256, func(some []conversion.New) error {
		return g.a.DB.Write(ctx, func(tx *db.Tx) error {
			results, err := commission.Credit(ctx, tx, g.a.Keys, some)
			return first(results, err)
		})
	})
}

// first is the first error of a batch.
func first[T any](results []db.Result[T], err error) error {
	for _, r := range results {
		if err == nil {
			err = r.Err
		}
	}
	return err
}

// refunds are those of the day.
func (g *grower) refunds(ctx context.Context, day int) error {
	var due []conversion.NewRefund
	g.back = slices.DeleteFunc(g.back, func(r refund) bool {
		if r.day == day {
			due = append(due, conversion.NewRefund{Program: g.o.Program.ID, Order: r.order, Refund: "r-" + r.order, At: g.now, Amount: r.amount, Currency: string(g.o.Program.Currency)})
		}
		return r.day == day
	})
	return db.Batches(due, 256, func(some []conversion.NewRefund) error {
		return g.a.DB.Write(ctx, func(tx *db.Tx) error {
			results, err := commission.Refund(ctx, tx, g.a.Keys, some)
			return first(results, err)
		})
	})
}

// payday pays whoever is due, and all of it arrives but for one payment in forty.
func (g *grower) payday(ctx context.Context) error {
	return g.a.DB.Write(ctx, func(tx *db.Tx) error {
		proposals, err := payout.Propose(ctx, tx, g.o.Program, tx.Now, payout.Options{})
		if err != nil || !slices.ContainsFunc(proposals, func(p payout.Proposal) bool { return p.Why == "" }) {
			return err
		}
		batch, err := payout.Make(ctx, tx, g.o.Program.ID, payout.Options{}, g.o.Owner.ID)
		if err != nil {
			return err
		}
		if _, err := payout.Approve(ctx, tx, batch.ID, g.o.Owner.ID); err != nil {
			return err
		}
		if _, err := payout.Send(ctx, tx, batch.ID); err != nil {
			return err
		}
		payouts, err := payout.In(ctx, tx, batch.ID)
		if err != nil {
			return err
		}
		var results []csv.Result
		for i, p := range payouts {
			r := csv.Result{Line: i + 2, ID: p.ID, Status: csv.Paid}
			if g.r.IntN(40) == 0 {
				r.Status, r.Reason = csv.Failed, "the account does not exist"
			}
			results = append(results, r)
		}
		_, err = payout.Settle(ctx, tx, batch.ID, results, g.o.Owner.ID)
		return err
	})
}
