package web

import (
	"html/template"
	"time"
)

// plot is a drawing between its axes.
type plot struct {
	Title   string // what is drawn, for those who do not see it
	Chart   template.HTML
	Ticks   []string // from the top down
	Labels  []string // below the drawing
	Columns bool     // each label belongs to a column, and most are empty; else they are spread evenly
}

// labelsMost is how many days an axis names.
const labelsMost = 6

// labels are the days that an axis names, spread evenly.
func labels(v *visit, days []time.Time) []string {
	last, most := len(days)-1, min(labelsMost, len(days))
	list := make([]string, most)
	for n := range list {
		list[n] = v.lang.Day(days[n*last/max(1, most-1)])
	}
	return list
}

// labelsOfColumns are the days below columns; those between are empty.
func labelsOfColumns(v *visit, days []time.Time) []string {
	list := make([]string, len(days))
	every := (len(days) + labelsMost - 1) / labelsMost
	for i, day := range days {
		if i%max(1, every) == 0 {
			list[i] = v.lang.Day(day)
		}
	}
	return list
}

// pair is a name and its value in one line; the name is a message.
func (v *visit) pair(key, value string) string { return v.line(v.text(key), value) }

func (v *visit) line(name, value string) string {
	return v.text("chart.pair", "name", name, "value", value)
}
