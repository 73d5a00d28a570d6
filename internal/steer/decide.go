package steer

import "github.com/tributary-hq/tributary/internal/touch"

// Decision is where a visitor is sent and why.
type Decision struct {
	Target  string // empty: where the link leads anyway
	Mark    touch.Mark
	Sent    string // the rule, the cap or the test
	Variant string
	Blocked bool
	taken   bool // caps have counted the click
}

// Decide says where a visitor is sent: by the caps that have a page, then by the first rule that fits, then by the test that is
// under way. fallback is where the link leads afterwards. A click that is then not kept is taken back with Undo.
func (p *Plan) Decide(q *Question, fallback string) (d Decision) {
	if p == nil {
		return Decision{Mark: q.Mark}
	}
	if d = p.decide(q, fallback); d.Mark != touch.Counts || len(p.caps) == 0 {
		return d
	}
	for i, m := range p.caps {
		if m.Measure != Clicks || !m.holds(q) || m.take(q.At) {
			continue
		}
		for _, before := range p.caps[:i] { // somebody else had the last place a moment ago
			if before.Measure == Clicks && before.holds(q) {
				before.giveBack(q.At)
			}
		}
		return m.beyond(q)
	}
	d.taken = true
	return d
}

func (p *Plan) decide(q *Question, fallback string) Decision {
	for _, m := range p.caps {
		if m.Target != "" && m.holds(q) && m.reached(q.At) {
			return m.beyond(q)
		}
	}
	if r := p.Rule(q); r != nil {
		d := Decision{Target: r.Target, Mark: q.Mark, Sent: r.ID}
		switch r.Do {
		case ToFallback:
			d.Target = fallback
		case Block:
			if d.Blocked = true; d.Mark == touch.Counts {
				d.Mark = touch.Blocked
			}
		}
		return d
	}
	if s := p.splitOf(q); s != nil {
		v := s.variantOf(q.Visitor, q.Agent)
		return Decision{Target: v.Target, Mark: q.Mark, Sent: s.ID, Variant: v.Key}
	}
	return Decision{Mark: q.Mark}
}

// beyond sends a click to the page of a cap that has been reached. It does not count, whatever else it is.
func (m *meter) beyond(q *Question) Decision {
	d := Decision{Target: m.Target, Mark: q.Mark, Sent: m.ID}
	if d.Mark == touch.Counts {
		d.Mark = touch.Capped
	}
	return d
}

// splitOf is the test that a click takes part in: its link's own, or that of the landing page, for those who would get there.
func (p *Plan) splitOf(q *Question) *Split {
	var general *Split
	for i := range p.splits {
		switch s := &p.splits[i]; {
		case q.Fixed:
		case s.Link == q.Link:
			return s
		case s.Link == "" && !q.Own:
			general = s
		}
	}
	return general
}

// Undo takes back what Decide has counted, for a click that could not be kept.
func (p *Plan) Undo(q *Question, d Decision) {
	if !d.taken {
		return
	}
	for _, m := range p.caps {
		if m.Measure == Clicks && m.holds(q) {
			m.giveBack(q.At)
		}
	}
}
