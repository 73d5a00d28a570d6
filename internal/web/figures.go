package web

import (
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
	Way     string // up, down or flat
	Tone    string // good, bad or empty: what the way means
	Spark   template.HTML
	Address string
	Here    bool
}

// trend is a series as a chart and as a table.
type trend struct {
	Name  string
	Plot  plot
	Empty bool // there is nothing to draw
	Rows  []trendRow
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
	c := card{Name: s.Name, Value: s.write(v, now), Spark: chart.Spark(s.Values), Address: address, Here: here, Way: "flat"}
	if before == 0 {
		return c
	}
	change := int64(1000*float64(now-before)/float64(before)+1000.5) - 1000 // rounded half up, in tenths of a percent
	if change < -1000 {
		change = -1000
	}
	c.Change = v.lang.Percent(max(change, -change))
	if change > 0 {
		c.Way = "up"
	} else if change < 0 {
		c.Way = "down"
	}
	c.Tone = toneOf(s.Name, c.Way)
	return c
}

// lessIsBetter are the metrics that nobody wants to grow.
var lessIsBetter = map[string]bool{"rejected": true}

// toneOf is whether it is good news that a metric went some way.
func toneOf(metric, way string) string {
	if way == "flat" {
		return ""
	}
	if (way == "up") != lessIsBetter[metric] {
		return "good"
	}
	return "bad"
}

// trend draws a series.
func (s series) trend(v *visit) trend {
	t := trend{Name: s.Name, Empty: chart.Blank(s.Values, s.Before)}
	line := chart.Line{Values: s.Values, Before: s.Before, Area: true}
	if len(s.Before) != len(s.Values) {
		line.Before = nil
	}
	for i, n := range s.Values {
		row := trendRow{Day: s.Days[i], Value: s.write(v, n)}
		title := v.lang.Date(row.Day) + "\n" + v.pair("chart.now", row.Value)
		if line.Before != nil {
			row.Before = s.write(v, s.Before[i])
			title += "\n" + v.pair("chart.before", row.Before)
		}
		line.Titles = append(line.Titles, title)
		t.Rows = append(t.Rows, row)
	}
	t.Plot = plot{Title: v.text("metrics." + s.Name), Chart: line.SVG(), Labels: labels(v, s.Days)}
	for _, tick := range line.Ticks() {
		t.Plot.Ticks = append(t.Plot.Ticks, s.tick(v, tick))
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
