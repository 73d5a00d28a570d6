// Package chart draws numbers as SVG. It knows no units and makes up no words: what a drawing says is handed in, what stands
// beside it is the page's to write, and every page has the numbers as a table too. A drawing holds no style of its own, only
// classes; each thing that can be pointed at is an element of the class chart-hit with its title.
package chart

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
)

// The units of a plot, a drawing with an axis. It is stretched to the width of its place; lines keep their width.
const (
	width  = 1000
	height = 240
	steps  = 4 // of the axis
)

// numberMost is the largest number that an axis reaches; what is larger ends there.
const numberMost = 1 << 58

// Step is the round number of which four reach the largest value.
func Step(largest int64) int64 {
	largest = min(largest, numberMost)
	for unit := int64(1); ; unit *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if m*unit*steps >= largest {
				return m * unit
			}
		}
	}
}

// ticks are the numbers of an axis, a step from each other, from the top down to zero.
func ticks(step int64) []int64 {
	var list []int64
	for n := int64(steps); n >= 0; n-- {
		list = append(list, n*step)
	}
	return list
}

// openPlot begins a drawing with the lines of its axis.
func openPlot(b *strings.Builder) {
	fmt.Fprintf(b, `<svg class="chart-plot" viewBox="0 0 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`, width, height)
	for n := range steps + 1 {
		y := height * n / steps
		fmt.Fprintf(b, `<line class="chart-grid" x1="0" x2="%d" y1="%d" y2="%d"/>`, width, y, y)
	}
}

// hit lays an invisible column over a place of a plot, which says its title when pointed at.
func hit(b *strings.Builder, from, to int64, title, mark string) {
	fmt.Fprintf(b, `<g class="chart-hit"><title>%s</title><rect class="chart-catch" x="%s" y="0" width="%s" height="%d"/>%s</g>`,
		template.HTMLEscapeString(title), tenths(from), tenths(to-from), height, mark)
}

// tenths writes a number of tenths of a unit.
func tenths(n int64) string { return fmt.Sprintf("%d.%d", n/10, n%10) }

// ratio is v/top of the whole; large amounts are made smaller first, so that the product fits.
func ratio(v, top, whole int64) int64 {
	for top > 1<<40 {
		v, top = v>>10, top>>10
	}
	return v * whole / max(1, top)
}

// Thousandths is how much of the whole a part is; nothing of nothing.
func Thousandths(part, whole int64) int64 {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return ratio(min(part, whole), whole, 1000)
}

// sum adds what is more than nothing, and stops at the largest number instead of turning around.
func sum(list ...int64) (total int64) {
	for _, n := range list {
		n = max(n, 0)
		if total > math.MaxInt64-n {
			return math.MaxInt64
		}
		total += n
	}
	return total
}

// Blank tells whether there is nothing to draw: no value is more than nothing.
func Blank(lists ...[]int64) bool {
	return !slices.ContainsFunc(slices.Concat(lists...), func(n int64) bool { return n > 0 })
}
