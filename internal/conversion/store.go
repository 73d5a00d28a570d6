package conversion

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

const conversionColumns = `id, program, event, order_id, at, received, turn, amount, currency, who, click, visitor, customer, email, code, source, detail`

func scanConversion(row db.Row) (Conversion, error) {
	var c Conversion
	var at, received int64
	var detail string
	err := row.Scan(&c.ID, &c.Program, &c.Event, &c.Order, &at, &received, &c.Turn, &c.Amount.Minor, &c.Amount.Currency, &c.Who,
		&c.Click, &c.Visitor, &c.Customer, &c.Email, &c.Code, &c.Source, &detail)
	c.At, c.Received = time.UnixMilli(at).UTC(), time.UnixMilli(received).UTC()
	if err == nil {
		c.Detail, err = detailOf(detail)
	}
	return c, err
}

// Kept is a fact as it stands in the database, and whether it had been there before.
type Kept[T any] struct {
	Fact      T
	Duplicate bool
}

// Insert keeps conversions. The result has for each, in order, the fact as it is kept: of an order that was known before as it
// stands. What the second report adds is for Weigh to say.
func Insert(ctx context.Context, tx *db.Tx, list []Conversion) ([]db.Result[Kept[Conversion]], error) {
	rows := make([][]any, len(list))
	for i, c := range list {
		rows[i] = []any{c.ID, c.Program, c.Event, c.Order, c.At.UnixMilli(), c.Received.UnixMilli(), c.Turn, c.Amount.Minor, string(c.Amount.Currency),
			c.Who, c.Click, c.Visitor, c.Customer, c.Email, c.Code, string(c.Source), c.Detail.text()}
	}
	written, err := db.InsertReturning(ctx, tx, db.Value[string], `/* conversion.Insert */ insert into conversion (`+conversionColumns+`)`, rows,
		`on conflict (order_id, program, event) do nothing returning id`)
	if err != nil {
		return nil, err
	}
	results, err := settle(list, written, func(c Conversion) string { return c.ID },
		func(c Conversion) (Conversion, error) { return ByOrder(ctx, tx, c.Program, c.Event, c.Order) },
		func(Conversion, Conversion) error { return nil })
	if err != nil {
		return nil, err
	}
	var fresh []Conversion
	for _, r := range results {
		if !r.Value.Duplicate {
			fresh = append(fresh, r.Value.Fact)
		}
	}
	if err := keepCodes(ctx, tx, slices.DeleteFunc(slices.Clone(fresh), func(c Conversion) bool { return !strings.Contains(c.Code, ",") })); err != nil {
		return nil, err
	}
	return results, keepFields(ctx, tx, fresh)
}

// keepCodes makes orders findable by each of their promo codes where the column of the one code does not do it: where they have
// several, or several reports.
func keepCodes(ctx context.Context, tx *db.Tx, list []Conversion) error {
	var rows [][]any
	for _, c := range list {
		for _, code := range c.Codes() {
			rows = append(rows, []any{code, c.Program, c.ID})
		}
	}
	return db.InsertLater(ctx, tx, `/* conversion.keepCodes */ insert into conversion_code (code, program, conversion)`, rows, `on conflict do nothing`)
}

// keepFields makes conversions findable by the values of their own fields.
func keepFields(ctx context.Context, tx *db.Tx, list []Conversion) error {
	var rows [][]any
	for _, c := range list {
		for _, value := range c.Detail.Fields {
			if value != "" {
				rows = append(rows, []any{value, c.Program, c.ID})
			}
		}
	}
	return db.InsertLater(ctx, tx, `/* conversion.keepFields */ insert into conversion_field (value, program, conversion)`, rows, `on conflict do nothing`)
}

// settle answers an insert that left out what had been there: the first report is found, and compared with the second.
func settle[T any](list []T, written []string, idOf func(T) string, find func(T) (T, error), compare func(kept, again T) error) ([]db.Result[Kept[T]], error) {
	isNew := make(map[string]bool, len(written))
	for _, id := range written {
		isNew[id] = true
	}
	results := make([]db.Result[Kept[T]], len(list))
	for i, fact := range list {
		if isNew[idOf(fact)] {
			results[i].Value = Kept[T]{Fact: fact}
			continue
		}
		kept, err := find(fact)
		if err != nil {
			return nil, err
		}
		results[i] = db.Result[Kept[T]]{Value: Kept[T]{kept, true}, Err: compare(kept, fact)}
	}
	return results, nil
}

// ByOrder is the conversion of an order.
func ByOrder(ctx context.Context, r db.Reader, program, event, order string) (Conversion, error) {
	c, err := db.One(ctx, r, scanConversion, `/* conversion.ByOrder */ select `+conversionColumns+` from conversion
		where program = $1 and event = $2 and order_id = $3`, program, event, order)
	if errors.Is(err, db.ErrNone) {
		return c, problem.NotFound("order", order)
	}
	return c, err
}

// Get is the conversion with the id.
func Get(ctx context.Context, r db.Reader, id string) (Conversion, error) {
	c, err := db.One(ctx, r, scanConversion, `/* conversion.Get */ select `+conversionColumns+` from conversion where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, problem.NotFound("conversion", id)
	}
	return c, err
}

// Named are the conversions with the ids, in no order.
func Named(ctx context.Context, r db.Reader, ids []string) ([]Conversion, error) {
	var all []Conversion
	err := db.Batches(ids, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanConversion, `/* conversion.Named */ select `+conversionColumns+` from conversion where id in `+args.In(ids), args.List()...)
		all = append(all, list...)
		return err
	})
	return all, err
}

// By are the conversions of persons, named by their keys, from a moment on.
func By(ctx context.Context, r db.Reader, program string, who []string, from time.Time) ([]Conversion, error) {
	var all []Conversion
	err := db.Batches(who, 500, func(who []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanConversion, `/* conversion.By */ select `+conversionColumns+` from conversion
			where program = `+args.Add(program)+` and who in `+args.In(who)+` and at + 0 >= `+args.Add(from.UnixMilli()), args.List()...) // + 0: by who, not by time
		all = append(all, list...)
		return err
	})
	return all, err
}
