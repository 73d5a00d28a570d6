package contract_test

import (
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestPrice(t *testing.T) {
	cases := []struct {
		promise    string
		payout     contract.Payout
		gross, net int64
		want       money.Micro
	}{
		{"a share of what is left", contract.Payout{Rate: 100_000}, 10_000, 7_500, money.Fixed(750)},
		{"parts of a cent are kept", contract.Payout{Rate: 33_333}, 100, 100, 3_333_300},
		{"a fixed sum", contract.Payout{Fixed: 200}, 10_000, 10_000, money.Fixed(200)},
		{"a fixed sum stays with the last cent", contract.Payout{Fixed: 200}, 10_000, 1, money.Fixed(200)},
		{"and goes with the whole", contract.Payout{Fixed: 200}, 10_000, 0, 0},
		{"a lead has no amount and is paid", contract.Payout{Fixed: 200}, 0, 0, money.Fixed(200)},
		{"both", contract.Payout{Rate: 50_000, Fixed: 100}, 10_000, 10_000, money.Fixed(600)},
		{"the largest fits", contract.Payout{Rate: money.Whole, Fixed: money.Max}, money.Max, money.Max, money.Fixed(2 * money.Max)},
	}
	for _, c := range cases {
		if got := c.payout.Price(c.gross, c.net); got != c.want {
			t.Errorf("%s: %d, want %d", c.promise, got, c.want)
		}
	}
}

func TestDue(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		moment, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	cases := []struct {
		promise   string
		cycle     contract.Cycle
		last, now string
		want      bool
	}{
		{"once a month", contract.Monthly, "2026-03-01T12:00:00Z", "2026-03-31T12:00:00Z", false},
		{"the month begins in the program's zone", contract.Monthly, "2026-03-01T12:00:00Z", "2026-03-31T22:30:00Z", true},
		{"not before it does", contract.Monthly, "2026-02-28T23:30:00Z", "2026-03-31T12:00:00Z", false},
		{"weeks begin on Monday", contract.Weekly, "2026-03-02T12:00:00Z", "2026-03-08T12:00:00Z", false},
		{"and a new one is due", contract.Weekly, "2026-03-08T12:00:00Z", "2026-03-09T12:00:00Z", true},
		{"a week across the year", contract.Weekly, "2026-12-31T12:00:00Z", "2027-01-02T12:00:00Z", false},
		{"every day", contract.Daily, "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z", true},
		{"but once", contract.Daily, "2026-03-02T12:00:00Z", "2026-03-02T20:00:00Z", false},
		{"the day on which clocks change", contract.Daily, "2026-03-28T22:30:00Z", "2026-03-28T23:30:00Z", true},
	}
	for _, c := range cases {
		if got := c.cycle.Due(at(c.last), at(c.now), paris); got != c.want {
			t.Errorf("%s: %v", c.promise, got)
		}
	}
	if !contract.Monthly.Due(time.Time{}, at("2026-03-01T12:00:00Z"), paris) {
		t.Error("who was never paid is not due")
	}
}

func TestCheck(t *testing.T) {
	cases := []struct {
		with func(t *contract.Terms)
		want string
	}{
		{func(*contract.Terms) {}, ""},
		{func(t *contract.Terms) { t.Payouts = nil }, "payouts_invalid"},
		{func(t *contract.Terms) { t.Payouts = map[string]contract.Payout{"sale": {Rate: money.Whole + 1}} }, "payouts_invalid"},
		{func(t *contract.Terms) { t.Payouts = map[string]contract.Payout{"sale": {Fixed: -1}} }, "payouts_invalid"},
		{func(t *contract.Terms) { t.WindowDays = 0 }, "window_days_invalid"},
		{func(t *contract.Terms) { t.WindowDays = 401 }, "window_days_invalid"},
		{func(t *contract.Terms) { t.LockDays = -1 }, "lock_days_invalid"},
		{func(t *contract.Terms) { t.Cycle = "yearly" }, "cycle_invalid"},
		{func(t *contract.Terms) { t.Threshold = -1 }, "threshold_invalid"},
	}
	for _, c := range cases {
		terms := contract.Sensible("EUR")
		c.with(&terms)
		if got := problem.Code(terms.Check()); got != c.want {
			t.Errorf("%+v: %q, want %q", terms, got, c.want)
		}
	}
}
