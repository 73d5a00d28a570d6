package web

import (
	"html/template"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// series is a number by day, over a stretch and over the days that it is compared with.
type series struct {
	Name    string // a message below "metrics"
	Money   money.Currency
	Unit    unit
	Days    []time.Time
	Values  []int64
	Before  []int64
	Totals  *[2]ratio // of the stretch and of what it is compared with; nil: the sums
	Against string    // what it is compared with: a name of comparisons
	Hint    string    // what the number is, in a sentence; may be empty
}

// card is a metric at a glance.
type card struct {
	Name    string
	Hint    string
	Value   string
	Change  string
	Without bool   // there is something now, and nothing to compare it with
	Way     string // up, down or flat
	Tone    string // good, bad or empty: what the way means
	Spark   template.HTML
	Address string
	Here    bool
}

// trend is a series as a chart and as a table.
type trend struct {
	Name  string
	Then  string // what it is compared with; empty: nothing
	Blank string // what it would be compared with, had there been anything
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
	switch {
	case n == chart.Gap:
		return v.text("chart.gap")
	case s.Unit == times:
		return v.lang.Times(n)
	case s.Unit == share:
		return v.lang.Percent(n)
	case s.Money != "":
		return v.lang.Money(money.Of(n, s.Money))
	}
	return v.lang.Number(n)
}

func sum(list []int64) (total int64) {
	for _, n := range list {
		total += n
	}
	return total
}

// totals are the numbers of the whole stretch and of what it is compared with.
func (s series) totals() (now, then ratio) {
	if s.Totals != nil {
		return s.Totals[0], s.Totals[1]
	}
	return ratio{sum(s.Values), 1}, ratio{sum(s.Before), 1}
}

// card shows the total of a series, and how it changed.
func (s series) card(v *visit, address string, here bool) card {
	now, then := s.totals()
	c := card{Name: s.Name, Hint: s.Hint, Value: s.write(v, now.in(s.Unit)), Spark: chart.Spark(s.Values), Address: address, Here: here, Way: "flat"}
	change, ok := now.change(then)
	if !ok {
		c.Without = len(s.Before) > 0 && now.Of > 0 && now.Per > 0
		return c
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
	if s.Unit == share {
		line.Top = share.scale() // all of it
	}
	if len(s.Before) > 0 {
		if t.Then = v.text("chart.before"); s.Against == "year" {
			t.Then = v.text("against.year")
		}
		if line.Before = alongside(s.Before, len(s.Values)); chart.Blank(line.Before) {
			t.Then, t.Blank, line.Before = "", t.Then, nil
		}
	}
	for i, n := range s.Values {
		row := trendRow{Day: s.Days[i], Value: s.write(v, n)}
		title := v.lang.Date(row.Day) + "\n" + v.pair("chart.now", row.Value)
		if line.Before != nil {
			row.Before = s.write(v, s.Before[i])
			title += "\n" + v.line(t.Then, row.Before)
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

// alongside are values for as many days as another month has: days that there were not are gaps, and there is no place for more.
func alongside(values []int64, days int) []int64 {
	list := slices.Clone(values[:min(len(values), days)])
	for len(list) < days {
		list = append(list, chart.Gap)
	}
	return list
}

// tick is a number at the axis: without decimals that say nothing.
func (s series) tick(v *visit, n int64) string {
	if s.Money != "" {
		return v.lang.Round(money.Of(n, s.Money))
	}
	return s.write(v, n)
}

// newSeries takes a number of each day, of a stretch and of what it is compared with.
func newSeries[D any](name string, c money.Currency, s span, now, then []D, value func(D) int64) series {
	one := series{Name: name, Money: c, Against: s.Against, Values: []int64{}}
	days := s.now()
	one.Days = days[:len(days)-1]
	for _, d := range now {
		one.Values = append(one.Values, value(d))
	}
	for _, d := range then {
		one.Before = append(one.Before, value(d))
	}
	return one
}
