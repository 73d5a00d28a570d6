package web

import "github.com/tributary-hq/tributary/internal/commission"

// fateSteps are what can become of a conversion, each a part of the one before; messages below "fate".
var fateSteps = []string{"reported", "credited", "kept", "final", "paid"}

// fateDays is how far a funnel of conversions goes back: long enough for some of them to be past their lock and paid.
const fateDays = 90

// fate is what became of a program's conversions, as a funnel.
func (v *visit) fate() (funnel, error) {
	to := v.today().AddDate(0, 0, 1)
	f, err := commission.FateOf(v.Context(), v.read(), v.program.ID, to.AddDate(0, 0, -fateDays), to)
	if err != nil {
		return funnel{}, err
	}
	var stages []stage
	for i, n := range []int64{f.Reported, f.Credited, f.Kept, f.Final, f.Paid} {
		stages = append(stages, stage{v.text("fate." + fateSteps[i]), n})
	}
	drawn := v.funnel("fate", v.text("fate.title"), stages)
	drawn.About = v.text("fate.days", "n", fateDays)
	return drawn, nil
}
