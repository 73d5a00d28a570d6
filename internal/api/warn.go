package api

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
)

// warnOfCodes says of each conversion whether its promo code is nobody's. It is kept all the same: the code may be given to a
// partner later, and then earns.
func warnOfCodes(ctx context.Context, r db.Reader, batch []commission.Credited) ([][]client.Warning, error) {
	used := map[string][]string{} // codes by program
	for _, c := range batch {
		if c.Conversion.Code != "" {
			used[c.Conversion.Program] = append(used[c.Conversion.Program], c.Conversion.Code)
		}
	}
	known := map[string]map[string]creative.Code{}
	for prog, codes := range used {
		var err error
		if known[prog], err = creative.CodesNamed(ctx, r, prog, codes); err != nil {
			return nil, err
		}
	}
	warnings := make([][]client.Warning, len(batch))
	for i, c := range batch {
		if _, ok := known[c.Conversion.Program][c.Conversion.Code]; c.Conversion.Code != "" && !ok {
			warnings[i] = []client.Warning{{Code: "promo_code_unknown",
				Detail: fmt.Sprintf("no partner has the promo code %s now: nobody earns by it", c.Conversion.Code)}}
		}
	}
	return warnings, nil
}

// warnOfRefunds says of each refund whether its order's come to more than the order. Nothing below zero is taken back.
func warnOfRefunds(ctx context.Context, r db.Reader, batch []commission.Refunded) ([][]client.Warning, error) {
	var sales []string
	orders := map[string][]string{} // by program
	for _, refunded := range batch {
		if refunded.Conversion != "" && !refunded.Refund.Whole {
			sales = append(sales, refunded.Conversion)
			orders[refunded.Refund.Program] = append(orders[refunded.Refund.Program], refunded.Refund.Order)
		}
	}
	warnings := make([][]client.Warning, len(batch))
	if len(sales) == 0 {
		return warnings, nil
	}
	named, err := conversion.Named(ctx, r, sales)
	if err != nil {
		return nil, err
	}
	gross := map[string]conversion.Conversion{}
	for _, c := range named {
		gross[c.ID] = c
	}
	given := map[string]map[string][]conversion.Refund{}
	for prog, numbers := range orders {
		if given[prog], err = conversion.RefundsOf(ctx, r, prog, numbers); err != nil {
			return nil, err
		}
	}
	for i, refunded := range batch {
		sale, ok := gross[refunded.Conversion]
		if !ok || refunded.Refund.Whole {
			continue
		}
		sum := refunded.Refund.Amount
		sum.Minor = 0
		for _, one := range given[sale.Program][conversion.OrderKey(sale.Event, sale.Order)] {
			sum.Minor += one.Amount.Minor
		}
		if sum.Minor > sale.Amount.Minor {
			warnings[i] = []client.Warning{{Code: "refunds_exceed_order",
				Detail: fmt.Sprintf("the refunds of order %s come to %s, the order to %s: no more than the order is taken back", sale.Order, sum, sale.Amount)}}
		}
	}
	return warnings, nil
}
