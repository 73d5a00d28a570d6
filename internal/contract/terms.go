// Package contract is what was agreed with each partner, and since when. Pricing is arithmetic on the terms: the same sale
// and the same version give the same cents years later. Terms are added with a day, never edited.
package contract

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Cycle is how often a partner is paid.
type Cycle string

// The cycles. A month and a week begin in the program's time zone; weeks begin on Monday.
const (
	Daily   Cycle = "daily"
	Weekly  Cycle = "weekly"
	Monthly Cycle = "monthly"
)

// Payout is what one conversion of an event type earns: a share of its net amount, a fixed sum, or both.
type Payout struct {
	Rate  money.Rate `json:"rate,omitempty"`
	Fixed int64      `json:"fixed,omitempty"` // minor units of the program's currency
}

// Terms are the content of a version of a contract.
type Terms struct {
	Payouts    map[string]Payout `json:"payouts"`             // by event type; a type that is missing earns nothing
	WindowDays int64             `json:"window_days"`         // a touch counts for so many days of 24 hours
	ViewDays   int64             `json:"view_days,omitempty"` // something that was seen and not clicked counts for so many days; 0: it does not
	LockDays   int64             `json:"lock_days"`           // a commission can change for so many days after the conversion
	Cycle      Cycle             `json:"cycle"`
	Threshold  int64             `json:"threshold"` // minor units; less is not paid out but kept

	WithCode   map[string]Payout `json:"with_code,omitempty"`   // instead of Payouts, where the order used a partner's promo code
	BindMonths int64             `json:"bind_months,omitempty"` // a customer whom the partner brought is theirs for so long; Lifelong: for ever
}

// Lifelong is a binding without an end.
const Lifelong = 1200

// Pays is what a conversion of an event type earns, and whether that is the rule for orders with a promo code.
func (t Terms) Pays(event string, code bool) (p Payout, special bool) {
	if p, special = t.WithCode[event]; code && special {
		return p, true
	}
	return t.Payouts[event], false
}

// MaxWindowDays bounds every window, as the law of cookies does (400 days in current browsers).
const MaxWindowDays = 400

// MaxViewDays bounds how long something counts that was seen and not clicked: for longer nobody could say that it had led there.
const MaxViewDays = 30

// Sensible are terms to start from: 10 % of each sale, 30 days after the click, locked after 30 days, paid monthly from
// 50 units of the currency.
func Sensible(c money.Currency) Terms {
	threshold, err := money.Parse("50", c)
	if err != nil {
		panic(err) // a constant of this package
	}
	return Terms{Payouts: map[string]Payout{"sale": {Rate: 100_000}}, WindowDays: 30, LockDays: 30, Cycle: Monthly, Threshold: threshold.Minor}
}

// Check says what is wrong with the terms.
func (t Terms) Check() error {
	var faults []*problem.Problem
	fault := func(ok bool, field, format string, args ...any) {
		if !ok {
			faults = append(faults, problem.Invalid(field, format, args...))
		}
	}
	fault(len(t.Payouts) > 0, "payouts", "a contract must pay for at least one event type")
	for _, event := range slices.Sorted(maps.Keys(t.WithCode)) {
		p := t.WithCode[event]
		fault(t.Payouts[event] != Payout{}, "with_code", "a %s with a promo code can only earn where one without earns", event)
		fault(p.Rate >= 0 && p.Rate <= money.Whole, "with_code", "the share of a %s with a promo code is not between 0 and 100 %%", event)
		fault(p.Fixed >= 0 && p.Fixed <= money.Max, "with_code", "the fixed sum for a %s with a promo code is out of range", event)
	}
	fault(t.BindMonths >= 0 && (t.BindMonths <= 120 || t.BindMonths == Lifelong), "bind_months",
		"a customer is bound for 0 to 120 months, or for ever (%d)", Lifelong)
	for _, event := range slices.Sorted(maps.Keys(t.Payouts)) {
		p := t.Payouts[event]
		fault(event != "", "payouts", "an event type has no name")
		fault(p.Rate >= 0 && p.Rate <= money.Whole, "payouts", "the share of a %s is not between 0 and 100 %%", event)
		fault(p.Fixed >= 0 && p.Fixed <= money.Max, "payouts", "the fixed sum for a %s is out of range", event)
	}
	fault(t.WindowDays >= 1 && t.WindowDays <= MaxWindowDays, "window_days", "a window of %d days is not between 1 and %d", t.WindowDays, MaxWindowDays)
	fault(t.ViewDays >= 0 && t.ViewDays <= MaxViewDays, "view_days", "a view counts for 0 to %d days, not %d", MaxViewDays, t.ViewDays)
	fault(t.LockDays >= 0 && t.LockDays <= 366, "lock_days", "a locking time of %d days is not between 0 and 366", t.LockDays)
	fault(t.Cycle == Daily || t.Cycle == Weekly || t.Cycle == Monthly, "cycle", "%q is not a payout cycle; there are daily, weekly and monthly", t.Cycle)
	fault(t.Threshold >= 0 && t.Threshold <= money.Max, "threshold", "the least payout is out of range")
	return problem.Join(faults...)
}

// Price is what a conversion earns, exactly, in minor units of its currency. net is the amount after refunds; a conversion
// that was refunded whole (net is zero and gross is not) earns no fixed sum either.
func (p Payout) Price(gross, net int64) money.Micro {
	earned := money.Part(net, p.Rate)
	if net > 0 || gross == 0 {
		earned += money.Fixed(p.Fixed)
	}
	return earned
}

// Window is how long a touch counts.
func (t Terms) Window() time.Duration { return time.Duration(t.WindowDays) * 24 * time.Hour }

// ViewWindow is how long something counts that was seen and not clicked.
func (t Terms) ViewWindow() time.Duration { return time.Duration(t.ViewDays) * 24 * time.Hour }

// Matures is when a commission of a conversion at the moment can no longer change.
func (t Terms) Matures(at time.Time) time.Time {
	return at.Add(time.Duration(t.LockDays) * 24 * time.Hour)
}

// Due tells whether a partner who was last put into a payout at last (zero: never) is to be paid again at now.
func (c Cycle) Due(last, now time.Time, zone *time.Location) bool {
	if last.IsZero() {
		return true
	}
	return c.period(last.In(zone)) != c.period(now.In(zone))
}

func (c Cycle) period(at time.Time) string {
	switch c {
	case Daily:
		return at.Format(time.DateOnly)
	case Weekly:
		year, week := at.ISOWeek()
		return fmt.Sprintf("%d-W%02d", year, week)
	default:
		return at.Format("2006-01")
	}
}
