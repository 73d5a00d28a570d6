package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// shares are a program's commissions by day and partner.
func (v *visit) shares(span span, standings []standing) (stack, error) {
	each, err := commission.EarnedByEach(v.Context(), v.read(), v.program.ID, span.From, span.To, v.zone)
	if err != nil {
		return stack{}, err
	}
	var days []time.Time
	var parts []chart.Part
	for _, one := range standings {
		list := each[one.Partnership]
		if list == nil {
			continue
		}
		part := chart.Part{Name: one.Name}
		days = nil
		for _, day := range list {
			days, part.Values = append(days, day.Date), append(part.Values, day.Amount)
		}
		parts = append(parts, part)
	}
	drawn := v.stack("shares", v.text("standings.by_partner"), v.program.Currency, days, parts)
	drawn.About = v.text("fate.days", "n", span.Days)
	return drawn, nil
}
