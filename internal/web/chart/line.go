package chart

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// Line is a series drawn as a line, with the one of another time to compare.
type Line struct {
	Values []int64
	Before []int64  // may be empty
	Top    int64    // where the axis ends, of values that cannot be more; 0: above the largest
	Titles []string // what each value is, in words, for the pointer; may be empty
	Area   bool     // fill what is below
}

// Ticks are the round numbers of the axis, from the top down to zero.
func (l Line) Ticks() []int64 {
	if l.Top > 0 {
		return ticks(l.Top / steps)
	}
	return ticks(Step(largest(slices.Concat(l.Values, l.Before))))
}

// SVG is the drawing.
func (l Line) SVG() template.HTML {
	var b strings.Builder
	openPlot(&b)
	top := l.Ticks()[0]
	if before, _ := strokes(level(l.Before, top)); before != "" {
		fmt.Fprintf(&b, `<path class="chart-before" d="%s"/>`, before)
	}
	line, area := strokes(level(l.Values, top))
	if l.Area {
		fmt.Fprintf(&b, `<path class="chart-area" d="%s"/>`, area)
	}
	fmt.Fprintf(&b, `<path class="chart-line" d="%s"/>`, line)
	places := corners(l.Values, top, width, height)
	for i, title := range l.Titles[:min(len(l.Titles), len(places))] {
		from, to := int64(0), int64(width*10)
		if i > 0 {
			from = (places[i-1].x + places[i].x) / 2
		}
		if i+1 < len(places) {
			to = (places[i].x + places[i+1].x) / 2
		}
		dot := ""
		if at := places[i]; l.Values[i] != Gap {
			dot = fmt.Sprintf(`<path class="chart-dot" d="M%s,%s h0"/>`, tenths(at.x), tenths(at.y))
		}
		hit(&b, from, to, title, dot)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// Spark is a series as a small line without an axis; of nothing but zeros there is none.
func Spark(values []int64) template.HTML {
	const w, h = 120, 32
	if len(values) < 2 || Blank(values) {
		return ""
	}
	line, area := strokes(values, corners(values, slices.Max(values), w, h-3), h)
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 -1 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`+
		`<path class="chart-area" d="%s"/><path class="chart-line" d="%s"/></svg>`, w, h, area, line))
}

type corner struct{ x, y int64 } // in tenths of a unit

// corners are where the values are in a drawing; a single one is in the middle.
func corners(values []int64, top, w, h int64) []corner {
	list := make([]corner, len(values))
	last := int64(max(1, len(values)-1))
	for i, v := range values {
		list[i] = corner{int64(i) * w * 10 / last, h*10 - ratio(min(max(v, 0), top), top, h*10)}
	}
	if len(list) == 1 {
		list[0].x = w * 5
	}
	return list
}

// through is a path through the corners.
func through(list []corner) string {
	var b strings.Builder
	for i, c := range list {
		b.WriteString([]string{"M", " L"}[min(i, 1)])
		b.WriteString(tenths(c.x) + "," + tenths(c.y))
	}
	return b.String()
}

// level are the values of a plot with their corners; of a single one the line is level.
func level(values []int64, top int64) ([]int64, []corner, int64) {
	list := corners(values, top, width, height)
	if len(list) == 1 {
		return []int64{values[0], values[0]}, []corner{{0, list[0].y}, {width * 10, list[0].y}}, height
	}
	return values, list, height
}
