package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// How much the fill tells of.
const (
	allVisits = 6000
	allOrders = 500
	allLeads  = 150
)

// act is something that happens at a moment.
type act struct {
	at   time.Time
	do   func(ctx context.Context, w *walk) error
	told bool // somebody may be written to about it
}

// plan is everything that will happen, drawn before any of it does: in the walk there is no chance.
type plan struct {
	r      *rand.Rand
	end    time.Time
	acts   []act
	people []*shopper // who have ordered, in the order of their first
	orders []*order
	visits int
	leads  int
}

// draft draws a plan. The same seed and the same last day give the same plan, but for the hours of that day.
func draft(seed uint64, end time.Time, scale float64) []act {
	p := &plan{r: rand.New(rand.NewPCG(seed, 0x62_69_72_6b)), end: end}
	for n, count := range p.perDay(allOrders * scale) {
		for range count {
			p.order(n)
		}
	}
	for n, count := range p.perDay(allLeads * scale) {
		for range count {
			p.lead(n)
		}
	}
	for n, count := range p.perDay(max(0, allVisits*scale-float64(p.visits))) {
		for range count {
			p.browse(n)
		}
	}
	p.overtake(44)
	p.tooLate()
	p.number()
	acts := append(p.acts, brandActs(end)...)
	acts = slices.DeleteFunc(acts, func(a act) bool { return !a.at.Before(midnight(end, days)) })
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	for i := range acts {
		acts[i].at = squeeze(acts[i].at, end)
	}
	return acts
}

func (p *plan) add(at time.Time, do func(context.Context, *walk) error) {
	p.acts = append(p.acts, act{at: at, do: do})
}

// addTold adds what somebody may be written to about.
func (p *plan) addTold(at time.Time, do func(context.Context, *walk) error) {
	p.acts = append(p.acts, act{at: at, do: do, told: true})
}

// number gives the orders their numbers, which grow with time.
func (p *plan) number() {
	slices.SortStableFunc(p.orders, func(a, b *order) int { return a.at.Compare(b.at) })
	next := 24_016
	for _, o := range p.orders {
		o.number = fmt.Sprintf("BW-%d", next)
		next += 1 + p.r.IntN(3)
	}
}

// weekdays are how busy the days are, from Sunday.
var weekdays = [7]float64{1.35, 1.08, 0.92, 0.88, 0.95, 0.82, 1.02}

// hours are how busy the hours of a day are, from midnight.
var hours = [24]float64{2, 1, 0.6, 0.4, 0.4, 0.7, 2, 4, 5, 5.5, 5.5, 5.5, 6.5, 6, 5, 5, 5.5, 6, 7, 8.5, 10, 10, 7.5, 4}

// busy is how busy the n-th day is: a trend that grows, a wave of the season, the weekday, and one weekend on which the brand
// gives a discount.
func busy(end time.Time, n int) float64 {
	share := float64(n) / days
	weight := (0.65 + 0.7*share) * (1 + 0.12*math.Sin(2*math.Pi*share*1.5)) * weekdays[midnight(end, n).Weekday()]
	if n >= 60 && n <= 62 {
		weight *= 1.7
	}
	return weight
}

// perDay spreads a number over the days.
func (p *plan) perDay(total float64) [days]int {
	var weights [days]float64
	var sum float64
	for n := range weights {
		weights[n] = busy(p.end, n) * (0.85 + 0.3*p.r.Float64())
		sum += weights[n]
	}
	var counts [days]int
	var so, far float64
	for n, w := range weights {
		so += total * w / sum
		counts[n] = int(math.Round(so) - far)
		far = math.Round(so)
	}
	return counts
}

// moment is a time of the n-th day at which people are awake.
func (p *plan) moment(n int) time.Time {
	hour := draw(p.r, len(hours), func(i int) float64 { return hours[i] })
	return midnight(p.end, n).Add(time.Duration(hour)*time.Hour + time.Duration(p.r.Int64N(int64(time.Hour))))
}

// someone is a partner that can be met on the n-th day, after the one on which it joined, as likely as it sends visitors. A
// paused one's links are still about.
func (p *plan) someone(n int, weight func(a *ally) float64) *ally {
	i := draw(p.r, len(allies), func(i int) float64 {
		a := &allies[i]
		if n <= a.joins {
			return 0
		}
		w := weight(a) * a.traffic * (1 + (a.growth-1)*float64(n)/days)
		if a.pausedOn > 0 && n > a.pausedOn {
			w *= 0.25
		}
		return w
	})
	return &allies[i]
}

// visit is somebody following one of a partner's links.
func (p *plan) visit(at time.Time, b *browser, a *ally) {
	w := a.links[draw(p.r, len(a.links), func(i int) float64 { return 1 / float64(i+1) })]
	v := visit{on: b, code: w.code, referrer: a.Website + "/"}
	if chance(p.r, 0.8) {
		v.sub = w.subs[p.r.IntN(len(w.subs))]
	}
	if w.product == "" && chance(p.r, 0.3) {
		v.page = products[draw(p.r, len(products), func(i int) float64 { return products[i].share })].slug
	}
	if keys := takes[a.Email]; w.product == "" && len(keys) > 0 && p.visits%3 == 0 {
		v.taken = a.Email + " " + keys[p.visits/3%len(keys)]
	}
	p.visits++
	p.add(at, v.do)
}

// browse is a visit that leads to nothing, at times by no person.
func (p *plan) browse(n int) {
	at := p.moment(n)
	a := p.someone(n, func(*ally) float64 { return 1 })
	b := newBrowser(p.r)
	switch x := p.r.Float64(); {
	case x < 0.055:
		b.agent, b.visitor = robots[p.r.IntN(len(robots))], ""
	case x < 0.07:
		p.glance(at, visit{on: b, code: a.links[0].code, method: http.MethodHead})
		return
	case x < 0.085:
		p.glance(at, visit{on: b, code: a.links[0].code, purpose: "prefetch"})
		return
	case x < 0.16: // looks again later, by itself
		p.add(at.Add(time.Duration(1+p.r.IntN(9))*time.Hour), direct{on: b}.do)
	}
	p.visit(at, b, a)
}

// glance is a request for a link that is no visit.
func (p *plan) glance(at time.Time, v visit) {
	p.visits++
	p.add(at, v.do)
}

// lead is a reader who signs up for the Sunday letter.
func (p *plan) lead(n int) {
	at := p.moment(n)
	b := newBrowser(p.r)
	p.visit(at, b, p.someone(n, func(a *ally) float64 { return a.letters }))
	l := lead{on: b, number: fmt.Sprintf("letter-%d%03d", n, p.r.IntN(1000))}
	p.addTold(at.Add(time.Duration(40+p.r.IntN(200))*time.Second), l.do)
	if p.leads++; n > confirmedFrom && p.leads%8 != 0 { // the others have not opened the letter that asks them
		p.addTold(at.Add(time.Duration(1+p.leads%7*5)*time.Hour), confirm{of: l, bounced: p.leads%11 == 0}.do)
	}
}
