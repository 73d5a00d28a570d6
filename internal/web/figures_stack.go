package web

import (
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// stack is what several parts come to by day, as a chart with its legend and as a table.
type stack struct {
	ID    string // of its heading
	Title string
	About string // beside the heading, or empty
	Plot  plot
	Empty bool // there is nothing to draw
	Parts []stackPart
	Total string
	Rows  []stackRow
}

// stackPart is an entry of the legend.
type stackPart struct {
	Class string // of its colour
	Name  string
	Total string
	Share string // of the whole
}

type stackRow struct {
	Day    time.Time
	Values []string // by part
	Total  string
}

// stack draws parts by day. Of more than six, all but the largest five are one.
func (v *visit) stack(id, title string, c money.Currency, days []time.Time, parts []chart.Part) stack {
	unit := series{Money: c}
	folded := chart.Fold(parts, v.text("chart.other"))
	drawing := chart.Stack{Parts: folded}
	totals := drawing.Totals()
	s := stack{ID: id, Title: title, Empty: chart.Blank(totals)}
	var whole int64
	for i, total := range totals {
		whole += total
		row := stackRow{Day: days[i], Total: unit.write(v, total)}
		title := v.lang.Date(days[i])
		for _, part := range folded {
			row.Values = append(row.Values, unit.write(v, part.Values[i]))
			if part.Values[i] > 0 {
				title += "\n" + v.line(part.Name, unit.write(v, part.Values[i]))
			}
		}
		drawing.Titles = append(drawing.Titles, title+"\n"+v.pair("list.total", row.Total))
		s.Rows = append(s.Rows, row)
	}
	for i, part := range folded {
		s.Parts = append(s.Parts, stackPart{Class: "part-" + strconv.Itoa(i+1), Name: part.Name, Total: unit.write(v, part.Total()),
			Share: v.lang.Percent(chart.Thousandths(part.Total(), whole))})
	}
	s.Total = unit.write(v, whole)
	s.Plot = plot{Title: title, Chart: drawing.SVG(), Labels: labelsOfColumns(v, days), Columns: true}
	for _, tick := range drawing.Ticks() {
		s.Plot.Ticks = append(s.Plot.Ticks, unit.tick(v, tick))
	}
	return s
}
