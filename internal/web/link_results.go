package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/touch"
)

// cameBy is what came by each link of a program, or of one partnership, from a moment to a moment: clicks on their day, all
// else on the day of the conversion, as in a partner's statistics.
func (v *visit) cameBy(partnership string, from, to time.Time) (map[string]measures, error) {
	ctx, r := v.Context(), v.read()
	clicks, err := touch.Grouped(ctx, r, touch.Cut{Program: v.program.ID, Partnership: partnership, From: from, To: to}, "link")
	if err != nil {
		return nil, err
	}
	found := make(map[string]measures, len(clicks))
	for link, n := range clicks {
		found[link] = measures{Clicks: n}
	}
	shares, err := commission.Shares(ctx, r, commission.Filter{Program: v.program.ID, Partnership: partnership, From: from, To: to})
	for _, share := range shares {
		name := groupOf("link", share, touch.Touch{})
		sum := found[name]
		sum.add(measuresOf(share))
		found[name] = sum
	}
	return found, err
}

// linkSeries are the clicks, conversions and commissions of one link by day.
func (v *visit) linkSeries(span span) ([]series, error) {
	ctx, r := v.Context(), v.read()
	cut := touch.Cut{Program: v.program.ID, Partnership: v.link.Partnership, Link: v.link.ID, From: span.Before, To: span.To}
	clicks, err := touch.DailyIn(ctx, r, cut, v.zone)
	if err != nil {
		return nil, err
	}
	days := make([]statRow, len(clicks))
	for i, day := range clicks {
		days[i] = statRow{Date: day.Date, measures: measures{Clicks: day.Clicks}}
	}
	shares, err := commission.Shares(ctx, r, commission.Filter{Partnership: v.link.Partnership, From: span.Before, To: span.To})
	if err != nil {
		return nil, err
	}
	for _, share := range shares {
		if groupOf("link", share, touch.Touch{}) != v.link.ID {
			continue
		}
		i, exact := slices.BinarySearchFunc(days, share.Commission.At, func(day statRow, at time.Time) int { return day.Date.Compare(at) })
		if !exact {
			i--
		}
		days[i].add(measuresOf(share))
	}
	date := func(d statRow) time.Time { return d.Date }
	return []series{
		newSeries("clicks", "", span, days, func(d statRow) int64 { return d.Clicks }, date),
		newSeries("conversions", "", span, days, func(d statRow) int64 { return d.Sales + d.Leads }, date),
		newSeries("commissions", v.program.Currency, span, days, func(d statRow) int64 { return d.Earned }, date),
	}, nil
}

// resultColumns are the columns of what came by the rows.
func resultColumns[R any](of func(R) measures) []column[R] {
	var list []column[R]
	for _, m := range []struct {
		name, head string
		money      bool
		of         func(measures) int64
	}{
		{"clicks", "metrics.clicks", false, func(m measures) int64 { return m.Clicks }},
		{"conversions", "metrics.conversions", false, func(m measures) int64 { return m.Sales + m.Leads }},
		{"commissions", "metrics.commissions", true, func(m measures) int64 { return m.Earned }},
	} {
		show, sum := (*visit).numberCell, sumOf(func(row R) int64 { return m.of(of(row)) })
		if m.money {
			show, sum = (*visit).minorCell, sumIn(func(row R) int64 { return m.of(of(row)) })
		}
		list = append(list, column[R]{Name: m.name, Head: m.head, Number: true, Sum: sum,
			Cell:  func(v *visit, row R) cell { return show(v, m.of(of(row))) },
			Order: func(a, b R) int { return cmp.Compare(m.of(of(a)), m.of(of(b))) }})
	}
	return append(list, column[R]{Name: "currency", Filed: true, Cell: func(v *visit, _ R) cell { return textCell(string(v.program.Currency), "") }})
}
