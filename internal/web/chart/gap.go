package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Gap is the value of a day that has none. A line breaks there, and nothing is drawn.
const Gap int64 = math.MinInt64

// largest is the largest of values, at least 1.
func largest(values []int64) int64 { return max(1, slices.Max(append(slices.Clone(values), 1))) }

// strokes are a line through values and the area below it; where a value is a gap, both begin anew after it. A value between
// gaps is a dot.
func strokes(values []int64, top, w, h int64) (line, area string) {
	var lines, areas []string
	last := int64(max(1, len(values)-1))
	for i := 0; i < len(values); i++ {
		if values[i] == Gap {
			continue
		}
		from := i
		for i+1 < len(values) && values[i+1] != Gap {
			i++
		}
		corners := points(values, from, i+1, top, w, h)
		if from == i {
			corners += " h0.1"
		}
		lines = append(lines, "M"+corners)
		areas = append(areas, fmt.Sprintf("M%s L%d,%d L%d,%d Z", corners, int64(i)*w/last, h, int64(from)*w/last, h))
	}
	return strings.Join(lines, " "), strings.Join(areas, " ")
}
