package chart

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// PartsMost is how many colours the palette has.
const PartsMost = 6

// Part is one of the series that are stacked.
type Part struct {
	Name   string
	Values []int64 // one of each column; less than nothing counts as nothing
}

// Total is the sum of its values.
func (p Part) Total() int64 { return sum(p.Values...) }

// Fold puts the parts in order, the largest first, and keeps as many as there are colours: of more, the last holds the sum
// of the rest and is called other.
func Fold(parts []Part, other string) []Part {
	list := slices.Clone(parts)
	slices.SortStableFunc(list, func(a, b Part) int { return cmp.Compare(b.Total(), a.Total()) })
	if len(list) <= PartsMost {
		return list
	}
	rest := Part{Name: other}
	for _, part := range list[PartsMost-1:] {
		for i, n := range part.Values {
			if i == len(rest.Values) {
				rest.Values = append(rest.Values, 0)
			}
			rest.Values[i] = sum(rest.Values[i], n)
		}
	}
	return append(list[:PartsMost-1], rest)
}

// Stack is columns, each of several parts one upon the other. More than six parts are drawn as Fold leaves them.
type Stack struct {
	Parts  []Part
	Titles []string // what each column is, in words
}

// Totals are the heights of the columns.
func (s Stack) Totals() []int64 {
	var list []int64
	for _, part := range s.Parts {
		for i, n := range part.Values {
			if i == len(list) {
				list = append(list, 0)
			}
			list[i] = sum(list[i], n)
		}
	}
	return list
}

// Ticks are the round numbers of the axis, from the top down to zero.
func (s Stack) Ticks() []int64 { return ticks(Step(largest(s.Totals()))) }

// SVG is the drawing. The first part stands at the bottom.
func (s Stack) SVG() template.HTML {
	var b strings.Builder
	openPlot(&b)
	if len(s.Parts) > PartsMost {
		s.Parts = Fold(s.Parts, "")
	}
	totals, top := s.Totals(), s.Ticks()[0]
	slot := int64(width*10) / int64(max(1, len(totals)))
	inset := min(slot*3/20, 120)
	for i := range totals {
		at := int64(i) * width * 10 / int64(len(totals))
		drawColumn(&b, s.Parts, i, top, at+inset, slot-2*inset)
	}
	for i, title := range s.Titles[:min(len(s.Titles), len(totals))] {
		at := int64(i) * width * 10 / int64(len(totals))
		hit(&b, at, at+slot, title, "")
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// drawColumn draws the parts of one column, and a fine cut between two, which tells them apart without their colours.
func drawColumn(b *strings.Builder, parts []Part, i int, top, x, w int64) {
	const bottom = height * 10
	var below int64
	y := int64(bottom)
	for n, part := range parts {
		if i >= len(part.Values) || part.Values[i] <= 0 {
			continue
		}
		below = sum(below, part.Values[i])
		next := bottom - ratio(min(below, top), top, bottom)
		fmt.Fprintf(b, `<rect class="chart-part part-%d" x="%s" y="%s" width="%s" height="%s"/>`, n+1, tenths(x), tenths(next), tenths(w), tenths(y-next))
		if y < bottom {
			fmt.Fprintf(b, `<path class="chart-cut" d="M%s,%s h%s"/>`, tenths(x), tenths(y), tenths(w))
		}
		y = next
	}
}
