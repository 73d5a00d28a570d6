package commission

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

const (
	decideMost = 200  // commissions in one call
	noteMost   = 1000 // letters
)

// NewDecision is a decision as a person gives it, about one commission or many.
type NewDecision struct {
	Kind   Kind
	Reason string // of HoldReasons or conversion.Reasons; empty: other. A release and an approval have none
	Note   string
	Author string
}

// Decided is what became of a decision about one commission.
type Decided struct {
	Commission Commission
	Already    bool // it was so before, by an earlier decision, and nothing was written
}

// read checks a decision.
func (n NewDecision) read() (NewDecision, error) {
	var kindFault, reasonFault, noteFault *problem.Problem
	switch n.Kind {
	case ToReverse:
		n.Reason, reasonFault = conversion.ReadReason(n.Reason, "other")
	case ToHold:
		if n.Reason == "" {
			n.Reason = "other"
		}
		if !slices.Contains(HoldReasons, n.Reason) {
			reasonFault = problem.Invalid("reason", "%.60q is not a reason to hold; there are %s", n.Reason, strings.Join(HoldReasons, ", "))
		}
	case ToRelease, ToApprove:
		if n.Reason != "" {
			reasonFault = problem.Invalid("reason", "only a hold and a reversal have a reason; write a note")
		}
	default:
		kindFault = problem.Invalid("decision", "%.60q is no decision; there are approve, hold, release and reverse", string(n.Kind))
	}
	if n.Note = strings.TrimSpace(n.Note); len([]rune(n.Note)) > noteMost {
		noteFault = problem.Wrong("note", "decision_note_invalid", "a note has at most %d letters", noteMost)
	}
	return n, problem.Join(kindFault, reasonFault, noteFault)
}

// DecideOn decides about up to 200 commissions at once. Each has a result of its own, in order; what is refused stops no
// other. The same decision given again changes nothing.
func DecideOn(ctx context.Context, tx *db.Tx, keys touch.Keys, ids []string, n NewDecision) ([]db.Result[Decided], error) {
	n, err := n.read()
	if err != nil {
		return nil, err
	}
	if len(ids) > decideMost {
		return nil, problem.Invalid("commissions", "a decision is about at most %d commissions, not %d", decideMost, len(ids))
	}
	first, err := inOrder(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	programs, err := take(ctx, tx, first, func(c Commission) string { return c.Program })
	if err != nil {
		return nil, err
	}
	now, err := inOrder(ctx, tx, ids) // as they stand now that nobody else can change them
	if err != nil {
		return nil, err
	}
	results := make(map[string]db.Result[Decided], len(ids))
	for _, p := range programs.inOrder() {
		list := slices.DeleteFunc(slices.Clone(now), func(c Commission) bool { return c.Program != p.ID })
		if err := decideIn(ctx, tx, keys, p, list, n, results); err != nil {
			return nil, err
		}
	}
	after, err := Named(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]db.Result[Decided], len(ids))
	for i, id := range ids {
		c, ok := after[id]
		if !ok {
			list[i].Err = problem.NotFound("commission", id)
			continue
		}
		list[i] = results[id]
		list[i].Value.Commission = c
	}
	return list, nil
}

// inOrder are the commissions with the ids, each once.
func inOrder(ctx context.Context, r db.Reader, ids []string) ([]Commission, error) {
	found, err := Named(ctx, r, ids)
	return slices.SortedFunc(maps.Values(found), func(a, b Commission) int { return strings.Compare(a.ID, b.ID) }), err
}

// decideIn decides about commissions of one program.
func decideIn(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, list []Commission, n NewDecision, results map[string]db.Result[Decided]) error {
	conversions := make([]string, len(list))
	for i, c := range list {
		conversions[i] = c.Conversion
	}
	conversions = slices.Compact(slices.Sorted(slices.Values(conversions)))
	before, err := Decisions(ctx, tx, conversions)
	if err != nil {
		return err
	}
	var rows [][]any
	var subjects, changed []string
	for _, c := range list {
		already, err := n.fits(c, before[c.Conversion])
		results[c.ID] = db.Result[Decided]{Value: Decided{Already: already}, Err: err}
		if already || err != nil {
			continue
		}
		rows = append(rows, Decision{ID: id.New("dec", tx.Now), Program: p.ID, Conversion: c.Conversion, Partnership: c.Partnership, Kind: n.Kind,
			Reason: n.Reason, Note: n.Note, Author: n.Author, At: tx.Now, Turn: p.turn}.row())
		subjects, changed = append(subjects, c.ID), append(changed, c.Conversion)
	}
	if len(rows) == 0 {
		return nil
	}
	if err := db.InsertLater(ctx, tx, `/* commission.DecideOn */ insert into decision (`+decisionColumns+`)`, rows, ""); err != nil {
		return err
	}
	changed = slices.Compact(slices.Sorted(slices.Values(changed)))
	if err := again(ctx, tx, keys, p, changed, nil, nil); err != nil || n.Kind != ToApprove {
		return err
	}
	return approve(ctx, tx, p, subjects)
}

// approve locks commissions before their day.
func approve(ctx context.Context, tx *db.Tx, p atTurn, ids []string) error {
	list, err := inOrder(ctx, tx, ids)
	if err != nil {
		return err
	}
	events := make([]event.New, len(list))
	for i, c := range list {
		events[i] = event.New{Kind: event.CommissionApproved, Brand: p.Brand, Program: p.ID, Subject: c.ID,
			Data: map[string]any{"conversion": c.Conversion, "partnership": c.Partnership, "amount": c.Amount}}
	}
	if err := event.Append(ctx, tx, events...); err != nil {
		return err
	}
	return lock(ctx, tx, p, list)
}

// fits tells whether the decision can be made about a commission as it stands, or is made already.
func (n NewDecision) fits(c Commission, decisions []Decision) (already bool, err error) {
	last := lastOf(decisions, c.Partnership)
	locked := !c.Matured.IsZero()
	switch {
	case last.Kind == ToReverse && n.Kind == ToReverse:
		return true, nil
	case n.Kind == ToReverse:
		return false, nil
	case n.Kind == ToApprove && locked && last.Kind == ToApprove, n.Kind == ToHold && !locked && last.Kind == ToHold && c.State == Held,
		n.Kind == ToRelease && last.Kind == ToRelease:
		return true, nil
	case c.State == Reversed:
		return false, problem.Conflict("commission_reversed", "the commission is reversed: there is nothing to %s", n.Kind)
	case locked && n.Kind == ToApprove:
		return false, problem.Conflict("commission_locked", "the commission is locked already, and needs no approval")
	case locked:
		return false, problem.Conflict("commission_locked", "the commission is locked already: it can only be reversed")
	case n.Kind == ToRelease && c.State != Held:
		return false, problem.Conflict("commission_not_held", "the commission is not held")
	}
	return false, nil
}

// Reverse takes a commission back by hand, at any time. What the partner was paid already becomes a debt.
func Reverse(ctx context.Context, tx *db.Tx, keys touch.Keys, commission, reason, note, author string) (Commission, error) {
	list, err := DecideOn(ctx, tx, keys, []string{commission}, NewDecision{Kind: ToReverse, Reason: reason, Note: note, Author: author})
	if err != nil {
		return Commission{}, err
	}
	return list[0].Value.Commission, list[0].Err
}
