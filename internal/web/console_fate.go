package web

import "github.com/tributary-hq/tributary/internal/commission"

// fateSteps are what can become of a conversion, each a part of the one before; messages below "fate".
var fateSteps = []string{"reported", "credited", "kept", "final", "paid"}

// fate is what became of a program's conversions, as a funnel.
func (v *visit) fate(span span) (funnel, error) {
	f, err := commission.FateOf(v.Context(), v.read(), v.program.ID, span.From, span.To)
	if err != nil {
		return funnel{}, err
	}
	var stages []stage
	for i, n := range []int64{f.Reported, f.Credited, f.Kept, f.Final, f.Paid} {
		stages = append(stages, stage{v.text("fate." + fateSteps[i]), n})
	}
	drawn := v.funnel("fate", v.text("fate.title"), stages)
	drawn.About = v.text("fate.days", "n", span.Days)
	return drawn, nil
}
