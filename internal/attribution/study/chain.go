package study

// chain counts how often journeys went from one state to the next, each as often as it ended, in a conversion or in none. A
// state is the last touches of a journey: as many as the order says, fewer near the start.
//
// A count's key is the state followed by what came next, sixteen bits each: a channel's number and one, or an end.
type chain struct {
	mask   uint64
	keys   []uint64 // 0 is free; a power of two of them, never more than half used
	counts []float64
	used   int
}

// The ends of a journey.
const (
	converted = 0xffff
	lost      = 0xfffe
)

func newChain(order int) *chain {
	return &chain{mask: 1<<(16*order) - 1, keys: make([]uint64, 256), counts: make([]float64, 256)}
}

func (c *chain) add(touches []int32, conversions, nulls float64) {
	often := conversions + nulls
	if often == 0 {
		return
	}
	state := uint64(0)
	for _, id := range touches {
		next := state<<16 | uint64(id+1)
		c.count(next, often)
		state = next & c.mask
	}
	if conversions > 0 {
		c.count(state<<16|converted, conversions)
	}
	if nulls > 0 {
		c.count(state<<16|lost, nulls)
	}
}

func (c *chain) count(key uint64, often float64) {
	last := uint64(len(c.keys) - 1)
	for at := scatter(key) & last; ; at = (at + 1) & last {
		switch c.keys[at] {
		case key:
			c.counts[at] += often
			return
		case 0:
			if 2*c.used >= len(c.keys) {
				c.grow()
				c.count(key, often)
				return
			}
			c.used++
			c.keys[at], c.counts[at] = key, often
			return
		}
	}
}

func (c *chain) grow() {
	keys, counts := c.keys, c.counts
	c.keys, c.counts, c.used = make([]uint64, 2*len(keys)), make([]float64, 2*len(keys)), 0
	for i, key := range keys {
		if key != 0 {
			c.count(key, counts[i])
		}
	}
}

// join adds the counts of another chain, whose channels have these numbers here.
func (c *chain) join(other *chain, here []int32) {
	for i, key := range other.keys {
		if key == 0 {
			continue
		}
		var renamed uint64
		for shift := 0; shift < 64; shift += 16 {
			part := key >> shift & 0xffff
			if part != 0 && part < lost {
				part = uint64(here[part-1] + 1)
			}
			renamed |= part << shift
		}
		c.count(renamed, other.counts[i])
	}
}

// scatter spreads keys that differ in few bits.
func scatter(key uint64) uint64 {
	key ^= key >> 29
	key *= 0x9e3779b97f4a7c15
	return key ^ key>>32
}
