package conversion

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// NewEdit is what an order became, as a stranger reports it. It says the whole order anew, not what is different, and may come
// before the order.
type NewEdit struct {
	Program  string // id
	Event    string // empty: sale
	Order    string
	Edit     string // the shop's number of the edit
	At       time.Time
	Amount   string
	Currency string
	Detail   NewDetail
	Reason   string // in the shop's own words
	Author   string
	Test     bool // of an order of the program's twin
}

// Edit is the fact that is kept.
type Edit struct {
	ID      string
	Program string
	Event   string
	Order   string
	Edit    string
	At      time.Time
	Turn    int64
	Amount  money.Amount
	Detail  Detail
	Reason  string
	Author  string
}

// ReadEdit checks a report against its program and makes the fact of it.
func ReadEdit(n NewEdit, p program.Program, now time.Time) (Edit, error) {
	e := Edit{ID: id.New("edt", now), Program: p.ID, Event: n.Event, Order: strings.TrimSpace(n.Order), Edit: strings.TrimSpace(n.Edit),
		At: n.At.UTC().Truncate(time.Millisecond), Reason: strings.TrimSpace(n.Reason), Author: n.Author}
	if e.Event == "" {
		e.Event = "sale"
	}
	if n.At.IsZero() {
		e.At = now
	}
	var missing *problem.Problem
	if e.Edit == "" {
		missing = problem.Wrong("edit_id", "edit_id_missing", "an edit needs an id, so that a second report of it is not taken twice")
	}
	amount, detail, faults := readOrder(n.Amount, n.Currency, n.Detail, p, true)
	e.Amount, e.Detail = amount, detail
	return e, problem.Join(append([]*problem.Problem{checkEvent(p, e.Event), checkOrder(e.Order), missing, checkText("edit_id", e.Edit),
		checkAt(e.At, now), checkText("reason", e.Reason)}, faults...)...)
}

// TermsOf is what an order comes to now: the latest edit by the shop's time holds, whenever it became known.
func TermsOf(c Conversion, edits []Edit) Terms {
	t := Terms{Amount: c.Amount.Minor, Detail: c.Detail}
	var last Edit
	for _, e := range edits {
		if last.ID == "" || e.At.After(last.At) || e.At.Equal(last.At) && e.Edit > last.Edit {
			last = e
		}
	}
	if last.ID != "" {
		t = Terms{Amount: last.Amount.Minor, Detail: last.Detail, Edit: last.ID}
		if t.Detail.Buyer == "" { // an edit is about what was ordered; who ordered, and the shop's own fields, stay
			t.Detail.Buyer = c.Detail.Buyer
		}
		if t.Detail.Fields == nil {
			t.Detail.Fields = c.Detail.Fields
		}
	}
	return t
}

const editColumns = "id, program, event, order_id, edit_id, at, turn, amount, currency, detail, reason, author"

func scanEdit(row db.Row) (Edit, error) {
	var e Edit
	var at int64
	var detail string
	err := row.Scan(&e.ID, &e.Program, &e.Event, &e.Order, &e.Edit, &at, &e.Turn, &e.Amount.Minor, &e.Amount.Currency, &detail, &e.Reason, &e.Author)
	e.At = time.UnixMilli(at).UTC()
	if err == nil {
		e.Detail, err = detailOf(detail)
	}
	return e, err
}

// InsertEdits keeps edits. The result has for each, in order, the fact as it is kept: of a second report the first.
func InsertEdits(ctx context.Context, tx *db.Tx, list []Edit) ([]db.Result[Kept[Edit]], error) {
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{e.ID, e.Program, e.Event, e.Order, e.Edit, e.At.UnixMilli(), e.Turn, e.Amount.Minor, string(e.Amount.Currency), e.Detail.text(), e.Reason, e.Author}
	}
	written, err := db.InsertReturning(ctx, tx, db.Value[string], `/* conversion.InsertEdits */ insert into order_edit (`+editColumns+`)`, rows,
		`on conflict (order_id, edit_id, program, event) do nothing returning id`)
	if err != nil {
		return nil, err
	}
	return settle(list, written, func(e Edit) string { return e.ID },
		func(e Edit) (Edit, error) {
			return db.One(ctx, tx, scanEdit, `/* conversion.InsertEdits */ select `+editColumns+` from order_edit
				where program = $1 and event = $2 and order_id = $3 and edit_id = $4`, e.Program, e.Event, e.Order, e.Edit)
		},
		func(kept, again Edit) error {
			if kept.Amount != again.Amount || kept.Detail.text() != again.Detail.text() {
				return problem.Conflict("edit_differs", "edit %q of order %q was reported before with other content", again.Edit, again.Order)
			}
			return nil
		})
}

// EditsOf are the edits of orders of a program, by event and order as OrderKey spells them, in the shop's order of time.
func EditsOf(ctx context.Context, r db.Reader, program string, orders []string) (map[string][]Edit, error) {
	found := map[string][]Edit{}
	err := db.Batches(orders, 500, func(orders []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanEdit, `/* conversion.EditsOf */ select `+editColumns+` from order_edit
			where program = `+args.Add(program)+` and order_id in `+args.In(orders)+` order by at, edit_id`, args.List()...)
		for _, e := range list {
			key := OrderKey(e.Event, e.Order)
			found[key] = append(found[key], e)
		}
		return err
	})
	return found, err
}
