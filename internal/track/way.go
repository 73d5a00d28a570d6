package track

import (
	"net/http"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/place"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/touch"
)

// way is where a click goes.
type way struct {
	steer.Decision
	undo func() // for a click that could not be kept
}

var (
	straight = func() {}
	blocked  = Answer{Status: http.StatusForbidden, Pages: blockedPages, Text: "This link is not available to you.\n"}
)

// returningFor is how long a network and a browser are remembered as having been here.
const returningFor = 30 * 24 * time.Hour

// way decides where a click is sent. A link that has ended leads to its page for afterwards, whatever the rules say: who made
// it knew better. For a program without rules, caps and tests this is two comparisons.
func (d *Door) way(to creative.Place, asked asked, r Request, where place.Place, mark touch.Mark, at time.Time) way {
	if to.Over(at) {
		mark = orExpired(mark, to, at)
		return way{steer.Decision{Target: to.Fallback(), Mark: mark}, straight}
	}
	plan := d.steer.Of(to.Program.ID)
	if plan == nil {
		return way{steer.Decision{Mark: mark}, straight}
	}
	q := &steer.Question{Link: to.Link, Partnership: to.Partnership, Visitor: r.Visitor, Agent: r.Agent, Language: r.Language, Referrer: r.Referrer,
		Country: where.Country, Region: where.Region, Sub: asked.sub, Mark: mark, At: at, Own: to.Own, Fixed: asked.page != ""}
	if plan.Visits() && r.Visitor.IsValid() && mark != touch.Duplicate {
		// What is remembered is of fixed size and of this node: who came long ago, or before a restart, is new again.
		q.Returning = d.visits.isRepeat(d.visits.name(r.Visitor.String(), to.Program.ID, r.Agent), at.UnixMilli(), returningFor.Milliseconds())
	}
	decided := plan.Decide(q, to.Fallback())
	return way{decided, func() { plan.Undo(q, decided) }}
}

// orExpired is the mark of a touch by a link that may have ended.
func orExpired(mark touch.Mark, by creative.Place, at time.Time) touch.Mark {
	if mark == touch.Counts && by.Over(at) {
		return touch.Expired
	}
	return mark
}

// plain is the target with the parameters passed on and no click id: a click that earns nothing must not take the place of one
// that does.
func plain(target, passed string) string {
	if passed == "" {
		return target
	}
	target, fragment, hasFragment := strings.Cut(target, "#")
	if strings.Contains(target, "?") {
		target += "&" + passed
	} else {
		target += "?" + passed
	}
	if hasFragment {
		target += "#" + fragment
	}
	return target
}
