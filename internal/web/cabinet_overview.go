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
	Chips    []chip
	Cards    []card
	Trend    trend
	Latest   []commission.Commission
}

// figures are a partner's numbers of a stretch of time.
type figures struct {
	Clicks, Sales int64
	Earned        money.Amount
}

// myOverview is how a partner does in a program.
func (s *site) myOverview(v *visit) (answer, error) {
	data := myOverviewPage{cabinetPage: v.cabinet()}
	span := v.span()
	all, err := v.partnershipSeries(span)
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
	earned, err := commission.Earned(v.Context(), v.read(), v.program.ID, v.partnership.ID, from, to, v.zone)
	for _, day := range earned {
		f.Sales += day.Count
		f.Earned.Minor += day.Amount
	}
	return f, err
}

// partnershipSeries are the clicks, sales and earnings of a partnership by day.
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
