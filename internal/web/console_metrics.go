package web

import (
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/report"
)

// brought is what one day brought a program.
type brought struct {
	Clicks int64 // those that count
	Cost   int64 // minor units: the commissions of the day's conversions, those that were reversed left out
	report.Sold
	active map[string]bool // the partnerships with a click that counts or a commission that was not reversed
}

// programSeries are the metrics of a program by day.
//
//   - clicks: those that count; bots, prefetches and repetitions do not
//   - conversions: those that were not given back whole, on the day of the order, whoever brought them
//   - revenue: what refunds have left of their amounts, whoever brought them
//   - commissions: what partners earn with them; what was reversed is not there
//   - ROAS: revenue of the conversions of which somebody has a commission, for each unit of these, the sums divided by each other
//   - AOV: revenue of sales for each sale; leads have no amount and are left out
//   - new customers: of the sales, those that are the first of their customer in the program
//   - contributing partners: those with at least one click that counts, or one commission that was not reversed
//
// Money is counted in whole minor units and divided once, when it is written.
func (v *visit) programSeries(s span) ([]series, error) {
	from := s.From
	if len(s.then) > 0 && s.then[0].Before(from) {
		from = s.then[0]
	}
	days := report.Calendar(from, s.To, v.zone) // of both, for who is new is counted from the program's beginning
	sold, err := v.book.Sold(v.Context(), v.read(), v.program.ID, days)
	if err != nil {
		return nil, err
	}
	now, then, err := compared(s, func(some report.Days) ([]brought, error) {
		first, _ := slices.BinarySearchFunc(days, some[0], time.Time.Compare)
		return v.brought(some, sold[first:])
	})
	if err != nil {
		return nil, err
	}
	c := v.program.Currency
	all := []series{
		newSeries("clicks", "", s, now, then, func(b brought) int64 { return b.Clicks }),
		newSeries("conversions", "", s, now, then, func(b brought) int64 { return b.Conversions }),
		newSeries("revenue", c, s, now, then, func(b brought) int64 { return b.Revenue }),
		newSeries("commissions", c, s, now, then, func(b brought) int64 { return b.Cost }),
		newRatio("roas", "", times, s, now, then, func(b brought) ratio { return ratio{b.Brought, b.Cost} }),
		newRatio("aov", c, plain, s, now, then, func(b brought) ratio { return ratio{b.OrderRevenue, b.Orders} }),
		newRatio("new_customers", "", share, s, now, then, func(b brought) ratio { return ratio{b.New, b.Orders} }),
		newSeries("active", "", s, now, then, func(b brought) int64 { return int64(len(b.active)) }),
	}
	all[7].Totals = &[2]ratio{{active(now), 1}, {active(then), 1}}
	for i := range all {
		all[i].Hint = v.text("hints." + all[i].Name)
	}
	return all, nil
}

// active is how many partners were active on any of the days.
func active(days []brought) int64 {
	all := map[string]bool{}
	for _, day := range days {
		for id := range day.active {
			all[id] = true
		}
	}
	return int64(len(all))
}

// brought is what each day brought, beside what was sold.
func (v *visit) brought(days report.Days, sold []report.Sold) ([]brought, error) {
	ctx, r, p := v.Context(), v.read(), v.program.ID
	clicks, err := v.book.Clicks(ctx, r, p, days)
	if err != nil {
		return nil, err
	}
	earned, err := v.book.Earned(ctx, r, p, days)
	if err != nil {
		return nil, err
	}
	list := make([]brought, len(days)-1)
	for n := range list {
		b := brought{Sold: sold[n], active: map[string]bool{}}
		for id, count := range clicks[n] {
			b.Clicks, b.active[id] = b.Clicks+count, true
		}
		for id, sum := range earned[n] {
			b.Cost, b.active[id] = b.Cost+sum.Amount, true
		}
		list[n] = b
	}
	return list, nil
}

// partnershipSeries are the clicks, conversions and earnings of a partnership by day, as the brand reads them.
func (v *visit) partnershipSeries(s span) ([]series, error) {
	ctx, r, p, id := v.Context(), v.read(), v.program, v.partnership.ID
	clicks, clicksThen, err := compared(s, func(days report.Days) ([]map[string]int64, error) { return v.book.Clicks(ctx, r, p.ID, days) })
	if err != nil {
		return nil, err
	}
	earned, earnedThen, err := compared(s, func(days report.Days) ([]map[string]commission.Sum, error) { return v.book.Earned(ctx, r, p.ID, days) })
	if err != nil {
		return nil, err
	}
	return []series{
		newSeries("clicks", "", s, clicks, clicksThen, func(m map[string]int64) int64 { return m[id] }),
		newSeries("sales", "", s, earned, earnedThen, func(m map[string]commission.Sum) int64 { return m[id].Count }),
		newSeries("earnings", p.Currency, s, earned, earnedThen, func(m map[string]commission.Sum) int64 { return m[id].Amount }),
	}, nil
}
