package web

import (
	"html/template"

	"github.com/tributary-hq/tributary/internal/web/chart"
)

// funnel is how much is left from step to step. It is its own table.
type funnel struct {
	ID    string
	Title string
	About string
	Empty bool // nothing came to the first step
	Steps []funnelStep
}

type funnelStep struct {
	Name       string
	Count      int64
	OfFirst    string
	OfPrevious string // empty for the first
	Bar        template.HTML
	Words      string // the step in a few lines, for the pointer
}

// stage is a step of a funnel before it is drawn.
type stage struct {
	Name  string
	Count int64
}

func (v *visit) funnel(id, title string, stages []stage) funnel {
	f := funnel{ID: id, Title: title}
	counts := make([]int64, len(stages))
	for i, one := range stages {
		counts[i] = one.Count
	}
	f.Empty = chart.Blank(counts)
	for i, drawn := range chart.Funnel(counts) {
		step := funnelStep{Name: stages[i].Name, Count: drawn.Count, OfFirst: v.lang.Percent(drawn.OfFirst), Bar: drawn.SVG()}
		step.Words = v.line(step.Name, v.lang.Number(step.Count))
		if i > 0 {
			step.OfPrevious = v.lang.Percent(drawn.OfPrevious)
			step.Words += "\n" + v.line(v.text("chart.of_named", "name", stages[0].Name), step.OfFirst)
			if i > 1 {
				step.Words += "\n" + v.line(v.text("chart.of_named", "name", stages[i-1].Name), step.OfPrevious)
			}
		}
		f.Steps = append(f.Steps, step)
	}
	return f
}
