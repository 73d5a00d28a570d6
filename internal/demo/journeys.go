package demo

import (
	"slices"
	"time"
)

// journeys are the ways that lead to an order, with their shares. i is a touch by who inspires, c by who closes, d a visit
// without a partner, o a touch that is too old to count; p is a promo code at the checkout.
var journeys = []struct {
	share float64
	steps string
}{
	{33, "i"}, {9, "id"}, {9, "ii"}, {10, "ic"}, {8, "c"}, {4, "iic"}, {3, "iid"}, {2, "iiic"}, {2, "oi"}, {2, "o"}, {4, "p"}, {5, "ip"}, {2, "iip"},
	{7, "d"}, {5, ""},
}

const (
	comesBack    = 0.14 // of the orders: somebody who has ordered before
	twoDevices   = 0.08 // of the others: begun on the phone, ordered at the desk
	givesBack    = 0.075
	reportsTwice = 0.015
)

// order draws an order on the n-th day and what led to it.
func (p *plan) order(n int) {
	at := p.moment(n)
	known := len(p.people)
	who, steps := p.buyer(n)
	o := p.sell(at, &order{by: who, items: p.basket(), twice: chance(p.r, reportsTwice), again: len(p.people) == known})
	for i, step := range steps {
		switch left := len(steps) - i; step {
		case 'i', 'o':
			before := p.earlier(left)
			if step == 'o' {
				before = time.Duration(33+p.r.IntN(14)) * 24 * time.Hour
			}
			p.touch(at.Add(-before), p.device(who, i), inspires)
		case 'c':
			p.touch(at.Add(-time.Duration(2+p.r.IntN(25))*time.Minute), who.desk, closes)
		case 'd':
			p.add(at.Add(-time.Duration(3+p.r.IntN(50))*time.Minute), direct{on: who.desk}.do)
		case 'p':
			o.code = p.someone(n, func(a *ally) float64 {
				if a.code == "" {
					return 0
				}
				return a.buys
			}).code
		}
	}
	if who.phone != nil {
		p.add(at.Add(time.Duration(p.r.IntN(4*3600)-90)*time.Second), signIn{who: who, on: who.phone}.do)
	}
	switch {
	case chance(p.r, givesBack):
		p.giveBack(at, o)
	case len(o.items) > 1 && len(p.orders)%9 == 0:
		p.add(at.Add(26*time.Hour), edit{of: o}.do)
	}
}

// sell adds an order.
func (p *plan) sell(at time.Time, o *order) *order {
	o.at = at
	p.orders = append(p.orders, o)
	p.addTold(at, o.do)
	return o
}

// buyer is who orders on the n-th day, and the way there. Who comes back mostly just does.
func (p *plan) buyer(n int) (*shopper, string) {
	if len(p.people) > 15 && chance(p.r, comesBack) {
		if who := p.people[p.r.IntN(len(p.people))]; n-who.ordered >= 4 {
			who.ordered = n
			return who, []string{"", "", "d", "c"}[p.r.IntN(4)]
		}
	}
	who := newShopper(p.r, 10+len(p.people))
	who.ordered = n
	steps := journeys[draw(p.r, len(journeys), func(i int) float64 { return journeys[i].share })].steps
	if len(steps) > 0 && steps[0] == 'i' && chance(p.r, twoDevices) {
		who.phone = newBrowser(p.r)
		who.phone.visitor = randomHex(p.r, 16)
	}
	p.people = append(p.people, who)
	return who, steps
}

// device is where the i-th step happens: the first one on the phone, where there is one.
func (p *plan) device(who *shopper, i int) *browser {
	if i == 0 && who.phone != nil {
		return who.phone
	}
	return who.desk
}

// earlier is how long before the order a touch was, when so many steps were still to come: minutes or some days.
func (p *plan) earlier(left int) time.Duration {
	if left == 1 && chance(p.r, 0.45) {
		return time.Duration(4+p.r.IntN(90)) * time.Minute
	}
	hours := min(p.r.ExpFloat64()*40, 9*24) + float64(3+left)
	return time.Duration(hours*float64(left)*float64(time.Hour)) + time.Duration(p.r.IntN(3600))*time.Second
}

// touch is a visit by a partner of the kind, unless it would have been before there were any.
func (p *plan) touch(at time.Time, b *browser, as part) {
	n := int(at.Sub(midnight(p.end, 0)) / (24 * time.Hour))
	if at.Before(midnight(p.end, 0)) {
		return
	}
	p.visit(at, b, p.someone(n, func(a *ally) float64 {
		if a.part != as {
			return 0
		}
		return a.buys
	}))
}

// basket is what is bought: one to three things, by their places among the products.
func (p *plan) basket() []int {
	var items []int
	for range []int{1, 1, 1, 1, 2, 2, 2, 3}[p.r.IntN(8)] {
		i := draw(p.r, len(products), func(i int) float64 { return products[i].share })
		if !slices.Contains(items, i) {
			items = append(items, i)
		}
	}
	return items
}

// giveBack returns an order some days later, all of it or one thing.
func (p *plan) giveBack(at time.Time, o *order) {
	later := at.Add(time.Duration(3+p.r.IntN(22))*24*time.Hour + time.Duration(p.r.IntN(8*3600))*time.Second)
	r := refund{of: o, reason: "item_returned"}
	switch x := p.r.Float64(); {
	case len(o.items) > 1 && x < 0.6:
		r.part = products[o.items[0]].slug
	case x < 0.75:
	case x < 0.93:
		later, r.reason = at.Add(time.Duration(20+p.r.IntN(400))*time.Minute), "order_cancelled"
	default:
		r.reason = "chargeback"
	}
	p.add(later, r.do)
}

// overtake is what happens in every shop once: a cancellation that is reported before its order.
func (p *plan) overtake(n int) {
	at := midnight(p.end, n).Add(20 * time.Hour)
	who := newShopper(p.r, 9)
	p.touch(at.Add(-20*time.Minute), who.desk, inspires)
	o := p.sell(at, &order{by: who, items: []int{6}})
	p.add(at.Add(-time.Second), refund{of: o, reason: "order_cancelled"}.do)
}

// tooLate are orders by links of partners that had been paused.
func (p *plan) tooLate() {
	for i := range allies {
		if a := &allies[i]; a.pausedOn > 0 {
			at := midnight(p.end, a.pausedOn+3).Add(11 * time.Hour)
			who := newShopper(p.r, 8)
			p.visit(at.Add(-9*time.Minute), who.desk, a)
			p.sell(at, &order{by: who, items: []int{5, 9}})
		}
	}
}
