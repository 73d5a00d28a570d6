package api

import (
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

func tellMoney(a money.Amount) client.Money {
	return client.Money{Amount: a.Decimal(), Currency: string(a.Currency)}
}

// tellMoment is null for a moment that has not come.
func tellMoment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// readSum reads the parts of a sum that may be left out. An amount that is there but empty is a mistake, and must not pass
// for one that is left out.
func readSum(m *client.Money) (amount, currency string, fault error) {
	if m == nil {
		return "", "", nil
	}
	if strings.TrimSpace(m.Amount) == "" {
		return "", "", problem.Invalid("amount", "an amount is a decimal such as 12.50")
	}
	return m.Amount, m.Currency, nil
}

// readMinor reads a sum in a program's currency into minor units.
func readMinor(field string, m client.Money, currency money.Currency) (int64, error) {
	if !strings.EqualFold(strings.TrimSpace(m.Currency), string(currency)) {
		return 0, problem.Wrong(field, "currency_not_accepted", "the program's currency is %s, not %q", currency, m.Currency)
	}
	a, err := money.Parse(m.Amount, currency)
	if err != nil || a.Minor < 0 {
		return 0, problem.Invalid(field, "%q is not an amount of %s from zero up", m.Amount, currency)
	}
	return a.Minor, nil
}

// places says where in the body the line's fields are that have another name there.
var places = map[string]string{"currency": "amount.currency", "visitor": "visitor_id", "customer": "customer_id", "code": "promo_code"}

// inPlace moves the fields of a problem to where they are in the body.
func inPlace(err error) error {
	p, ok := problem.As(err)
	if !ok {
		return err
	}
	moved := *p
	moved.Fields = nil
	for _, f := range p.Fields {
		if place, ok := places[f.Name]; ok {
			f.Name = place
		}
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}

// tellAll is a list in the API's words, never null.
func tellAll[T, W any](list []T, tell func(T) W) []W {
	out := make([]W, len(list))
	for i, item := range list {
		out[i] = tell(item)
	}
	return out
}
