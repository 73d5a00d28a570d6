// Package study compares the models of attribution over many journeys at once: which channel, partner or creative would
// have earned how much under each. It settles nothing; package attribution does.
//
// A study is one streaming pass. A journey adds to sums whose size depends on the number of channels, not of journeys, and
// studies of parts of the journeys join into one of the whole.
package study

import (
	"errors"
	"math"
)

// Order is the longest memory of the Markov chains that a study can keep: the last three touches.
const Order = 3

// HalfLife is how many touches back from the conversion a touch weighs half, in time decay without times.
const HalfLife = 7

// MaxTouches is the longest journey, MaxChannels the most different channels of a study.
const (
	MaxTouches  = 100_000
	MaxChannels = 50_000
)

// Worth is what journeys came to: how many conversions, and what these were worth.
type Worth struct{ Conversions, Value float64 }

func (w *Worth) add(part float64, of Worth) {
	w.Conversions += part * of.Conversions
	w.Value += part * of.Value
}

// A Study holds the sums of the journeys that were added.
type Study struct {
	names    []string
	ids      map[string]int32
	channels []channel
	chains   []*chain // of order 1, 2, …
	total    Worth
	nulls    float64
	journeys int64

	round  int64     // counts the journeys, to tell which channels this one has met
	decays []float64 // weights by steps back from the last touch
	sums   []float64 // the first i of them together
}

// channel is what one channel earns under each of the models that are sums over journeys.
type channel struct {
	credits [models]Worth
	met     int64 // the round of the last journey with it
}

// The models that need one look at a journey each.
const (
	first = iota
	last
	linear
	position
	decay
	shapley
	models
)

// New is an empty study with Markov chains up to an order, at most [Order].
func New(order int) *Study {
	s := &Study{ids: map[string]int32{}}
	for k := 1; k <= order; k++ {
		s.chains = append(s.chains, newChain(k))
	}
	return s
}

// ErrTooManyChannels says that names were given which cannot all be channels, a column of order numbers perhaps.
var ErrTooManyChannels = errors.New("there are more than 50,000 different channels: is this the column of the channels?")

// Channel is the number of a channel in this study.
func (s *Study) Channel(name string) (int32, error) {
	if id, known := s.ids[name]; known {
		return id, nil
	}
	if len(s.names) == MaxChannels {
		return 0, ErrTooManyChannels
	}
	id := int32(len(s.names))
	s.names, s.ids[name] = append(s.names, name), id
	s.channels = append(s.channels, channel{met: -1})
	return id, nil
}

// Add counts one journey, the channels of its touches in their order, that ended so often in a conversion, of that worth
// together, and so often in none. Steps between touches stand for time; see [Study.AddTimed] for journeys with times.
func (s *Study) Add(touches []int32, w Worth, nulls float64) {
	n := len(touches)
	s.reach(n)
	s.add(touches, s.decays[:n], s.sums[n], w, nulls)
}

// AddTimed is [Study.Add] with the weight of each touch under time decay, of which some is positive.
func (s *Study) AddTimed(touches []int32, weights []float64, w Worth, nulls float64) {
	var sum float64
	backwards := make([]float64, len(weights))
	for i, weight := range weights {
		sum += weight
		backwards[len(weights)-1-i] = weight
	}
	s.add(touches, backwards, sum, w, nulls)
}

// reach computes the weights of time decay for journeys of n touches.
func (s *Study) reach(n int) {
	if len(s.sums) == 0 {
		s.sums = []float64{0}
	}
	for i := len(s.decays); i < n; i++ {
		s.decays = append(s.decays, math.Exp2(-float64(i)/HalfLife))
		s.sums = append(s.sums, s.sums[i]+s.decays[i])
	}
}

// add gives the credits of one journey. The weights of time decay run backwards from the last touch.
func (s *Study) add(touches []int32, decays []float64, sum float64, w Worth, nulls float64) {
	n := len(touches)
	s.journeys++
	s.nulls += nulls
	for _, c := range s.chains {
		c.add(touches, w.Conversions, nulls)
	}
	if w == (Worth{}) {
		return
	}
	s.total.add(1, w)
	s.channels[touches[0]].credits[first].add(1, w)
	s.channels[touches[n-1]].credits[last].add(1, w)
	each, middle := 1/float64(n), 0.2/float64(n-2)
	s.round++
	players := 0
	for i, id := range touches {
		c := &s.channels[id]
		c.credits[linear].add(each, w)
		c.credits[decay].add(decays[n-1-i]/sum, w)
		switch {
		case n <= 2:
			c.credits[position].add(each, w)
		case i == 0 || i == n-1:
			c.credits[position].add(0.4, w)
		default:
			c.credits[position].add(middle, w)
		}
		if c.met != s.round {
			c.met = s.round
			players++
		}
	}
	s.share(touches, 1/float64(players), w)
}

// share gives each different channel of a journey the same part: the Shapley value, exactly and for any number of players.
// v(S) counts the conversions of the journeys that use only channels in S, so v is a sum of one unanimity game for each
// journey, "worth w as soon as all its channels are there"; such a game's value is w in equal parts to these channels, and
// the value of a sum of games is the sum of their values.
func (s *Study) share(touches []int32, part float64, w Worth) {
	s.round++
	for _, id := range touches {
		if c := &s.channels[id]; c.met != s.round {
			c.met = s.round
			c.credits[shapley].add(part, w)
		}
	}
}

// Join adds the journeys of another study, of the same orders.
func (s *Study) Join(other *Study) error {
	here := make([]int32, len(other.names))
	for i, name := range other.names {
		id, err := s.Channel(name)
		if err != nil {
			return err
		}
		here[i] = id
		for m, credit := range other.channels[i].credits {
			s.channels[id].credits[m].add(1, credit)
		}
	}
	for k, c := range other.chains {
		s.chains[k].join(c, here)
	}
	s.total.add(1, other.total)
	s.nulls += other.nulls
	s.journeys += other.journeys
	return nil
}

// Journeys is how many were added; Total what they came to; Nulls how many ended in no conversion.
func (s *Study) Journeys() int64 { return s.journeys }
func (s *Study) Total() Worth    { return s.total }
func (s *Study) Nulls() float64  { return s.nulls }
