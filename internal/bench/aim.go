package bench

import (
	"fmt"
	"slices"
	"time"
)

// bound is what a figure shall keep.
type bound struct {
	value float64
	most  bool
}

func atLeast(value float64) bound { return bound{value, false} }
func atMost(value float64) bound  { return bound{value, true} }

// aim prints a figure beside its aim, and whether it has reached it.
func (c *comparison) aim(name, format string, figure float64, b bound) {
	sign, reached := "≥", figure >= b.value
	if b.most {
		sign, reached = "≤", figure <= b.value
	}
	word := "reached"
	if !reached {
		word = "missed"
	}
	fmt.Fprintf(c.out, "  %-38s %10s   aim %s %v: %s\n", name, fmt.Sprintf(format, figure), sign, b.value, word)
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// ratio is the median of the ratios turn by turn, so that a machine whose speed drifts does not spoil it.
func ratio(ours, reference []float64) float64 {
	list := make([]float64, len(ours))
	for i := range ours {
		list[i] = ours[i] / reference[i]
	}
	return median(list)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
