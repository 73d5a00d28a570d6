package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/money"
)

// clause is one line of a contract in words.
type clause struct {
	Name string // of what it is about, a message below "clauses"
	Text string
}

// clauses say a contract in words, line by line.
func clauses(l *lang.Language, t contract.Terms, c money.Currency) []clause {
	var list []clause
	for _, event := range paidEvents(t) {
		list = append(list, clause{"pays", reward(l, event, t.Payouts[event], c)})
	}
	for _, event := range codeEvents(t) {
		list = append(list, clause{"with_code", withCode(l, t, event, c)})
	}
	if t.BindMonths != 0 {
		list = append(list, clause{"binds", bindText(l, t)})
	}
	list = append(list, clause{"window", l.Text("terms.window", "n", t.WindowDays)})
	if t.ViewDays > 0 {
		list = append(list, clause{"views", l.Text("terms.views", "n", t.ViewDays)})
	}
	return append(list,
		clause{"lock", l.Text("terms.lock", "n", t.LockDays)},
		clause{"cycle", cycle(l, t, c)})
}

// sentence says a contract in one line: 10% of each sale, 30 days after the click, paid monthly from €50.
func sentence(l *lang.Language, t contract.Terms, c money.Currency) string {
	var parts []string
	for _, event := range paidEvents(t) {
		parts = append(parts, reward(l, event, t.Payouts[event], c))
	}
	return l.Text("terms.sentence", "rewards", strings.Join(parts, l.Text("terms.and")), "window", l.Text("terms.after_click", "n", t.WindowDays),
		"cycle", cycle(l, t, c))
}

// paidEvents are the event types that the terms pay for, sales first.
func paidEvents(t contract.Terms) []string {
	events := slices.Sorted(maps.Keys(t.Payouts))
	slices.SortStableFunc(events, func(a, b string) int {
		switch {
		case a == "sale" && b != "sale":
			return -1
		case b == "sale" && a != "sale":
			return 1
		}
		return 0
	})
	return slices.DeleteFunc(events, func(e string) bool { return t.Payouts[e] == contract.Payout{} })
}

func reward(l *lang.Language, event string, p contract.Payout, c money.Currency) string {
	fixed := l.Round(money.Of(p.Fixed, c))
	switch {
	case p.Fixed == 0:
		return l.Text("terms.rate", "rate", p.Rate, "event", eventName(l, event))
	case p.Rate == 0:
		return l.Text("terms.fixed", "amount", fixed, "event", eventName(l, event))
	}
	return l.Text("terms.both", "rate", p.Rate, "amount", fixed, "event", eventName(l, event))
}

func cycle(l *lang.Language, t contract.Terms, c money.Currency) string {
	if t.Threshold == 0 {
		return l.Text("terms.cycles." + string(t.Cycle))
	}
	return l.Text("terms.cycles_from."+string(t.Cycle), "amount", l.Round(money.Of(t.Threshold, c)))
}

// eventName is an event type in words; a program's own types keep their names.
func eventName(l *lang.Language, event string) string {
	if key := "events." + event; l.Has(key) {
		return l.Text(key)
	}
	return strings.ReplaceAll(event, "_", " ")
}

// codeEvents are the event types that earn otherwise where the order used a promo code.
func codeEvents(t contract.Terms) []string { return slices.Sorted(maps.Keys(t.WithCode)) }

// withCode is what an order with a promo code earns; it can be nothing.
func withCode(l *lang.Language, t contract.Terms, event string, c money.Currency) string {
	p, ok := t.WithCode[event]
	switch {
	case !ok:
		return ""
	case p == contract.Payout{}:
		return l.Text("terms.nothing", "event", eventName(l, event))
	}
	return reward(l, event, p, c)
}

// bindText is for how long a customer stays with the partner who brought them.
func bindText(l *lang.Language, t contract.Terms) string {
	switch t.BindMonths {
	case 0:
		return ""
	case contract.Lifelong:
		return l.Text("terms.bind_for_ever")
	}
	return l.Text("terms.bind", "n", t.BindMonths)
}
