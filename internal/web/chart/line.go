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
	Titles []string // what each value is, in words, for the pointer; may be empty
	Area   bool     // fill what is below
}

// Ticks are the round numbers of the axis, from the top down to zero.
func (l Line) Ticks() []int64 { return ticks(slices.Max(append(slices.Concat(l.Values, l.Before), 1))) }

// SVG is the drawing.
func (l Line) SVG() template.HTML {
	var b strings.Builder
	openPlot(&b)
	top := l.Ticks()[0]
	if len(l.Before) > 0 {
		fmt.Fprintf(&b, `<path class="chart-before" d="%s"/>`, path(l.Before, top, height))
	}
	if len(l.Values) > 0 {
		line := path(l.Values, top, height)
		if l.Area {
			fmt.Fprintf(&b, `<path class="chart-area" d="%s V%d H0 Z"/>`, line, height)
		}
		fmt.Fprintf(&b, `<path class="chart-line" d="%s"/>`, line)
	}
	places := corners(l.Values, top, width, height)
	for i, title := range l.Titles[:min(len(l.Titles), len(places))] {
		from, to := int64(0), int64(width*10)
		if i > 0 {
			from = (places[i-1].x + places[i].x) / 2
		}
		if i+1 < len(places) {
			to = (places[i].x + places[i+1].x) / 2
		}
		at := places[i]
		hit(&b, from, to, title, fmt.Sprintf(`<path class="chart-dot" d="M%s,%s h0"/>`, tenths(at.x), tenths(at.y)))
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
	line := through(corners(values, slices.Max(values), w, h-3))
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 -1 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`+
		`<path class="chart-area" d="%s L%d,%d L0,%d Z"/><path class="chart-line" d="%s"/></svg>`, w, h, line, w, h, h, line))
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

// path is the line through the values of a plot; a single one is level.
func path(values []int64, top, h int64) string {
	list := corners(values, top, width, h)
	if len(list) == 1 {
		list = []corner{{0, list[0].y}, {width * 10, list[0].y}}
	}
	return through(list)
}
