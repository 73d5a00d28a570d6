package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// measures are the numbers of a row of a partner's statistics. Clicks are those that count, on the day of the click; all
// else is on the day of the conversion. A sale to which several partners led is one sale for each of them, with the cents
// that each earned. Where several touches of the same partner led to it, the cents are divided among these touches by
// their weights, and the sale is counted once: at the touch that weighs most, of equals at the last. So every table of the
// same days has the same totals, whatever its rows are.
type measures struct {
	Clicks   int64
	Leads    int64
	Sales    int64
	Rejected int64 // conversions whose commission was reversed
	Earned   int64 // minor units
}

func (m *measures) add(o measures) {
	m.Clicks += o.Clicks
	m.Leads += o.Leads
	m.Sales += o.Sales
	m.Rejected += o.Rejected
	m.Earned += o.Earned
}

// PerClick is what a click earned; nothing without clicks. It is rounded to tenths of a minor unit.
func (m measures) PerClick() money.Micro {
	if m.Clicks == 0 {
		return 0
	}
	const tenth = int64(money.Whole) / 10
	return money.Micro((m.Earned*10 + m.Clicks/2) / m.Clicks * tenth)
}

// Rate is how many of a thousand clicks became a sale or a lead.
func (m measures) Rate() int64 {
	if m.Clicks == 0 {
		return 0
	}
	return ((m.Sales+m.Leads)*1000 + m.Clicks/2) / m.Clicks
}

// statRow is a row of the statistics.
type statRow struct {
	measures
	Name  string // what it is about: an id or a word of the partner's own
	Label string
	Date  time.Time // of a day's row
	Inner string    // where the row is looked into
	Share int64     // of the largest row, in thousandths
	EPC   string    // what a click earned, in words; empty without clicks
}

// Bar draws how the row compares with the largest.
func (r statRow) Bar() template.HTML { return chart.Bar(r.Share) }

// measured are the columns that can be sorted by, and what each is.
var measured = []struct {
	Name string
	of   func(m measures) int64
}{
	{"clicks", func(m measures) int64 { return m.Clicks }},
	{"leads", func(m measures) int64 { return m.Leads }},
	{"orders", func(m measures) int64 { return m.Sales }},
	{"rejected", func(m measures) int64 { return m.Rejected }},
	{"earnings", func(m measures) int64 { return m.Earned }},
	{"epc", func(m measures) int64 { return int64(m.PerClick()) }},
	{"rate", func(m measures) int64 { return m.Rate() }},
}

// sortRows puts the rows in the order of a column; a hyphen before its name is from the largest down.
func sortRows(rows []statRow, order string) {
	name, down := strings.CutPrefix(order, "-")
	compare := func(a, b statRow) int { return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Label, b.Label)) }
	for _, column := range measured {
		if column.Name == name {
			of := column.of
			compare = func(a, b statRow) int { return cmp.Compare(of(a.measures), of(b.measures)) }
		}
	}
	slices.SortStableFunc(rows, func(a, b statRow) int { return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Label, b.Label)) })
	slices.SortStableFunc(rows, func(a, b statRow) int {
		if down {
			return compare(b, a)
		}
		return compare(a, b)
	})
}
