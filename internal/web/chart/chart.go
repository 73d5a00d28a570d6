// Package chart draws series of numbers as SVG. It knows no words and no units: what stands beside a drawing is the page's
// to write, and every page has the numbers as a table too.
package chart

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// Line is a series drawn as a line over its area, with the one of another time to compare.
type Line struct {
	Values []int64
	Before []int64  // may be empty
	Top    int64    // where the axis ends, of values that cannot be more; 0: above the largest
	Titles []string // what each value is, in words, for the pointer; may be empty
}

// The drawing's own units. It is stretched to the width of its place; lines keep their width.
const (
	width  = 1000
	height = 240
)

// Ticks are the round numbers of the axis, from the top down to zero.
func (l Line) Ticks() []int64 {
	step := Step(largest(slices.Concat(l.Values, l.Before)))
	if l.Top > 0 {
		step = l.Top / steps
	}
	var ticks []int64
	for n := int64(steps); n >= 0; n-- {
		ticks = append(ticks, n*step)
	}
	return ticks
}

const steps = 4

// Step is the round number of which four reach the largest value.
func Step(largest int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if m*unit*steps >= largest {
				return m * unit
			}
		}
	}
}

// SVG is the drawing.
func (l Line) SVG() template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart-plot" viewBox="0 0 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`, width, height)
	for n := range steps + 1 {
		y := height * n / steps
		fmt.Fprintf(&b, `<line class="chart-grid" x1="0" x2="%d" y1="%d" y2="%d"/>`, width, y, y)
	}
	top := l.Ticks()[0]
	if len(l.Before) > 1 {
		line, _ := strokes(l.Before, top, width, height)
		fmt.Fprintf(&b, `<path class="chart-before" d="%s"/>`, line)
	}
	if len(l.Values) > 1 {
		line, area := strokes(l.Values, top, width, height)
		fmt.Fprintf(&b, `<path class="chart-area" d="%s"/><path class="chart-line" d="%s"/>`, area, line)
	}
	l.drawTitles(&b)
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// drawTitles lays an invisible column over each value, which says it when pointed at.
func (l Line) drawTitles(b *strings.Builder) {
	n := len(l.Titles)
	if n < 2 {
		return
	}
	for i, title := range l.Titles {
		from, to := max(0, (2*i-1)*width/(2*(n-1))), min(width, (2*i+1)*width/(2*(n-1)))
		fmt.Fprintf(b, `<rect class="chart-hit" x="%d" y="0" width="%d" height="%d"><title>%s</title></rect>`,
			from, to-from, height, template.HTMLEscapeString(title))
	}
}

// Spark is a series as a small line without an axis.
func Spark(values []int64) template.HTML {
	const w, h = 120, 32
	if len(values) < 2 {
		return ""
	}
	line, area := strokes(values, largest(values), w, h-3)
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 -1 %d %d" preserveAspectRatio="none" aria-hidden="true" focusable="false">`+
		`<path class="chart-area" d="%s"/><path class="chart-line" d="%s"/></svg>`, w, h, area, line))
}

// points are the corners of a line through the values from one to before another, with one decimal.
func points(values []int64, from, to int, top, w, h int64) string {
	var b strings.Builder
	last := int64(max(1, len(values)-1))
	for i := from; i < to; i++ {
		if i > from {
			b.WriteString(" L")
		}
		v := min(max(values[i], 0), top)
		x, y := int64(i)*w*10/last, h*10-ratio(v, top, h*10)
		fmt.Fprintf(&b, "%d.%d,%d.%d", x/10, x%10, y/10, y%10)
	}
	return b.String()
}

// ratio is v/top of the whole; large amounts are made smaller first, so that the product fits.
func ratio(v, top, whole int64) int64 {
	for top > 1<<40 {
		v, top = v>>10, top>>10
	}
	return v * whole / max(1, top)
}
