package track

import (
	"hash/maphash"
	"sync"
)

// recent remembers who has just clicked what, in a memory of fixed size: whoever sends millions of names only makes it
// forget. It never confuses two names, for it compares 64 bits of a hash that nobody outside can foresee.
type recent struct {
	seed  maphash.Seed
	parts [recentParts]recentPart
}

const (
	recentParts = 64
	recentRows  = 256 // of a part
	recentWays  = 4   // places of a row: the oldest gives way
)

type recentPart struct {
	mu   sync.Mutex
	rows [recentRows][recentWays]memory
}

// memory is the clicks of one name: how many in the span that began at start, and in the span before it.
type memory struct {
	name          uint64
	start         int64 // ms; 0: empty
	counted       int64 // ms of the last click that was no repetition
	clicks, prior uint32
}

func newRecent() *recent { return &recent{seed: maphash.MakeSeed()} }

// name is the name of some texts together.
func (r *recent) name(texts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, text := range texts {
		h.WriteString(text)
		h.WriteByte(0)
	}
	return h.Sum64()
}

// at calls do with what is remembered of a name, alone; what is not remembered is new.
func (r *recent) at(name uint64, now int64, do func(m *memory)) {
	part := &r.parts[name%recentParts]
	part.mu.Lock()
	defer part.mu.Unlock()
	row := &part.rows[name/recentParts%recentRows]
	place := &row[0]
	for i := range row {
		if row[i].name == name && row[i].start != 0 {
			do(&row[i])
			return
		}
		if max(row[i].start, row[i].counted) < max(place.start, place.counted) {
			place = &row[i]
		}
	}
	*place = memory{name: name, start: now}
	do(place)
}

// isRepeat tells whether the name has clicked within so many milliseconds, and remembers the click when it has not.
func (r *recent) isRepeat(name uint64, now, within int64) (repeat bool) {
	r.at(name, now, func(m *memory) {
		if since := now - m.counted; m.counted != 0 && since >= 0 && since < within {
			repeat = true
			return
		}
		m.counted = now
	})
	return repeat
}

// rate counts a click of the name, and estimates its clicks in the last span: those of the span under way, and those of the
// one before in as far as it is not over yet.
func (r *recent) rate(name uint64, now, span int64) (clicks int64) {
	r.at(name, now, func(m *memory) {
		switch passed := now - m.start; {
		case passed < 0 || passed >= 2*span:
			m.start, m.clicks, m.prior = now, 0, 0
		case passed >= span:
			m.start, m.clicks, m.prior = m.start+span, 0, m.clicks
		}
		if m.clicks < 1<<31 {
			m.clicks++
		}
		clicks = int64(m.clicks) + int64(m.prior)*(span-(now-m.start))/span
	})
	return clicks
}
