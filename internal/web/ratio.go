package web

import (
	"math/big"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// ratio is an exact number. One of nothing, with a Per of zero, is no number: a day without orders has no average order.
type ratio struct{ Of, Per int64 }

// unit is what a series counts in.
type unit string

// The units. A number is as it is; times and shares are drawn and written in tenths.
const (
	plain unit = ""
	times unit = "times" // tenths of once
	share unit = "share" // tenths of a percent
)

// scale is how many of a unit's steps are one.
func (u unit) scale() int64 { return map[unit]int64{plain: 1, times: 10, share: 1000}[u] }

// in is the number in steps of the unit, rounded half up; a number that is none is a gap.
func (r ratio) in(u unit) int64 {
	if r.Per == 0 {
		return chart.Gap
	}
	n := new(big.Int).Mul(big.NewInt(r.Of), big.NewInt(2*u.scale()))
	n.Add(n, big.NewInt(r.Per))
	return n.Div(n, new(big.Int).Mul(big.NewInt(r.Per), big.NewInt(2))).Int64()
}

// change is by how much the number is more than another, in tenths of a percent of the other, rounded half up; ok is false
// when there is nothing to compare with.
func (r ratio) change(then ratio) (tenths int64, ok bool) {
	if r.Per == 0 || then.Per == 0 || then.Of <= 0 {
		return 0, false
	}
	was := new(big.Int).Mul(big.NewInt(then.Of), big.NewInt(r.Per))
	more := new(big.Int).Mul(big.NewInt(r.Of), big.NewInt(then.Per))
	more.Sub(more, was).Mul(more, big.NewInt(2000)).Add(more, was)
	more.Div(more, was.Mul(was, big.NewInt(2)))
	return more.Int64(), more.IsInt64()
}

// newRatio is a series of which each day's number is a ratio, and the total is that of the sums, not an average of the days'.
func newRatio[D any](name string, c money.Currency, u unit, s span, now, then []D, value func(D) ratio) series {
	one := newSeries(name, c, s, now, then, func(d D) int64 { return value(d).in(u) })
	one.Unit, one.Totals = u, &[2]ratio{}
	for i, days := range [][]D{now, then} {
		for _, d := range days {
			r := value(d)
			one.Totals[i].Of += r.Of
			one.Totals[i].Per += r.Per
		}
	}
	return one
}
