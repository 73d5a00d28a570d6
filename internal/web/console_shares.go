package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// shares are a program's commissions by day and partner: the first of the standings, and all others as one.
func (v *visit) shares(span span, standings []standing) (stack, error) {
	earned := func(partnership string) ([]commission.Day, error) {
		return commission.Earned(v.Context(), v.read(), v.program.ID, partnership, span.From, span.To, v.zone)
	}
	all, err := earned("")
	if err != nil {
		return stack{}, err
	}
	var days []time.Time
	rest := chart.Part{Name: v.text("chart.other"), Rest: true}
	for _, day := range all {
		days, rest.Values = append(days, day.Date), append(rest.Values, day.Amount)
	}
	var parts []chart.Part
	for _, one := range standings[:min(len(standings), chart.PartsMost-1)] {
		if one.Earned <= 0 {
			break // they are in order
		}
		list, err := earned(one.Partnership)
		if err != nil {
			return stack{}, err
		}
		part := chart.Part{Name: one.Name}
		for i, day := range list {
			part.Values = append(part.Values, day.Amount)
			rest.Values[i] -= day.Amount
		}
		parts = append(parts, part)
	}
	if rest.Total() > 0 {
		parts = append(parts, rest)
	}
	drawn := v.stack("shares", v.text("standings.by_partner"), v.program.Currency, days, parts)
	drawn.About = v.text("fate.days", "n", span.Days)
	return drawn, nil
}
