package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Qualification is whether a conversion qualifies, and why: its event type has a rule, or the shop has said so.
type Qualification struct {
	Rule    program.Rule `json:"rule"`
	State   Qualified    `json:"state"`
	Because string       `json:"because,omitempty"` // verdict, event or refund; empty while it waits
	By      string       `json:"by,omitempty"`      // the conversion that followed, or the verdict
	Until   time.Time    `json:"until,omitzero"`    // of a rule by days: nothing may be given back before
}

// Qualified is a state of qualification.
type Qualified string

// The states. One that waits for its days becomes final on the last of them by itself; the others wait for a fact.
const (
	Waiting      Qualified = "waiting"
	Does         Qualified = "qualified"
	Disqualified Qualified = "disqualified"
)

// NotQualified is why a commission is reversed whose conversion does not qualify.
const NotQualified = "not_qualified"

// Awaits is the locking day of a commission whose conversion has yet to qualify.
var Awaits = Never.AddDate(0, 0, -1)

// require is the rule of the day as a qualification, with what is known of the person at the turn; nil when it asks for nothing.
func require(f facts, b book) *Qualification {
	q := &Qualification{Rule: program.RuleAt(b.rules, f.sale.Event, f.sale.At, f.turn)}
	switch q.Rule.Kind {
	case program.AtOnce:
		return nil
	case program.ByEvent:
		q.By = f.follower
	case program.ByDays:
		q.Until = f.sale.At.AddDate(0, 0, int(q.Rule.Days))
	}
	return q
}

// qualify says where the conversion stands by its rule, by what was given back, and by the shop's own word.
func (e *Explanation) qualify(ch changes) {
	q := e.Qualify
	switch {
	case ch.verdict.ID == "" && q == nil:
		return
	case q == nil:
		q = &Qualification{Rule: program.Rule{Kind: program.AtOnce}}
	}
	now := *q
	follower := now.By
	if now.Because == "verdict" {
		follower = ""
	}
	now.State, now.Because, now.By = Waiting, "", follower
	switch {
	case ch.verdict.Verdict == conversion.Qualified:
		now.State, now.Because, now.By = Does, "verdict", ch.verdict.ID
	case ch.verdict.Verdict == conversion.Disqualified:
		now.State, now.Because, now.By = Disqualified, "verdict", ch.verdict.ID
	case now.Rule.Kind == program.ByEvent && follower != "":
		now.State, now.Because = Does, "event"
	case now.Rule.Kind == program.ByDays && slices.ContainsFunc(ch.refunds, func(r conversion.Refund) bool { return r.At.Before(now.Until) }):
		now.State, now.Because = Disqualified, "refund"
	}
	e.Qualify = &now
}

// waits tells whether a part's commission waits for a fact, and until when for time alone.
func (e *Explanation) waits() (forFact bool, until time.Time) {
	q := e.Qualify
	if q == nil || q.State != Waiting {
		return false, time.Time{}
	}
	return q.Rule.Kind != program.ByDays, q.Until
}

// addFollowers finds for conversions that wait for another event of the same person the first that came. Only what the shop
// itself reported counts.
func addFollowers(ctx context.Context, r db.Reader, prog string, all []facts, b book, h history) error {
	var keys []string
	var from time.Time
	for _, f := range all {
		if program.RuleAt(b.rules, f.sale.Event, f.sale.At, f.turn).Kind == program.ByEvent {
			keys = append(keys, f.keys...)
			if from.IsZero() || f.sale.At.Before(from) {
				from = f.sale.At
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	list, reports, err := h.salesOf(ctx, r, prog, distinct(keys), from.Add(-skew))
	if err != nil {
		return err
	}
	for i := range all {
		all[i].follow(program.RuleAt(b.rules, all[i].sale.Event, all[i].sale.At, all[i].turn), list, reports, h)
	}
	return nil
}

// follow keeps the first of the conversions that the rule asks for, as far as they were known at the turn.
func (f *facts) follow(rule program.Rule, list []conversion.Conversion, reports map[string][]conversion.Report, h history) {
	if rule.Kind != program.ByEvent {
		return
	}
	var first conversion.Conversion
	for _, c := range list {
		c, known := h.standAt(c, reports[c.ID], f.turn)
		follows := known && c.Event == rule.Event && c.Source.Trusted() && slices.Contains(f.keys, c.Who) && !c.At.Before(f.sale.At.Add(-skew))
		if follows && (first.ID == "" || c.At.Before(first.At) || c.At.Equal(first.At) && c.Order < first.Order) {
			first = c
		}
	}
	f.follower = first.ID
}

// asKnown is a conversion as it stood at a turn.
func asKnown(c conversion.Conversion, reports []conversion.Report, turn int64) (conversion.Conversion, bool) {
	if len(reports) > 0 && turn != program.Always {
		return conversion.StandAt(reports, turn)
	}
	return c, c.Turn <= turn
}

// waitingFor are the conversions of the same persons that wait for events such as these.
func waitingFor(ctx context.Context, r db.Reader, p atTurn, came []conversion.Conversion) ([]string, error) {
	rules, err := rulesOf(ctx, r, p)
	if err != nil {
		return nil, err
	}
	var who, events []string
	for _, q := range rules {
		for _, c := range came {
			if q.Rule.Kind == program.ByEvent && q.Rule.Event == c.Event {
				who, events = append(who, c.Who), append(events, q.Event)
			}
		}
	}
	if len(who) == 0 {
		return nil, nil
	}
	people, err := journey.People(ctx, r, p.ID, who)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, of := range people {
		keys = append(keys, of...)
	}
	sales, err := conversion.By(ctx, r, p.ID, slices.Compact(slices.Sorted(slices.Values(keys))), time.UnixMilli(0))
	var ids []string
	for _, c := range sales {
		if slices.Contains(events, c.Event) {
			ids = append(ids, c.ID)
		}
	}
	return ids, err
}

// rulesOf are a program's rules, remembered while nothing is agreed anew.
func rulesOf(ctx context.Context, r db.Reader, p atTurn) ([]program.Qualifying, error) {
	rules, err := db.Remember(r, "qualifying", p.agreed, []string{p.ID}, func(programs []string) (map[string][]program.Qualifying, error) {
		return program.Qualifyings(ctx, r, programs)
	})
	return rules[p.ID], err
}

// waitsByEvent tells which event types of a program wait for another one.
func waitsByEvent(ctx context.Context, r db.Reader, prog string) (func(event string) bool, error) {
	rules, err := program.Qualifyings(ctx, r, []string{prog})
	return func(event string) bool {
		return slices.ContainsFunc(rules[prog], func(q program.Qualifying) bool { return q.Event == event && q.Rule.Kind == program.ByEvent })
	}, err
}

// Require settles on what condition an event type is paid from a moment on, and derives again what that can change.
func Require(ctx context.Context, tx *db.Tx, keys touch.Keys, prog, event string, since time.Time, rule program.Rule, author string) (program.Qualifying, error) {
	p, err := program.Get(ctx, tx, prog)
	if err != nil {
		return program.Qualifying{}, err
	}
	q, err := program.SetQualifying(ctx, tx, p, event, since, rule, author)
	if err != nil {
		return q, err
	}
	_, err = againSince(ctx, tx, keys, prog, since)
	return q, err
}

// state is how the order stands and qualifies, in words for a comparison.
func (e Explanation) state() string {
	s := "edit " + e.Edit
	if e.Qualify != nil {
		s += ", " + string(e.Qualify.State) + " " + e.Qualify.Because
	}
	return s
}
