package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// GiveCode gives a promo code to a partnership, and derives again the sales of the same minute that used it already.
func GiveCode(ctx context.Context, tx *db.Tx, keys touch.Keys, prog, partnership, code string) (creative.Code, error) {
	c, err := creative.CreateCode(ctx, tx, prog, partnership, code)
	if err != nil {
		return c, err
	}
	return c, againWith(ctx, tx, keys, prog, c.Code, c.Created)
}

// StandCode gives a code another standing from a moment on – another partner, suspended, bound to visits, or none of these any more
// – and derives again the orders since then that used it.
func StandCode(ctx context.Context, tx *db.Tx, keys touch.Keys, s creative.Standing) (creative.Standing, error) {
	s, err := creative.Stand(ctx, tx, s)
	if err != nil {
		return s, err
	}
	return s, againWith(ctx, tx, keys, s.Program, s.Code, s.Since)
}

// againWith derives again the orders since a moment that used a code.
func againWith(ctx context.Context, tx *db.Tx, keys touch.Keys, prog, code string, since time.Time) error {
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return err
	}
	ids, err := db.All(ctx, tx, db.Value[string], `/* commission.againWith */
		select c.id from conversion c join derivation d on d.conversion = c.id
		where c.program = $1 and c.at >= $2 and c.code = $3 and c.code <> '' and d.locked = 0
		union select c.id from conversion_code m join conversion c on c.id = m.conversion join derivation d on d.conversion = c.id
		where m.program = $1 and c.at >= $2 and m.code = $3 and d.locked = 0 order by 1`, prog, since.Add(-skew).UnixMilli(), code)
	if err != nil {
		return err
	}
	return db.Batches(ids, 500, func(ids []string) error { return again(ctx, tx, keys, p, ids, nil, nil) })
}

// DecideCodes decides what codes count for from a moment on, and derives again what that can change.
func DecideCodes(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, since time.Time, c program.CodeCredit, author string) (program.CodePolicy, error) {
	policy, err := program.DecideCodes(ctx, tx, prog, since, c, author)
	if err != nil {
		return policy, err
	}
	_, err = againSince(ctx, tx, keys, prog, since)
	return policy, err
}
