package program

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Rule is on what condition a conversion of an event type is paid. Whatever the rule, a verdict of the shop's outweighs it.
type Rule struct {
	Kind  RuleKind `json:"kind"`
	Event string   `json:"event,omitempty"` // ByEvent: of the same person, not earlier
	Days  int64    `json:"days,omitempty"`  // ByDays: in which nothing may be given back
}

// RuleKind is what a conversion waits for.
type RuleKind string

// The kinds of rules.
const (
	AtOnce    RuleKind = "at_once"
	ByVerdict RuleKind = "verdict" // until the shop says so
	ByEvent   RuleKind = "event"   // until a following event, such as a first deposit
	ByDays    RuleKind = "days"    // until so many days have passed without a refund
)

// RuleKinds are all kinds.
var RuleKinds = []RuleKind{AtOnce, ByVerdict, ByEvent, ByDays}

const ruleDaysMost = 366

// Qualifying is the rule of an event type from a moment on.
type Qualifying struct {
	ID      string
	Program string
	Event   string
	Since   time.Time
	Turn    int64
	Rule    Rule
	Author  string
}

// check says what is wrong with a rule of an event type, and drops what its kind does not need.
func (r *Rule) check(p Program, event string) error {
	var of, about *problem.Problem
	if !p.Accepts(event) {
		about = problem.Wrong("event", "event_type_unknown", "%s has no event type %q", p.Name, event)
	}
	switch r.Kind {
	case AtOnce, ByVerdict:
		*r = Rule{Kind: r.Kind}
	case ByEvent:
		*r = Rule{Kind: ByEvent, Event: r.Event}
		if !p.Accepts(r.Event) || r.Event == event {
			of = problem.Invalid("after", "%q is not another event type of %s", r.Event, p.Name)
		}
	case ByDays:
		*r = Rule{Kind: ByDays, Days: r.Days}
		if r.Days < 1 || r.Days > ruleDaysMost {
			of = problem.Invalid("days", "the days without a refund are between 1 and %d", ruleDaysMost)
		}
	default:
		of = problem.Invalid("rule", "%q is not a rule; there are at_once, verdict, event and days", string(r.Kind))
	}
	return problem.Join(about, of)
}

// SetQualifying adds the rule of an event type from a moment on, and from now on for the twin. It derives nothing again: that is the caller's to do.
func SetQualifying(ctx context.Context, tx *db.Tx, p Program, event string, since time.Time, r Rule, author string) (Qualifying, error) {
	if err := r.check(p, event); err != nil {
		return Qualifying{}, err
	}
	turn, err := Amend(ctx, tx, p.ID)
	if err != nil {
		return Qualifying{}, err
	}
	q := Qualifying{ID: id.New("qua", tx.Now), Program: p.ID, Event: event, Since: since.UTC().Truncate(time.Millisecond), Turn: turn, Rule: r, Author: author}
	text, err := json.Marshal(r)
	if err != nil {
		return Qualifying{}, err
	}
	_, err = db.Exec(ctx, tx, `/* program.SetQualifying */ insert into qualifying (id, program, event, since, turn, rule, author, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, q.ID, q.Program, q.Event, q.Since.UnixMilli(), q.Turn, string(text), author, tx.Now.UnixMilli())
	if err != nil {
		return Qualifying{}, err
	}
	twin, has, err := twinOf(ctx, tx, p.ID)
	if has {
		_, err = SetQualifying(ctx, tx, twin, event, fromNow(since, tx.Now), r, author)
	}
	return q, err
}

// Qualifyings are the rules of programs, in the order in which they come into force.
func Qualifyings(ctx context.Context, r db.Reader, programs []string) (map[string][]Qualifying, error) {
	var args db.Args
	list, err := db.All(ctx, r, func(row db.Row) (Qualifying, error) {
		var q Qualifying
		var since int64
		var rule string
		err := row.Scan(&q.ID, &q.Program, &q.Event, &since, &q.Turn, &rule, &q.Author)
		q.Since = time.UnixMilli(since).UTC()
		return q, errors.Join(err, json.Unmarshal([]byte(rule), &q.Rule))
	}, `/* program.Qualifyings */ select id, program, event, since, turn, rule, author from qualifying
		where program in `+args.In(programs)+` order by program, since, turn`, args.List()...)
	found := map[string][]Qualifying{}
	for _, q := range list {
		found[q.Program] = append(found[q.Program], q)
	}
	return found, err
}

// RuleAt is the rule of an event type at a moment, among those that were settled up to the turn.
func RuleAt(list []Qualifying, event string, at time.Time, turn int64) Rule {
	rule := Rule{Kind: AtOnce}
	for _, q := range list {
		if q.Event == event && !q.Since.After(at) && q.Turn <= turn {
			rule = q.Rule
		}
	}
	return rule
}
