package commission

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// RejudgeMost is how many touches are judged again in one call.
const RejudgeMost = 1000

// NewJudgement is a person's judgement of touches.
type NewJudgement struct {
	Counts bool
	Reason string
	Author string
}

// Rejudged is what came of a judgement.
type Rejudged struct {
	Touches     int   // for which it is different from before
	Already     int   // that were judged so before
	Conversions int   // in whose commissions something changed
	Delta       int64 // minor units of the program's currency: what partners earn more, or less
	Final       int   // conversions whose shares are final, so that the judgement comes too late for them
}

// Rejudge decides whether touches of a program count, and derives again every conversion that they can change. Shares that
// are final stay. The same judgement given again changes nothing.
func Rejudge(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, ids []string, n NewJudgement) (Rejudged, error) {
	n.Reason = strings.TrimSpace(n.Reason)
	switch {
	case len([]rune(n.Reason)) > noteMost:
		return Rejudged{}, problem.Invalid("reason", "a reason has at most %d letters", noteMost)
	case len(ids) > RejudgeMost:
		return Rejudged{}, problem.Invalid("touches", "a judgement is about at most %d touches, not %d", RejudgeMost, len(ids))
	}
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return Rejudged{}, err
	}
	touches, err := theirs(ctx, tx, prog, ids)
	if err != nil {
		return Rejudged{}, err
	}
	changed, err := touch.Rejudge(ctx, tx, p.turn, touches, n.Counts, n.Reason, n.Author)
	if err != nil || len(changed) == 0 {
		return Rejudged{Already: len(touches)}, err
	}
	met := map[string][]time.Time{}
	for _, t := range changed {
		met[t.Who] = append(met[t.Who], t.At)
	}
	sales, err := salesAfter(ctx, tx, prog, met)
	if err != nil {
		return Rejudged{}, err
	}
	out := Rejudged{Touches: len(changed), Already: len(touches) - len(changed)}
	return out, out.rederive(ctx, tx, keys, p, slices.Compact(slices.Sorted(slices.Values(sales))))
}

// theirs are the program's touches with the ids, in one order for everybody.
func theirs(ctx context.Context, r db.Reader, prog string, ids []string) ([]touch.Touch, error) {
	found, err := touch.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var list []touch.Touch
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		t, ok := found[id]
		if !ok || t.Program != prog {
			return nil, problem.NotFound("touch", id)
		}
		list = append(list, t)
	}
	return list, nil
}

// rederive derives conversions again and tells what is different then.
func (out *Rejudged) rederive(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, sales []string) error {
	derived, err := derivationsOf(ctx, tx, sales)
	if err != nil {
		return err
	}
	for _, d := range derived {
		if d.locked > 0 {
			out.Final++
		}
	}
	before, err := Of(ctx, tx, sales)
	if err != nil {
		return err
	}
	if err := again(ctx, tx, keys, p, sales, nil, nil); err != nil {
		return err
	}
	after, err := Of(ctx, tx, sales)
	if err != nil {
		return err
	}
	for _, sale := range sales {
		earned := map[string]int64{}
		for _, c := range before[sale] {
			earned[c.Partnership] -= c.Amount.Minor
		}
		for _, c := range after[sale] {
			earned[c.Partnership] += c.Amount.Minor
		}
		different := false
		for _, delta := range earned {
			different = different || delta != 0
			out.Delta += delta
		}
		if different {
			out.Conversions++
		}
	}
	return nil
}

// asJudged gives touches the marks that they had at a turn.
func asJudged(touches []touch.Touch, judged map[string][]touch.Judgement, turn int64) {
	if turn == program.Always {
		return
	}
	for i, t := range touches {
		touches[i].Mark = touch.MarkAt(judged[t.ID], t.Mark, turn)
	}
}
