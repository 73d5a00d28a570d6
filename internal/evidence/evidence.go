// Package evidence says whether one variant of a page really does better than another, or whether it may be chance. It is
// arithmetic on clicks and conversions: it stores nothing and asks no one.
//
// People look at a test every day and stop when they like what they see. A test that is made for one look at the end is then
// wrong much more often than it says: of tests in which nothing differs, looking a hundred times calls a third significant
// instead of a twentieth. So the verdict here is a sequential one, which may be looked at after every click: the mixture
// sequential probability ratio test of Robbins (Statistical methods related to the law of the iterated logarithm, 1970), for
// two proportions as in Johari, Pekelis and Walsh (Always valid inference, 2015). It costs about twice the clicks of a single
// look, and says how many beforehand.
//
// Its normal approximation needs some conversions to be one; before there are so many, there is no verdict.
package evidence

import "math"

// Arm is what came of a variant: of so many clicks, so many converted.
type Arm struct {
	Clicks      int64
	Conversions int64
}

// Rate is the part of the clicks that converted.
func (a Arm) Rate() float64 {
	if a.Clicks == 0 {
		return 0
	}
	return float64(a.Conversions) / float64(a.Clicks)
}

// variance is that of the rate, with one imagined conversion and one imagined miss, so that it is never nothing.
func (a Arm) variance() float64 {
	p := (float64(a.Conversions) + 1) / (float64(a.Clicks) + 2)
	return p * (1 - p) / float64(max(1, a.Clicks))
}

// What there must be before there is a verdict: of each variant, and of both together.
const (
	ClicksLeast      = 100
	ConversionsLeast = 25
)

// Plan is what a test is made to find, said before it begins.
type Plan struct {
	Alpha float64 // how often it may call a difference real though there is none
	Rate  float64 // how much of the clicks convert, about
	Lift  float64 // the smallest difference worth finding, as a part of Rate
}

// Power is how often a difference of the plan's size shall be found.
const Power = 0.8

// difference is the plan's difference of the rates; the mixture's spread is the same, which is where the test looks hardest.
func (p Plan) difference() float64 { return p.Rate * p.Lift }

// Verdict compares a variant with the one that there was before.
type Verdict struct {
	Difference float64 // of the rates
	Low, High  float64 // where the true difference is, at all looks together, in all tests but Alpha of them
	Chance     float64 // the always valid p-value: how likely so much would ever be seen if nothing differed
	Enough     bool    // whether there is enough for a verdict
	Real       bool    // whether the difference is called real
}

// Compare is the verdict on b against a. It may be asked for as often as one likes.
func (p Plan) Compare(a, b Arm) Verdict {
	v := a.variance() + b.variance()
	mixed := p.difference() * p.difference()
	d := b.Rate() - a.Rate()
	reach := math.Sqrt(v * (v + mixed) / mixed * math.Log((v+mixed)/(v*p.Alpha*p.Alpha)))
	ratio := math.Sqrt(v/(v+mixed)) * math.Exp(mixed*d*d/(2*v*(v+mixed)))
	out := Verdict{Difference: d, Low: max(-1, d-reach), High: min(1, d+reach), Chance: min(1, 1/ratio)}
	out.Enough = min(a.Clicks, b.Clicks) >= ClicksLeast && a.Conversions+b.Conversions >= ConversionsLeast
	out.Real = out.Enough && out.Chance <= p.Alpha
	return out
}

// OneLook is how many clicks each of two variants needs to find the plan's difference with Power, by a test that is looked at
// once, at its end (Fleiss, Statistical Methods for Rates and Proportions, without the correction for continuity).
func (p Plan) OneLook() int64 {
	a, b := p.Rate, p.Rate+p.difference()
	middle := (a + b) / 2
	root := Quantile(1-p.Alpha/2)*math.Sqrt(2*middle*(1-middle)) + Quantile(Power)*math.Sqrt(a*(1-a)+b*(1-b))
	return int64(math.Ceil(root * root / ((b - a) * (b - a))))
}

// Clicks is how many clicks each of two variants needs until Compare has found the plan's difference with at least Power,
// however often it was asked.
func (p Plan) Clicks() int64 {
	a, b, d := p.Rate, p.Rate+p.difference(), p.difference()
	found := func(n int64) bool {
		v := (a*(1-a) + b*(1-b)) / float64(n)
		reach := math.Sqrt(v * (v + d*d) / (d * d) * math.Log((v+d*d)/(v*p.Alpha*p.Alpha)))
		return reach+Quantile(Power)*math.Sqrt(v) <= math.Abs(d)
	}
	high := int64(ClicksLeast)
	for !found(high) && high < 1<<50 {
		high *= 2
	}
	low := high / 2
	for high-low > 1 {
		if middle := (low + high) / 2; found(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// Quantile is that of the standard normal distribution.
func Quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
