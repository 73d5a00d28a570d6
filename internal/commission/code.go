package commission

import (
	"context"

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
	ids, err := db.All(ctx, tx, db.Value[string], `/* commission.GiveCode */ select c.id from conversion c join derivation d on d.conversion = c.id
		where c.program = $1 and c.at >= $2 and c.code = $3 and d.locked = 0 order by c.id`, prog, c.Created.Add(-skew).UnixMilli(), c.Code)
	if err != nil {
		return c, err
	}
	return c, again(ctx, tx, keys, p, ids, nil, nil)
}
