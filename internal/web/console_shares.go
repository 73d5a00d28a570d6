package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/web/chart"
)

// earnedByPartner are a program's commissions by day and partner, in the order of the standings.
func (v *visit) earnedByPartner(s span, standings []standing) (stack, error) {
	now := s.now()
	earned, err := v.book.Earned(v.Context(), v.read(), v.program.ID, now)
	if err != nil {
		return stack{}, err
	}
	var parts []chart.Part
	for _, one := range standings {
		if one.Sales == 0 {
			continue
		}
		part := chart.Part{Name: one.Name}
		for _, day := range earned {
			part.Values = append(part.Values, day[one.Partnership].Amount)
		}
		parts = append(parts, part)
	}
	var days []time.Time
	if len(parts) > 0 {
		days = now[:len(now)-1]
	}
	drawn := v.stack("shares", v.text("standings.by_partner"), v.program.Currency, days, parts)
	drawn.About = v.text("fate.days", "n", len(now)-1)
	return drawn, nil
}
