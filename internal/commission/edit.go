package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Told is what became of a fact about an order: an edit or a verdict.
type Told[T any] struct {
	Fact       T
	Conversion string // empty while the order has not been reported
	Duplicate  bool
}

// Edit keeps what orders became, and derives again what they earn. An edit may come before its order, and then waits for it.
func Edit(ctx context.Context, tx *db.Tx, keys touch.Keys, edits []conversion.NewEdit) ([]db.Result[Told[conversion.Edit]], error) {
	edits, err := apart(ctx, tx, keys, edits, editsApart)
	if err != nil {
		return nil, err
	}
	return tell(ctx, tx, keys, edits, about[conversion.NewEdit, conversion.Edit]{
		program: func(n conversion.NewEdit) string { return n.Program },
		read: func(n conversion.NewEdit, p atTurn, tx *db.Tx) (conversion.Edit, error) {
			e, err := conversion.ReadEdit(n, p.Program, tx.Now)
			e.Turn = p.turn
			return e, err
		},
		keep:  conversion.InsertEdits,
		order: func(e conversion.Edit) (string, string, string) { return e.Program, e.Event, e.Order },
		event: func(e conversion.Edit, of string) event.New {
			return event.New{Kind: event.ConversionEdited, Subject: e.ID, Data: map[string]any{"order_id": e.Order, "conversion": of, "amount": e.Amount}}
		},
	})
}

// Qualify keeps verdicts on conversions, and derives again what they earn. A verdict may come before its conversion.
func Qualify(ctx context.Context, tx *db.Tx, keys touch.Keys, verdicts []conversion.NewVerdict) ([]db.Result[Told[conversion.Verdict]], error) {
	verdicts, err := apart(ctx, tx, keys, verdicts, verdictsApart)
	if err != nil {
		return nil, err
	}
	return tell(ctx, tx, keys, verdicts, about[conversion.NewVerdict, conversion.Verdict]{
		program: func(n conversion.NewVerdict) string { return n.Program },
		read: func(n conversion.NewVerdict, p atTurn, tx *db.Tx) (conversion.Verdict, error) {
			v, err := conversion.ReadVerdict(n, p.Program, tx.Now)
			v.Turn = p.turn
			return v, err
		},
		keep:  conversion.InsertVerdicts,
		order: func(v conversion.Verdict) (string, string, string) { return v.Program, v.Event, v.Order },
		event: func(v conversion.Verdict, of string) event.New {
			kind := event.ConversionQualified
			if v.Verdict == conversion.Disqualified {
				kind = event.ConversionDisqualified
			}
			return event.New{Kind: kind, Subject: v.ID, Data: map[string]any{"order_id": v.Order, "conversion": of}}
		},
	})
}

// about is how a kind of fact about orders is read, kept and told.
type about[N, T any] struct {
	program func(N) string
	read    func(N, atTurn, *db.Tx) (T, error)
	keep    func(context.Context, *db.Tx, []T) ([]db.Result[conversion.Kept[T]], error)
	order   func(T) (program, event, order string)
	event   func(fact T, conversion string) event.New
}

// tell keeps facts about orders and derives again what they can change. What is wrong with one is that one's result.
func tell[N, T any](ctx context.Context, tx *db.Tx, keys touch.Keys, news []N, a about[N, T]) ([]db.Result[Told[T]], error) {
	results := make([]db.Result[Told[T]], len(news))
	programs, err := take(ctx, tx, news, a.program)
	if err != nil {
		return nil, err
	}
	read := make([]T, len(news))
	for i, n := range news {
		p, ok := programs[a.program(n)]
		if !ok {
			results[i].Err = problem.NotFound("program", a.program(n))
			continue
		}
		read[i], results[i].Err = a.read(n, p, tx)
	}
	good := indexesWithout(results)
	list := make([]T, len(good))
	for j, i := range good {
		list[j] = read[i]
	}
	kept, err := a.keep(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	touched, events := map[string][]string{}, []event.New(nil)
	for j, i := range good {
		fact, duplicate := kept[j].Value.Fact, kept[j].Value.Duplicate
		prog, name, order := a.order(fact)
		sale, err := conversion.ByOrder(ctx, tx, prog, name, order)
		if err != nil && problem.Code(err) != "order_unknown" {
			return nil, err
		}
		results[i] = db.Result[Told[T]]{Value: Told[T]{fact, sale.ID, duplicate}, Err: kept[j].Err}
		if duplicate {
			continue
		}
		if sale.ID != "" {
			touched[prog] = append(touched[prog], sale.ID)
		}
		e := a.event(fact, sale.ID)
		e.Brand, e.Program = programs[prog].Brand, prog
		events = append(events, e)
	}
	for _, p := range programs.inOrder() {
		if err := again(ctx, tx, keys, p, slices.Compact(slices.Sorted(slices.Values(touched[p.ID]))), nil, nil); err != nil {
			return nil, err
		}
	}
	return results, event.Append(ctx, tx, events...)
}
