package web

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// broughtBy is what came by each link of a program, or of one partnership, on each of the days: clicks on their day, all else
// on the day of the conversion, as in a partner's statistics.
func (v *visit) broughtBy(partnership string, days report.Days) ([]map[string]measures, error) {
	ctx, r, p := v.Context(), v.read(), v.program.ID
	clicks, err := v.book.Grouped(ctx, r, touch.Cut{Program: p, Partnership: partnership}, "link", days)
	if err != nil {
		return nil, err
	}
	views, err := v.book.Views(ctx, r, touch.Cut{Program: p, Partnership: partnership}, "link", days)
	if err != nil {
		return nil, err
	}
	shares, err := report.Recall(ctx, v.book, r, report.Ask{Program: p, Figure: "links of " + partnership, Of: program.Orders}, days,
		func(m map[string]measures) int { return 5 * len(m) },
		func(missing report.Days) ([]map[string]measures, error) {
			return v.readLinkShares(partnership, missing)
		})
	if err != nil {
		return nil, err
	}
	list := make([]map[string]measures, len(clicks))
	for i := range list {
		list[i] = maps.Clone(shares[i]) // what is remembered is not ours to change
		for link, n := range clicks[i] {
			sum := list[i][link]
			sum.Clicks += n
			list[i][link] = sum
		}
		for link, n := range views[i] {
			sum := list[i][link]
			sum.Views += n
			list[i][link] = sum
		}
	}
	return list, nil
}

func (v *visit) readLinkShares(partnership string, days report.Days) ([]map[string]measures, error) {
	last := len(days) - 1
	shares, err := commission.Shares(v.Context(), v.read(), commission.Filter{Program: v.program.ID, Partnership: partnership, From: days[0], To: days[last]})
	list := make([]map[string]measures, last)
	for i := range list {
		list[i] = map[string]measures{}
	}
	for _, share := range shares {
		i, exact := slices.BinarySearchFunc(days[:last], share.Commission.At, time.Time.Compare)
		if !exact {
			i--
		}
		name := groupOf("link", share, touch.Touch{})
		sum := list[i][name]
		sum.add(measuresOf(share))
		list[i][name] = sum
	}
	return list, err
}

// cameBy is the same of all the days together.
func (v *visit) cameBy(partnership string, days report.Days) (map[string]measures, error) {
	list, err := v.broughtBy(partnership, days)
	found := map[string]measures{}
	for _, day := range list {
		for name, m := range day {
			sum := found[name]
			sum.add(m)
			found[name] = sum
		}
	}
	return found, err
}

// linkSeries are the clicks, conversions and commissions of one link by day.
func (v *visit) linkSeries(s span) ([]series, error) {
	now, then, err := compared(s, v.linkDays)
	if err != nil {
		return nil, err
	}
	return []series{
		newSeries("views", "", s, now, then, func(m measures) int64 { return m.Views }),
		newSeries("clicks", "", s, now, then, func(m measures) int64 { return m.Clicks }),
		newSeries("conversions", "", s, now, then, func(m measures) int64 { return m.Sales + m.Leads }),
		newSeries("commissions", v.program.Currency, s, now, then, func(m measures) int64 { return m.Earned }),
	}, nil
}

// linkDays is what came of the link on each of the days.
func (v *visit) linkDays(days report.Days) ([]measures, error) {
	list, err := v.broughtBy(v.link.Partnership, days)
	found := make([]measures, len(list))
	for i, day := range list {
		found[i] = day[v.link.ID]
	}
	return found, err
}

// resultColumns are the columns of what came by the rows.
func resultColumns[R any](of func(R) measures) []column[R] {
	var list []column[R]
	for _, m := range []struct {
		name, head string
		money      bool
		of         func(measures) int64
	}{
		{"views", "metrics.views", false, func(m measures) int64 { return m.Views }},
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
