package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
)

// reverseCommission takes a commission back by hand.
func (s *site) reverseCommission(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := commission.Reverse(ctx, tx, s.keys, v.commission.ID, v.PostFormValue("why"), v.reason(), v.person.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/conversions/"+v.commission.Conversion, "reversed"), nil
}
