package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/problem"
)

// settleBatch takes a payment service's result file and says what each of its lines did. Reloading the answer sends the same
// file again, which does nothing.
func (s *site) settleBatch(v *visit) (answer, error) {
	outcomes, err := s.settle(v)
	p, asked := problem.As(err)
	if err != nil && !asked {
		return nil, err
	}
	data, err := v.readBatch()
	if err != nil {
		return nil, err
	}
	title := v.text("payouts.batch", "date", v.batch.Created.In(v.zone))
	if data.Outcomes = outcomes; asked {
		data.Fault = detail(v.lang, p.Code, p.Detail)
		return s.again("console/payouts/batch", title, data), nil
	}
	return s.page("console/payouts/batch", title, data), nil
}

func (s *site) settle(v *visit) (outcomes []payout.Outcome, err error) {
	file, _, err := v.FormFile("file")
	if err != nil {
		return nil, problem.Wrong("file", "file_missing", "choose the result file of the payment service")
	}
	defer file.Close()
	results, err := payout.ReadResults(file)
	if err != nil {
		return nil, err
	}
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if outcomes, err = payout.Settle(ctx, tx, v.batch.ID, results, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BatchSettle, v.batch.ID)
	})
	return outcomes, err
}
