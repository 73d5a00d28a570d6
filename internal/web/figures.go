package web

import (
	"fmt"
	"html/template"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// series is a number by day, over a stretch and the one before.
type series struct {
	Name   string // a message below "metrics"
	Money  money.Currency
	Days   []time.Time
	Values []int64
	Before []int64
}

// card is a metric at a glance.
type card struct {
	Name    string
	Value   string
	Change  string
	Tone    string // up, down or flat
	Spark   template.HTML
	Address string
	Here    bool
}

// trend is a series as a chart and as a table.
type trend struct {
	Name   string
	Chart  template.HTML
	Ticks  []string
	Labels []time.Time
	Rows   []trendRow
}

type trendRow struct {
	Day    time.Time
	Value  string
	Before string
}

func (s series) write(v *visit, n int64) string {
	if s.Money != "" {
		return v.lang.Money(money.Of(n, s.Money))
	}
	return v.lang.Number(n)
}

// halve cuts a run of days into the stretch and what was before it.
func halve(days int, list []int64) (now, before []int64) {
	cut := max(0, len(list)-days)
	return list[cut:], list[:cut]
}

func sum(list []int64) (total int64) {
	for _, n := range list {
		total += n
	}
	return total
}

// card shows the sum of a series, and how it changed.
func (s series) card(v *visit, address string, here bool) card {
	now, before := sum(s.Values), sum(s.Before)
	c := card{Name: s.Name, Value: s.write(v, now), Spark: chart.Spark(s.Values), Address: address, Here: here, Tone: "flat"}
	if before == 0 {
		return c
	}
	change := int64(1000*float64(now-before)/float64(before)+1000.5) - 1000 // rounded half up, in tenths of a percent
	if change < -1000 {
		change = -1000
	}
	c.Change = v.lang.Percent(max(change, -change))
	if change > 0 {
		c.Tone = "up"
	} else if change < 0 {
		c.Tone = "down"
	}
	return c
}

// labelsMost is how many days an axis names.
const labelsMost = 6

// trend draws a series.
func (s series) trend(v *visit) trend {
	t := trend{Name: s.Name}
	line := chart.Line{Values: s.Values, Before: s.Before}
	if len(s.Before) != len(s.Values) {
		line.Before = nil
	}
	for i, n := range s.Values {
		row := trendRow{Day: s.Days[i], Value: s.write(v, n)}
		title := fmt.Sprintf("%s: %s", v.lang.Date(row.Day), row.Value)
		if line.Before != nil {
			row.Before = s.write(v, s.Before[i])
			title = v.text("chart.point", "day", row.Day, "value", row.Value, "before", row.Before)
		}
		line.Titles = append(line.Titles, title)
		t.Rows = append(t.Rows, row)
	}
	t.Chart = line.SVG()
	for _, tick := range line.Ticks() {
		t.Ticks = append(t.Ticks, s.tick(v, tick))
	}
	last, labels := len(s.Days)-1, min(labelsMost, len(s.Days))
	for n := range labels { // spread evenly, as the page lays them out
		t.Labels = append(t.Labels, s.Days[n*last/max(1, labels-1)])
	}
	return t
}

// tick is a number at the axis: without decimals that say nothing.
func (s series) tick(v *visit, n int64) string {
	if s.Money != "" {
		return v.lang.Round(money.Of(n, s.Money))
	}
	return v.lang.Number(n)
}

// newSeries takes a number of each day, the days of both stretches in one run.
func newSeries[D any](name string, c money.Currency, span span, days []D, value func(D) int64, date func(D) time.Time) series {
	all := make([]int64, len(days))
	dates := make([]time.Time, len(days))
	for i, day := range days {
		all[i], dates[i] = value(day), date(day)
	}
	s := series{Name: name, Money: c, Days: dates[max(0, len(dates)-span.Days):]}
	s.Values, s.Before = halve(span.Days, all)
	return s
}
