package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/report"
)

type myOverviewPage struct {
	cabinetPage
	Today    figures
	Month    figures
	Balances balances
	Lock     commission.Lock // zero when nothing is pending
	Chips    []chip
	Cards    []card
	Trend    trend
	Latest   []commission.Commission
}

// figures are a partner's numbers of a stretch of time.
type figures struct {
	Clicks, Leads, Sales int64
	Earned               money.Amount
}

// myOverview is how a partner does in a program.
func (s *site) myOverview(v *visit) (answer, error) {
	data := myOverviewPage{cabinetPage: v.cabinet()}
	span := v.span()
	all, err := v.mySeries(span)
	if err != nil {
		return nil, err
	}
	data.Chips = v.spanChips(span)
	data.Cards, data.Trend = v.figures(all)
	today := v.today()
	if data.Today, err = v.figuresOf(today); err != nil {
		return nil, err
	}
	if data.Month, err = v.figuresOf(time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, v.zone)); err != nil {
		return nil, err
	}
	if data.Balances, err = v.balances(); err != nil {
		return nil, err
	}
	if data.Lock, _, err = commission.LocksNext(v.Context(), v.read(), v.partnership.ID, v.zone); err != nil {
		return nil, err
	}
	if data.Latest, err = commission.List(v.Context(), v.read(), commission.Filter{Partnership: v.partnership.ID, Limit: 6}); err != nil {
		return nil, err
	}
	return s.page("cabinet/overview", v.text("nav.overview"), data), nil
}

// figuresOf are the partner's numbers from a midnight to the end of today.
func (v *visit) figuresOf(from time.Time) (figures, error) {
	f := figures{Earned: money.Of(0, v.program.Currency)}
	days := report.Calendar(from, v.today().AddDate(0, 0, 1), v.zone)
	clicks, err := v.book.Clicks(v.Context(), v.read(), v.program.ID, days)
	if err != nil {
		return f, err
	}
	for _, day := range clicks {
		f.Clicks += day[v.partnership.ID]
	}
	outcomes, err := v.book.Outcomes(v.Context(), v.read(), v.program.ID, v.partnership.ID, days)
	for _, day := range outcomes {
		f.Leads += day.Leads
		f.Sales += day.Sales
		f.Earned.Minor += day.Earned
	}
	return f, err
}

// mySeries are a partner's clicks, leads, sales and earnings by day.
func (v *visit) mySeries(s span) ([]series, error) {
	ctx, r, p, id := v.Context(), v.read(), v.program, v.partnership.ID
	clicks, clicksThen, err := compared(s, func(days report.Days) ([]map[string]int64, error) { return v.book.Clicks(ctx, r, p.ID, days) })
	if err != nil {
		return nil, err
	}
	now, then, err := compared(s, func(days report.Days) ([]commission.Outcome, error) { return v.book.Outcomes(ctx, r, p.ID, id, days) })
	if err != nil {
		return nil, err
	}
	return []series{
		newSeries("clicks", "", s, clicks, clicksThen, func(m map[string]int64) int64 { return m[id] }),
		newSeries("leads", "", s, now, then, func(o commission.Outcome) int64 { return o.Leads }),
		newSeries("orders", "", s, now, then, func(o commission.Outcome) int64 { return o.Sales }),
		newSeries("earnings", p.Currency, s, now, then, func(o commission.Outcome) int64 { return o.Earned }),
	}, nil
}
