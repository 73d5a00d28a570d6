package web

import (
	"math/big"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
)

// measures are the numbers of a row of a partner's statistics. Clicks are those that count, on the day of the click; all
// else is on the day of the conversion. A sale to which several partners led is one sale for each of them, with the cents
// that each earned. Where several touches of the same partner led to it, the cents are divided among these touches by
// their weights, and the sale is counted once: at the touch that weighs most, of equals at the last. So every table of the
// same days has the same totals, whatever its rows are.
type measures struct {
	Views    int64 // what was shown, on the day it was; known by link only
	Clicks   int64
	Leads    int64
	Sales    int64
	Rejected int64 // conversions whose commission was reversed
	Earned   int64 // minor units
}

func (m *measures) add(o measures) {
	m.Views += o.Views
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
}

// measured are the numbers of a row, and what each is.
var measured = []measure{
	{Name: "clicks", of: func(m measures) int64 { return m.Clicks }},
	{Name: "leads", of: func(m measures) int64 { return m.Leads }},
	{Name: "orders", of: func(m measures) int64 { return m.Sales }},
	{Name: "rejected", of: func(m measures) int64 { return m.Rejected }},
	{Name: "earnings", of: func(m measures) int64 { return m.Earned }, cell: func(v *visit, m measures) cell {
		return v.moneyCell(money.Of(m.Earned, v.program.Currency))
	}},
	{Name: "epc", of: func(m measures) int64 { return int64(m.PerClick()) }, cell: func(v *visit, m measures) cell {
		if m.Clicks == 0 {
			return none
		}
		c := v.program.Currency
		return cell{Text: v.lang.Precise(m.PerClick(), c), Plain: priceInFile(m.PerClick(), c)}
	}},
	{Name: "rate", of: func(m measures) int64 { return m.Rate() }, cell: func(v *visit, m measures) cell {
		if m.Clicks == 0 {
			return none
		}
		return cell{Text: v.lang.Percent(m.Rate()), Plain: big.NewRat(m.Rate(), 10).FloatString(1)}
	}},
}

// measure is a number of a row.
type measure struct {
	Name string // a message below "columns"
	of   func(m measures) int64
	cell func(v *visit, m measures) cell // nil: it is a count
}

func (m measure) show(v *visit, of measures) cell {
	if m.cell == nil {
		return v.numberCell(m.of(of))
	}
	return m.cell(v, of)
}

// priceInFile is an exact price as a file writes it, with one decimal more than its currency has.
func priceInFile(m money.Micro, c money.Currency) string {
	unit := int64(money.Whole)
	for range c.Scale() {
		unit *= 10
	}
	return big.NewRat(int64(m), unit).FloatString(c.Scale() + 1)
}
