package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// GiveCode gives a promo code to a partnership, and derives again the sales of the same minute that used it already.
func GiveCode(ctx context.Context, tx *db.Tx, keys touch.Keys, prog, partnership, code string) (creative.Code, error) {
	c, err := creative.CreateCode(ctx, tx, prog, partnership, code)
	if err != nil {
		return c, err
	}
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return c, err
	}
	recent, err := db.All(ctx, tx, func(row db.Row) (conversion.Conversion, error) {
		var sale conversion.Conversion
		err := row.Scan(&sale.ID, &sale.Code)
		return sale, err
	}, `/* commission.GiveCode */ select c.id, c.code from conversion c join derivation d on d.conversion = c.id
		where c.program = $1 and c.at >= $2 and c.code <> '' and d.locked = 0 order by c.id`, prog, c.Created.Add(-skew).UnixMilli())
	if err != nil {
		return c, err
	}
	var ids []string
	for _, sale := range recent {
		if slices.Contains(sale.Codes(), c.Code) {
			ids = append(ids, sale.ID)
		}
	}
	return c, again(ctx, tx, keys, p, ids, nil, nil)
}
