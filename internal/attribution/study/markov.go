package study

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Bounds of what is solved: beyond them an answer would take minutes.
const (
	maxInverse = 3_000 // states whose fundamental matrix is inverted
	maxRemoved = 500   // channels that are removed one by one from a chain of order 2 or 3
)

// Removal says for each channel which part of the conversions a chain of that order loses when the channel leads nowhere,
// from 0 to 1.
func (s *Study) Removal(order int) ([]float64, error) {
	g := s.chains[order-1].graph(order, len(s.names))
	switch {
	case s.total.Conversions == 0:
		return make([]float64, len(s.names)), nil
	case order == 1 && len(s.names) > maxInverse:
		return nil, fmt.Errorf("there are %d channels; a Markov chain is solved for at most %d", len(s.names), maxInverse)
	case order == 1:
		return g.removedAtOnce()
	case len(s.names) > maxRemoved:
		return nil, fmt.Errorf("there are %d channels; a Markov chain of order %d is solved for at most %d", len(s.names), order, maxRemoved)
	}
	return g.removedOneByOne()
}

// graph is a chain to be solved. State 0 is the start; in order 1 state i+1 is channel i.
type graph struct {
	last  []int32 // the channel that a state ends in, -1 at the start
	steps [][]step
	wins  []float64 // the chance to convert at once
	n     int       // channels
}

type step struct {
	to     int32
	chance float64
}

func (c *chain) graph(order, channels int) *graph {
	g := &graph{n: channels}
	numbers := map[uint64]int32{}
	number := func(state uint64) int32 {
		id, known := numbers[state]
		if !known {
			id = int32(len(g.last))
			numbers[state] = id
			g.last = append(g.last, int32(state&0xffff)-1)
		}
		return id
	}
	number(0)
	if order == 1 {
		for i := range channels {
			number(uint64(i + 1))
		}
	}
	// In the order of the keys, so that the same counts always give the same floats.
	filled := make([]int, 0, c.used)
	for at, key := range c.keys {
		if key != 0 {
			filled = append(filled, at)
		}
	}
	slices.SortFunc(filled, func(a, b int) int {
		if c.keys[a] < c.keys[b] {
			return -1
		}
		return 1
	})
	for _, at := range filled { // every state is the end of some step, or the start
		if part := c.keys[at] & 0xffff; part < lost {
			number(c.keys[at] & c.mask)
		}
	}
	g.steps, g.wins = make([][]step, len(g.last)), make([]float64, len(g.last))
	left := make([]float64, len(g.last))
	for _, at := range filled {
		from, part := numbers[c.keys[at]>>16&c.mask], c.keys[at]&0xffff
		left[from] += c.counts[at]
		switch part {
		case converted:
			g.wins[from] = c.counts[at]
		case lost:
		default:
			g.steps[from] = append(g.steps[from], step{numbers[c.keys[at]&c.mask], c.counts[at]})
		}
	}
	for from, all := range left {
		if all == 0 {
			continue
		}
		g.wins[from] /= all
		for i := range g.steps[from] {
			g.steps[from][i].chance /= all
		}
	}
	return g
}

// removedAtOnce gives all removal effects of a chain of order 1 from one inverse, the fundamental matrix N of expected
// visits: a journey comes to channel i at all with the chance N_si / N_ii and converts from there with b_i, so that without
// i the chance b_s is smaller by N_si·b_i / N_ii.
func (g *graph) removedAtOnce() ([]float64, error) {
	size := len(g.last)
	m := mat.NewDense(size, size, nil)
	for from := range size {
		m.Set(from, from, 1)
	}
	for from, steps := range g.steps {
		for _, s := range steps {
			m.Set(from, int(s.to), m.At(from, int(s.to))-s.chance)
		}
	}
	var visits mat.Dense
	if err := visits.Inverse(m); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return nil, fmt.Errorf("solve the Markov chain: %w", err)
		}
	}
	var b mat.VecDense
	b.MulVec(&visits, mat.NewVecDense(size, g.wins))
	effects := make([]float64, g.n)
	for i := range effects {
		effects[i] = clamp(visits.At(0, i+1) * b.AtVec(i+1) / (visits.At(i+1, i+1) * b.AtVec(0)))
	}
	return effects, nil
}

func (g *graph) removedOneByOne() ([]float64, error) {
	whole, err := g.converts(-1, make([]float64, len(g.last)))
	if err != nil {
		return nil, err
	}
	effects := make([]float64, g.n)
	for i := range effects {
		left, err := g.converts(int32(i), slices.Clone(whole))
		if err != nil {
			return nil, err
		}
		effects[i] = clamp(1 - left[0]/whole[0])
	}
	return effects, nil
}

// Sweeps over the states: how many are taken before the chain counts as too slow for them, and the states for which the
// direct solution is affordable then.
const (
	maxSweeps = 3_000
	maxDirect = 3_000
)

// converts is the chance to convert from each state when the states that end in the removed channel lead nowhere, beginning
// from a guess: Gauss and Seidel's sweeps until no chance moves by more than its last bits, and Gauss'
// elimination for a chain that is too slow for them.
func (g *graph) converts(removed int32, b []float64) ([]float64, error) {
	for range maxSweeps {
		moved := 0.0
		for from := len(b) - 1; from >= 0; from-- {
			chance := 0.0
			if removed < 0 || g.last[from] != removed {
				chance = g.wins[from]
				for _, s := range g.steps[from] {
					chance += s.chance * b[s.to]
				}
			}
			moved = max(moved, math.Abs(chance-b[from])/max(chance, math.SmallestNonzeroFloat64))
			b[from] = chance
		}
		if moved < 1e-14 {
			return b, nil
		}
	}
	if len(b) > maxDirect {
		return nil, fmt.Errorf("the journeys are too long to solve a Markov chain of %d states", len(b))
	}
	m, wins := mat.NewDense(len(b), len(b), nil), mat.NewVecDense(len(b), nil)
	for from := range b {
		m.Set(from, from, 1)
		if removed >= 0 && g.last[from] == removed {
			continue
		}
		wins.SetVec(from, g.wins[from])
		for _, s := range g.steps[from] {
			m.Set(from, int(s.to), m.At(from, int(s.to))-s.chance)
		}
	}
	var solved mat.VecDense
	if err := solved.SolveVec(m, wins); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return nil, fmt.Errorf("solve the Markov chain: %w", err)
		}
	}
	return solved.RawVector().Data, nil
}

// clamp takes away what rounding adds to a part of a whole.
func clamp(effect float64) float64 { return min(1, max(0, effect)) }
