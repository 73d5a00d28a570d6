package chart

import (
	"math"
	"slices"
	"strings"
)

// Gap is the value of a day that has none. A line breaks there, and nothing is drawn.
const Gap int64 = math.MinInt64

// largest is the largest of values, at least 1.
func largest(values []int64) int64 { return max(1, slices.Max(append(slices.Clone(values), 1))) }

// strokes are a line through the corners of values and the area below it, in a drawing that is h units high. Where a value is
// a gap, both begin anew after it; a value between gaps is a dot.
func strokes(values []int64, list []corner, h int64) (line, area string) {
	var lines, areas []string
	for i := 0; i < len(values); i++ {
		if values[i] == Gap {
			continue
		}
		from := i
		for i+1 < len(values) && values[i+1] != Gap {
			i++
		}
		part := through(list[from : i+1])
		if from == i {
			part += " h0.1"
		}
		lines = append(lines, part)
		areas = append(areas, part+" L"+tenths(list[i].x)+","+tenths(h*10)+" L"+tenths(list[from].x)+","+tenths(h*10)+" Z")
	}
	return strings.Join(lines, " "), strings.Join(areas, " ")
}
