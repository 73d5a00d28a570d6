package commission

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

const commissionColumns = `id, conversion, program, partnership, at, amount, settled, currency, state, matures, matured, seq, reason, created, updated`

func scanCommission(row db.Row) (Commission, error) {
	var c Commission
	var at, matures, matured, created, updated int64
	err := row.Scan(&c.ID, &c.Conversion, &c.Program, &c.Partnership, &at, &c.Amount.Minor, &c.Settled, &c.Amount.Currency, &c.State,
		&matures, &matured, &c.Seq, &c.Reason, &created, &updated)
	c.At, c.Matures, c.Created, c.Updated = moment(at), moment(matures), moment(created), moment(updated)
	if matured > 0 {
		c.Matured = moment(matured)
	}
	return c, err
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func (c Commission) row() []any {
	var matured int64
	if !c.Matured.IsZero() {
		matured = c.Matured.UnixMilli()
	}
	return []any{c.ID, c.Conversion, c.Program, c.Partnership, c.At.UnixMilli(), c.Amount.Minor, c.Settled, string(c.Amount.Currency), string(c.State),
		c.Matures.UnixMilli(), matured, c.Seq, c.Reason, c.Created.UnixMilli(), c.Updated.UnixMilli()}
}

// Of are the commissions of conversions, by conversion.
func Of(ctx context.Context, r db.Reader, conversions []string) (map[string][]Commission, error) {
	found := map[string][]Commission{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanCommission, `/* commission.Of */ select `+commissionColumns+` from commission
			where conversion in `+args.In(conversions)+` order by id`, args.List()...)
		for _, c := range list {
			found[c.Conversion] = append(found[c.Conversion], c)
		}
		return err
	})
	return found, err
}

// Get is the commission with the id.
func Get(ctx context.Context, r db.Reader, id string) (Commission, error) {
	c, err := db.One(ctx, r, scanCommission, `/* commission.Get */ select `+commissionColumns+` from commission where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, problem.NotFound("commission", id)
	}
	return c, err
}

// Explain is why a conversion's cents went where they went.
func Explain(ctx context.Context, r db.Reader, conversion string) (Explanation, error) {
	found, err := Explanations(ctx, r, []string{conversion})
	if err != nil {
		return Explanation{}, err
	}
	e, ok := found[conversion]
	if !ok {
		return e, problem.NotFound("conversion", conversion)
	}
	return e, nil
}

// Explanations are those of several conversions, by conversion.
func Explanations(ctx context.Context, r db.Reader, conversions []string) (map[string]Explanation, error) {
	derivations, err := derivationsOf(ctx, r, conversions)
	found := make(map[string]Explanation, len(derivations))
	for id, d := range derivations {
		found[id] = d.explanation
	}
	return found, err
}

// Filter narrows a list of commissions. Empty fields do not.
type Filter struct {
	Program     string
	Partnership string
	State       State
	From, To    time.Time // of the conversion; To is not included
	Before      string    // the id after which the page begins; newest first
	Limit       int
}

func (f Filter) where(args *db.Args) string {
	var where []string
	if f.Partnership != "" {
		where = append(where, "partnership = "+args.Add(f.Partnership))
	}
	if f.Program != "" {
		where = append(where, "program = "+args.Add(f.Program))
	}
	if f.State != "" {
		where = append(where, "state = "+args.Add(string(f.State)))
	}
	if !f.From.IsZero() {
		where = append(where, "at >= "+args.Add(f.From.UnixMilli()))
	}
	if !f.To.IsZero() {
		where = append(where, "at < "+args.Add(f.To.UnixMilli()))
	}
	if f.Before != "" {
		where = append(where, "id < "+args.Add(f.Before))
	}
	if where == nil {
		return "1 = 1"
	}
	return strings.Join(where, " and ")
}

// List are commissions, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Commission, error) {
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanCommission, `/* commission.List */ select `+commissionColumns+` from commission where `+where+
		` order by id desc limit `+args.Add(f.Limit), args.List()...)
}

// Sum is what commissions of one kind come to.
type Sum struct {
	Name   string // a partnership or a state
	Count  int64
	Amount int64 // minor units of the program's currency
}

func scanSum(row db.Row) (Sum, error) {
	var s Sum
	err := row.Scan(&s.Name, &s.Count, &s.Amount)
	return s, err
}

// ByPartnership sums the commissions of each partnership, those reversed left out, the largest first.
func ByPartnership(ctx context.Context, r db.Reader, f Filter) ([]Sum, error) {
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanSum, `/* commission.ByPartnership */ select partnership, count(*), cast(sum(amount) as bigint) as sum from commission
		where state <> 'reversed' and `+where+` group by partnership order by sum desc, partnership`, args.List()...)
}

// ByState sums the commissions in each state.
func ByState(ctx context.Context, r db.Reader, f Filter) ([]Sum, error) {
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanSum, `/* commission.ByState */ select state, count(*), cast(sum(amount) as bigint) from commission
		where `+where+` group by state order by state`, args.List()...)
}
