package commission

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// Totals are what a list of conversions comes to.
type Totals struct {
	Conversions int64
	Amount      int64 // minor units: what refunds have left of their amounts
	Commission  int64 // and the commissions of them that the list asks for
	More        bool  // there are more than are counted, so the rest says nothing
}

// TotalsMost is how many conversions are counted: of a large program nobody waits for a sum that the overview has as well.
const TotalsMost = 10_000

// Total counts the conversions that are wanted, whatever page of them is.
func Total(ctx context.Context, r db.Reader, w Wanted) (t Totals, err error) {
	found, some, err := w.found(ctx, r)
	if err != nil || !some {
		return t, err
	}
	var counted db.Args
	from, where, id := w.along(&counted, found)
	n, err := db.One(ctx, r, db.Value[int64], `/* commission.Total */ select count(*) from (select `+id+` from `+from+`
		where `+strings.Join(where, " and ")+` limit `+counted.Add(TotalsMost+1)+`) counted`, counted.List()...)
	if err != nil || n > TotalsMost {
		return Totals{Conversions: min(n, TotalsMost), More: n > TotalsMost}, err
	}
	var args db.Args
	from, where, id = w.along(&args, found)
	of := []string{"o.conversion = " + id}
	if w.State != "" {
		of = append(of, "o.state = "+args.Add(string(w.State)))
	}
	if w.Partnership != "" {
		of = append(of, "o.partnership = "+args.Add(w.Partnership))
	}
	if !w.Final.IsZero() {
		of = append(of, "o.matured = 0 and o.matures < "+args.Add(w.Final.UnixMilli()))
	}
	return db.One(ctx, r, func(row db.Row) (Totals, error) {
		var t Totals
		err := row.Scan(&t.Conversions, &t.Amount, &t.Commission)
		return t, err
	}, `/* commission.Total */ select count(*), cast(coalesce(sum(net), 0) as bigint), cast(coalesce(sum(earned), 0) as bigint) from (
		select t.net, (select cast(coalesce(sum(o.amount), 0) as bigint) from commission o where `+strings.Join(of, " and ")+`) as earned
		from `+from+` join derivation t on t.conversion = `+id+` where `+strings.Join(where, " and ")+`) summed`, args.List()...)
}

// Nets are what refunds and edits have left of conversions, in minor units, by id.
func Nets(ctx context.Context, r db.Reader, conversions []string) (map[string]int64, error) {
	type net struct {
		conversion string
		amount     int64
	}
	found := make(map[string]int64, len(conversions))
	err := db.Batches(conversions, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, func(row db.Row) (n net, err error) {
			err = row.Scan(&n.conversion, &n.amount)
			return n, err
		},
			`/* commission.Nets */ select conversion, net from derivation where conversion in `+args.In(ids), args.List()...)
		for _, n := range list {
			found[n.conversion] = n.amount
		}
		return err
	})
	return found, err
}
