package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
)

// reverseCommission takes a commission back by hand.
func (s *site) reverseCommission(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.Reverse(ctx, tx, s.keys, v.commission.ID, v.PostFormValue("why"), v.reason(), v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.CommissionReverse, v.commission.ID, audit.Note("why", v.PostFormValue("why")), audit.Note("reason", v.reason()))
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/conversions/"+v.commission.Conversion, "reversed"), nil
}
