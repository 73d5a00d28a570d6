package steer

import (
	"sync"
	"time"
)

// settling is how old a click is when it is surely among the facts: the journal is forwarded about once a second.
const settling = 10 * time.Second

// meter is how far a cap is. How exact that is:
//
//   - Clicks on one node: to the click. What this node has let through in the last seconds it counts itself, at the moment in
//     which it decides; what is older it reads among the facts, where it surely stands by then (while the journal has no backlog
//     longer than settling).
//   - Clicks on several nodes: those of the other nodes are settling late, so beyond a cap at most as many clicks pass as the
//     others get in that time.
//   - After a restart, the clicks of the last settling seconds before it are missing until they are so old.
//   - Conversions and commissions are facts already when they are counted, every countEvery; between a click and its sale
//     visitors go on shopping, so a cap on these is always a cap on what is sent, not on what comes.
type meter struct {
	Cap
	mu      sync.Mutex
	begins  int64 // ms: of the period that facts were counted for
	ends    int64
	settled int64        // ms: clicks before it are among the facts
	facts   int64        // what was counted
	recent  int64        // clicks of this node since
	seconds [32]struct { // of which these are
		second, clicks int64
	}
}

// holds tells whether a cap is about the click.
func (m *meter) holds(q *Question) bool {
	return (m.Link == "" || m.Link == q.Link) && (m.Partnership == "" || m.Partnership == q.Partnership)
}

// amount is how far the cap is at a moment. When a period has begun that nobody has counted yet, only the clicks of this node
// since are known.
func (m *meter) amount(at time.Time) int64 {
	ms := at.UnixMilli()
	if m.ends != 0 && ms >= m.ends {
		m.facts, m.begins, m.ends = 0, m.ends, 0
		m.settled = m.begins
		m.recount()
	}
	return m.facts + m.recent
}

func (m *meter) recount() {
	m.recent = 0
	for _, s := range m.seconds {
		if s.second*1000 >= m.settled {
			m.recent += s.clicks
		}
	}
}

func (m *meter) reached(at time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.amount(at) >= m.Most
}

// take counts a click, unless the cap has been reached and has a page for what is beyond.
func (m *meter) take(at time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.amount(at) >= m.Most && m.Target != "" {
		return false
	}
	m.count(at, 1)
	return true
}

func (m *meter) giveBack(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count(at, -1)
}

func (m *meter) count(at time.Time, n int64) {
	second := at.UnixMilli() / 1000
	s := &m.seconds[second%int64(len(m.seconds))]
	if s.second != second {
		s.second, s.clicks = second, 0
	}
	s.clicks += n
	if m.recent += n; m.recent < 0 {
		m.recent = 0
	}
}

// know takes what was counted among the facts.
func (m *meter) know(c counted) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.begins, m.ends, m.settled, m.facts = c.begins.UnixMilli(), c.ends.UnixMilli(), c.settled.UnixMilli(), c.amount
	m.recount()
}
