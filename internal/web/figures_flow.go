package web

import (
	"html/template"

	"github.com/tributary-hq/tributary/internal/web/chart"
)

// flow is how journeys run from stop to stop until somebody buys or does not, as a chart and as a table.
type flow struct {
	ID    string
	Title string
	About string
	Chart template.HTML
	Empty bool
	Rows  []flowRow
}

type flowRow struct {
	Touch    int // the first is 1
	From, To string
	Count    int64
	Share    string // of all journeys
}

func (v *visit) flow(id, title string, journeys []chart.Journey) flow {
	drawn := chart.Run(journeys, chart.Names{Other: v.text("chart.other"), More: v.text("chart.more_stops"),
		Bought: v.text("chart.bought"), Lost: v.text("chart.lost")})
	f := flow{ID: id, Title: title, Empty: drawn.Total == 0}
	share := func(n int64) string { return v.lang.Percent(chart.Thousandths(n, drawn.Total)) }
	for _, node := range drawn.Nodes {
		node.Title = node.Name + "\n" + v.text("chart.journeys", "n", node.Weight, "share", share(node.Weight))
	}
	for _, r := range drawn.Ribbons {
		if r.Passing() {
			continue
		}
		row := flowRow{Touch: r.From.Layer + 1, From: r.From.Name, To: r.To.Name, Count: r.Weight, Share: share(r.Weight)}
		r.Title = row.From + " → " + row.To + "\n" + v.text("chart.journeys", "n", row.Count, "share", row.Share)
		f.Rows = append(f.Rows, row)
	}
	f.Chart = drawn.SVG()
	return f
}
