package chart

import (
	"fmt"
	"html/template"
)

// Stage is a step of a funnel beside the first and the one before it. Shares are in thousandths, of nothing none.
type Stage struct {
	Count      int64
	OfFirst    int64
	OfPrevious int64
	reach      int64 // of the largest count, in thousandths
	before     int64 // the reach of the previous stage
}

// Funnel compares the counts of steps, of which each holds some of the one before.
func Funnel(counts []int64) []Stage {
	var most int64
	for _, n := range counts {
		most = max(most, n)
	}
	list := make([]Stage, len(counts))
	for i, n := range counts {
		n = max(n, 0)
		list[i] = Stage{Count: n, OfFirst: Thousandths(n, counts[0]), OfPrevious: Thousandths(n, counts[0]), reach: Thousandths(n, most)}
		list[i].before = list[i].reach
		if i > 0 {
			list[i].OfPrevious, list[i].before = Thousandths(n, counts[i-1]), list[i-1].reach
		}
	}
	return list
}

// SVG is the stage as a bar, with what the previous one had behind it.
func (s Stage) SVG() template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="funnel-bar" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">`+
		`<rect class="funnel-all" width="1000" height="24"/><rect class="funnel-before" width="%d" height="24"/><rect class="funnel-part" width="%d" height="24"/></svg>`,
		s.before, s.reach))
}
