package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/touch"
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
	to := v.today().AddDate(0, 0, 1)
	clicks, err := touch.Daily(v.Context(), v.read(), v.program.ID, v.partnership.ID, from, to, v.zone)
	if err != nil {
		return f, err
	}
	for _, day := range clicks {
		f.Clicks += day.Clicks
	}
	outcomes, err := commission.Outcomes(v.Context(), v.read(), v.partnership.ID, from, to, v.zone)
	for _, day := range outcomes {
		f.Leads += day.Leads
		f.Sales += day.Sales
		f.Earned.Minor += day.Earned
	}
	return f, err
}

// mySeries are a partner's clicks, leads, sales and earnings by day.
func (v *visit) mySeries(span span) ([]series, error) {
	ctx, r, id := v.Context(), v.read(), v.partnership.ID
	clicks, err := touch.Daily(ctx, r, v.program.ID, id, span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	outcomes, err := commission.Outcomes(ctx, r, id, span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	date := func(o commission.Outcome) time.Time { return o.Date }
	return []series{
		newSeries("clicks", "", span, clicks, func(d touch.Day) int64 { return d.Clicks }, dateOfClicks),
		newSeries("leads", "", span, outcomes, func(o commission.Outcome) int64 { return o.Leads }, date),
		newSeries("orders", "", span, outcomes, func(o commission.Outcome) int64 { return o.Sales }, date),
		newSeries("earnings", v.program.Currency, span, outcomes, func(o commission.Outcome) int64 { return o.Earned }, date),
	}, nil
}

// partnershipSeries are the clicks, sales and earnings of a partnership by day, as the brand reads them.
func (v *visit) partnershipSeries(span span) ([]series, error) {
	ctx, r, p, id := v.Context(), v.read(), v.program, v.partnership.ID
	clicks, err := touch.Daily(ctx, r, p.ID, id, span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	earned, err := commission.Earned(ctx, r, p.ID, id, span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	return []series{
		newSeries("clicks", "", span, clicks, func(d touch.Day) int64 { return d.Clicks }, dateOfClicks),
		newSeries("sales", "", span, earned, func(d commission.Day) int64 { return d.Count }, dateOfDay),
		newSeries("earnings", p.Currency, span, earned, func(d commission.Day) int64 { return d.Amount }, dateOfDay),
	}, nil
}
