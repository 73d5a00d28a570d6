// Package health says what is missing in a program's tracking: since when, and how serious it is. It reads what was kept
// lately and decides nothing.
package health

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/landing"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/refusal"
	"github.com/tributary-hq/tributary/internal/touch"
)

// State is how serious something is.
type State string

// The states, the worst first.
const (
	Bad   State = "bad"   // money is lost
	Watch State = "watch" // something is odd
	Fine  State = "fine"
	Idle  State = "idle" // nothing to judge by yet
)

// States are all, the worst first.
var States = []State{Bad, Watch, Fine, Idle}

// Finding is one thing that was looked at.
type Finding struct {
	Name  string
	State State
	Last  time.Time // when it was last as it should be, or was last heard of
	Since time.Time // how long it has been wrong; zero when that is not known
	N, Of int64     // how many of how many
	Parts []Part
}

// Part is a detail: a way in which conversions come, a reason of refusals, a page.
type Part struct {
	Name   string // of a way: api, postback, tag; of a refusal: the way; of a page or a domain: its address
	Reason string
	Field  string
	N      int64
	At     time.Time
}

// Report is all findings, the worst first.
type Report struct {
	At       time.Time
	Findings []Finding
}

// Worst is the state of the worst finding.
func (r Report) Worst() State {
	if len(r.Findings) == 0 {
		return Idle
	}
	return r.Findings[0].State
}

// What is looked at is what came lately, so that a look costs the same however much there is.
const (
	touchesSeen     = 2000
	clicksSeen      = 500
	conversionsSeen = 500
	silentAfter     = 7 * 24 * time.Hour
	tagSilentAfter  = 2 * 24 * time.Hour
	landsWithin     = 10 * time.Minute // a younger click may still land
)

// names are the findings in the order in which equally serious ones stand.
var names = []string{"clicks", "conversions", "tag", "unseen", "unclicked", "refused", "clock", "codes", "pages", "postbacks", "domains"}

// Of looks at a program.
func Of(ctx context.Context, r db.Reader, p program.Program, now time.Time) (Report, error) {
	l := look{ctx: ctx, r: r, program: p.ID, now: now}
	for _, read := range []func() error{l.touches, l.sales, l.refusals, l.reports, l.dead, l.hosts} {
		if err := read(); err != nil {
			return Report{}, err
		}
	}
	list := slices.Concat(l.clicksAndTag(), l.conversions(), l.found)
	slices.SortStableFunc(list, func(a, b Finding) int {
		if a.State != b.State {
			return slices.Index(States, a.State) - slices.Index(States, b.State)
		}
		return slices.Index(names, a.Name) - slices.Index(names, b.Name)
	})
	return Report{At: now, Findings: list}, nil
}

// look is what was read of a program.
type look struct {
	ctx     context.Context
	r       db.Reader
	program string
	now     time.Time
	recent  []seen
	landed  map[string]time.Time // clicks whose visitor the tag saw, and when
	sold    []sale
	strange int64 // of sold, those with a code that is nobody's
	found   []Finding
}

func (l *look) refusals() error {
	from := l.now.Add(-silentAfter)
	list, err := refusal.Since(l.ctx, l.r, l.program, from)
	f := Finding{Name: "refused", State: Fine}
	for _, t := range list {
		f.N += t.N
		if f.Last.Before(t.Last) {
			f.Last = t.Last
		}
		if len(f.Parts) < 8 {
			f.Parts = append(f.Parts, Part{Name: t.Way, Reason: t.Reason, Field: t.Field, N: t.N, At: t.Last})
		}
	}
	taken := int64(0)
	for _, s := range l.sold {
		if s.received.After(from) {
			taken++
		}
	}
	f.Of = f.N + taken
	switch {
	case f.Of == 0:
		f.State = Idle
	case f.N*5 > f.Of:
		f.State = Bad
	case f.N*20 > f.Of:
		f.State = Watch
	}
	l.found = append(l.found, f)
	return err
}

// reports are the postbacks of partners.
func (l *look) reports() error {
	list, err := postback.In(l.ctx, l.r, l.program, "", 1000)
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	targets, err := deliver.Targets(l.ctx, l.r, ids)
	f := Finding{Name: "postbacks", State: Fine, Of: int64(len(list))}
	for _, p := range list {
		t := targets[p.ID]
		if t.Failing.IsZero() && t.PausedBy != deliver.ByFailing {
			continue
		}
		f.N++
		if f.State = Watch; t.PausedBy == deliver.ByFailing {
			f.State = Bad
		}
		if f.Since.IsZero() || !t.Failing.IsZero() && t.Failing.Before(f.Since) {
			f.Since = t.Failing
		}
	}
	if f.Of == 0 {
		f.State = Idle
	}
	l.found = append(l.found, f)
	return err
}

func (l *look) dead() error {
	asked, err := landing.Asked(l.ctx, l.r, l.program)
	if err != nil {
		return err
	}
	missed, err := landing.Of(l.ctx, l.r, l.program)
	f := Finding{Name: "pages", State: Fine, Last: asked}
	for _, p := range missed {
		if !p.Dead() {
			continue
		}
		f.N++
		f.State = Bad
		if f.Since.IsZero() || p.Since.Before(f.Since) {
			f.Since = p.Since
		}
		if len(f.Parts) < 8 {
			f.Parts = append(f.Parts, Part{Name: p.Address, Reason: string(p.Fault), N: int64(p.Status), At: p.Since})
		}
	}
	if asked.IsZero() {
		f.State = Idle
	}
	l.found = append(l.found, f)
	return err
}

func (l *look) hosts() error {
	list, err := domain.In(l.ctx, l.r, l.program)
	f := Finding{Name: "domains", State: Fine, Of: int64(len(list))}
	for _, d := range list {
		if d.Works() {
			continue
		}
		f.N++
		f.State = Watch
		if f.Since.IsZero() || d.Since.Before(f.Since) {
			f.Since = d.Since
		}
		f.Parts = append(f.Parts, Part{Name: d.Name, Reason: string(d.Fault), At: d.Since})
	}
	if f.Of == 0 {
		f.State = Idle
	}
	l.found = append(l.found, f)
	return err
}

// isClick holds for clicks that count.
func isClick(s seen) bool { return s.kind == touch.Click && s.mark == touch.Counts }
