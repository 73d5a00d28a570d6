package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// cameBy is what came by each link of a program, or of one partnership: clicks on their day, all else on the day of the
// conversion, as in a partner's statistics.
func (v *visit) cameBy(partnership string, days report.Days) (map[string]measures, error) {
	ctx, r := v.Context(), v.read()
	clicks, err := v.book.Grouped(ctx, r, touch.Cut{Program: v.program.ID, Partnership: partnership}, "link", days)
	if err != nil {
		return nil, err
	}
	found := map[string]measures{}
	for _, day := range clicks {
		for link, n := range day {
			sum := found[link]
			sum.Clicks += n
			found[link] = sum
		}
	}
	shares, err := commission.Shares(ctx, r, commission.Filter{Program: v.program.ID, Partnership: partnership, From: days[0], To: days[len(days)-1]})
	for _, share := range shares {
		name := groupOf("link", share, touch.Touch{})
		sum := found[name]
		sum.add(measuresOf(share))
		found[name] = sum
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
		newSeries("clicks", "", s, now, then, func(m measures) int64 { return m.Clicks }),
		newSeries("conversions", "", s, now, then, func(m measures) int64 { return m.Sales + m.Leads }),
		newSeries("commissions", v.program.Currency, s, now, then, func(m measures) int64 { return m.Earned }),
	}, nil
}

// linkDays is what came of the link on each of the days.
func (v *visit) linkDays(days report.Days) ([]measures, error) {
	ctx, r, last := v.Context(), v.read(), len(days)-1
	clicks, err := v.book.Grouped(ctx, r, touch.Cut{Program: v.program.ID, Partnership: v.link.Partnership, Link: v.link.ID}, "link", days)
	if err != nil {
		return nil, err
	}
	found := make([]measures, last)
	for i, day := range clicks {
		found[i].Clicks = day[v.link.ID]
	}
	shares, err := commission.Shares(ctx, r, commission.Filter{Partnership: v.link.Partnership, From: days[0], To: days[last]})
	for _, share := range shares {
		if groupOf("link", share, touch.Touch{}) == v.link.ID {
			i, exact := slices.BinarySearchFunc(days[:last], share.Commission.At, time.Time.Compare)
			if !exact {
				i--
			}
			found[i].add(measuresOf(share))
		}
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
