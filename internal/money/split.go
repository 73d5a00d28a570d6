package money

import (
	"math/big"
	"sort"
)

// Micro is an exact price before it is rounded to the currency: millionths of a minor unit.
type Micro int64

// Fixed is a whole number of minor units as a price.
func Fixed(minor int64) Micro { return Micro(minor * int64(Whole)) }

// Part is the exact share of a minor amount: minor × rate, not yet rounded.
func Part(minor int64, r Rate) Micro { return Micro(minor * int64(r)) }

// Split rounds prices that belong together to minor units. Share i is worth prices[i] × weights[i] / sum of the weights;
// the whole is the exact sum of these, rounded half up, and the shares sum to the whole by the largest remainder (ties go
// to the earlier one). So three equal shares of 10.00 are 3.34, 3.33 and 3.33, and never 9.99.
//
// Prices and weights are not negative; with no positive weight every share is zero.
func Split(prices []Micro, weights []int64) []int64 {
	shares := make([]int64, len(prices))
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() <= 0 {
		return shares
	}
	unit := total.Mul(total, big.NewInt(int64(Whole))) // one minor unit, in the shares' common denominator
	sum := new(big.Int)
	remainders := make([]*big.Int, len(prices))
	var given int64
	for i, p := range prices {
		exact := new(big.Int).Mul(big.NewInt(int64(p)), big.NewInt(weights[i]))
		sum.Add(sum, exact)
		floor, remainder := new(big.Int).DivMod(exact, unit, new(big.Int))
		shares[i], remainders[i] = floor.Int64(), remainder
		given += shares[i]
	}
	whole := sum.Lsh(sum, 1)
	whole.Add(whole, unit).Div(whole, new(big.Int).Lsh(unit, 1)) // round half up: (2·sum + unit) / (2·unit)
	order := make([]int, len(prices))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return remainders[order[a]].Cmp(remainders[order[b]]) > 0 })
	for i := int64(0); i < whole.Int64()-given; i++ {
		shares[order[i]]++
	}
	return shares
}
