package conversion

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// The verdicts on a conversion.
const (
	Qualified    = "qualified"
	Disqualified = "disqualified"
)

// NewVerdict says that a conversion qualifies, or does not. It may come before the conversion.
type NewVerdict struct {
	Program string // id
	Event   string // empty: lead
	Order   string
	Verdict string // Qualified or Disqualified
	At      time.Time
	Reason  string // in the shop's own words
	Author  string
	Test    bool // on a conversion of the program's twin
}

// Verdict is the fact that is kept.
type Verdict struct {
	ID      string
	Program string
	Event   string
	Order   string
	Verdict string
	At      time.Time
	Turn    int64
	Reason  string
	Author  string
}

// ReadVerdict checks a report against its program and makes the fact of it.
func ReadVerdict(n NewVerdict, p program.Program, now time.Time) (Verdict, error) {
	v := Verdict{ID: id.New("vrd", now), Program: p.ID, Event: n.Event, Order: strings.TrimSpace(n.Order), Verdict: n.Verdict,
		At: n.At.UTC().Truncate(time.Millisecond), Reason: strings.TrimSpace(n.Reason), Author: n.Author}
	if v.Event == "" {
		v.Event = "lead"
	}
	if n.At.IsZero() {
		v.At = now
	}
	var fault *problem.Problem
	if v.Verdict != Qualified && v.Verdict != Disqualified {
		fault = problem.Invalid("verdict", "%q is neither %s nor %s", cut(v.Verdict), Qualified, Disqualified)
	}
	return v, problem.Join(checkEvent(p, v.Event), checkOrder(v.Order), fault, checkAt(v.At, now), checkText("reason", v.Reason))
}

// LastVerdict is the verdict that holds: the latest by the shop's time. Of two at one moment the one against it does.
func LastVerdict(list []Verdict) (last Verdict) {
	for _, v := range list {
		if last.ID == "" || v.At.After(last.At) || v.At.Equal(last.At) && v.Verdict == Disqualified {
			last = v
		}
	}
	return last
}

const verdictColumns = "id, program, event, order_id, verdict, at, turn, reason, author"

func scanVerdict(row db.Row) (Verdict, error) {
	var v Verdict
	var at int64
	err := row.Scan(&v.ID, &v.Program, &v.Event, &v.Order, &v.Verdict, &at, &v.Turn, &v.Reason, &v.Author)
	v.At = time.UnixMilli(at).UTC()
	return v, err
}

// InsertVerdicts keeps verdicts. The result has for each, in order, the fact as it is kept: of a second report the first.
func InsertVerdicts(ctx context.Context, tx *db.Tx, list []Verdict) ([]db.Result[Kept[Verdict]], error) {
	rows := make([][]any, len(list))
	for i, v := range list {
		rows[i] = []any{v.ID, v.Program, v.Event, v.Order, v.Verdict, v.At.UnixMilli(), v.Turn, v.Reason, v.Author}
	}
	written, err := db.InsertReturning(ctx, tx, db.Value[string], `/* conversion.InsertVerdicts */ insert into verdict (`+verdictColumns+`)`, rows,
		`on conflict (order_id, at, verdict, program, event) do nothing returning id`)
	if err != nil {
		return nil, err
	}
	return settle(list, written, func(v Verdict) string { return v.ID },
		func(v Verdict) (Verdict, error) {
			return db.One(ctx, tx, scanVerdict, `/* conversion.InsertVerdicts */ select `+verdictColumns+` from verdict
				where program = $1 and event = $2 and order_id = $3 and at = $4 and verdict = $5`, v.Program, v.Event, v.Order, v.At.UnixMilli(), v.Verdict)
		},
		func(Verdict, Verdict) error { return nil })
}

// VerdictsOf are the verdicts on orders of a program, by event and order as OrderKey spells them, in the shop's order of time.
func VerdictsOf(ctx context.Context, r db.Reader, program string, orders []string) (map[string][]Verdict, error) {
	found := map[string][]Verdict{}
	err := db.Batches(orders, 500, func(orders []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanVerdict, `/* conversion.VerdictsOf */ select `+verdictColumns+` from verdict
			where program = `+args.Add(program)+` and order_id in `+args.In(orders)+` order by at, id`, args.List()...)
		for _, v := range list {
			key := OrderKey(v.Event, v.Order)
			found[key] = append(found[key], v)
		}
		return err
	})
	return found, err
}
