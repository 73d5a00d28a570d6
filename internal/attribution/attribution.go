// Package attribution decides which partners earned a conversion. It is arithmetic on a journey: it stores nothing and
// asks no one.
package attribution

import (
	"math/bits"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// Split gives every touch of a journey its weight. The touches are in the order of time, all before the conversion; a
// touch's share is its weight divided by the sum of the weights. Some touch always has a positive weight.
func Split(m program.Model, touches []time.Time) []int64 {
	weights := make([]int64, len(touches))
	n := len(touches)
	if n == 0 {
		return weights
	}
	switch m.Name {
	case "first":
		weights[0] = 1
	case "linear":
		for i := range weights {
			weights[i] = 1
		}
	case "time_decay":
		decay(weights, touches, time.Duration(m.HalfLife)*time.Hour)
	case "position":
		position(weights, m.First, m.Last)
	default: // last
		weights[n-1] = 1
	}
	return weights
}

// position gives the first and the last touch their shares and the middle ones the rest in equal parts. One touch has
// all. Two share in the proportion of first to last: half each for 40/20/40.
func position(weights []int64, first, last money.Rate) {
	n := int64(len(weights))
	middle := int64(money.Whole - first - last)
	switch {
	case n == 1:
		weights[0] = 1
		return
	case n == 2 && first+last == 0: // all to the middle, and there is none
		weights[0], weights[1] = 1, 1
		return
	case n == 2:
		weights[0], weights[1] = int64(first), int64(last)
		return
	}
	// Everything times the number of middle touches, so that the middle's parts are whole numbers.
	for i := range weights {
		weights[i] = middle
	}
	weights[0], weights[n-1] = int64(first)*(n-2), int64(last)*(n-2)
}

// decay halves a touch's weight with every half-life between it and the conversion. All is counted from the last touch,
// which has the full weight: only proportions matter, and so a long silence before the conversion loses no precision.
func decay(weights []int64, touches []time.Time, halfLife time.Duration) {
	last := touches[len(touches)-1]
	for i, at := range touches {
		weights[i] = halvings(last.Sub(at), halfLife)
	}
}

// one is the weight of a touch of no age.
const one = 1 << 40

// roots are 2^40 · 2^(-1/2^i) for i from 1: a halving's fractions, bit by bit.
var roots = [...]uint64{
	777472127994, 924575386327, 1008256608221, 1052895941925, 1075951360882, 1087667703029, 1093573631100, 1096538610001,
	1098024112669, 1098767618497, 1099139560184, 1099325578239, 1099418599072, 1099465112440, 1099488369862, 1099499998758,
}

// halvings is one · 2^(-age/halfLife) in whole numbers, the same on every machine. It is at least 1: what counts never
// weighs nothing.
func halvings(age, halfLife time.Duration) int64 {
	whole := age / halfLife
	if whole >= 40 {
		return 1
	}
	weight := uint64(one)
	// The rest, in 2^-16 parts of a half-life; milliseconds keep the product inside 64 bits.
	rest := uint64(age%halfLife/time.Millisecond) << 16 / uint64(halfLife/time.Millisecond)
	for i, root := range roots {
		if rest&(1<<(15-i)) != 0 {
			high, low := bits.Mul64(weight, root)
			weight = high<<24 | low>>40
		}
	}
	return max(1, int64(weight>>uint(whole)))
}
