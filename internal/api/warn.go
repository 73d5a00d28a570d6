package api

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// warnOfCodes says of each conversion whether its promo code is nobody's. It is kept all the same: the code may be given to a
// partner later, and then earns.
func warnOfCodes(ctx context.Context, r db.Reader, batch []commission.Credited) ([][]client.Warning, error) {
	used := map[string][]string{} // codes by program
	for _, c := range batch {
		prog := program.RealID(c.Conversion.Program)
		used[prog] = append(used[prog], c.Conversion.Codes()...)
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
		for _, code := range c.Conversion.Codes() {
			if _, ok := known[program.RealID(c.Conversion.Program)][code]; !ok {
				warnings[i] = append(warnings[i], client.Warning{Code: "promo_code_unknown",
					Detail: fmt.Sprintf("no partner has the promo code %s now: nobody earns by it", code)})
			}
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
	terms := map[string]conversion.Terms{}
	for _, c := range named {
		edits, err := conversion.EditsOf(ctx, r, c.Program, []string{c.Order})
		if err != nil {
			return nil, err
		}
		gross[c.ID], terms[c.ID] = c, conversion.TermsOf(c, edits[conversion.OrderKey(c.Event, c.Order)])
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
		list := given[sale.Program][conversion.OrderKey(sale.Event, sale.Order)]
		warnings[i] = append(warnOfItems(refunded.Refund, terms[sale.ID], list), warnOfSum(sale, terms[sale.ID], list)...)
	}
	return warnings, nil
}

func warnOfSum(sale conversion.Conversion, t conversion.Terms, refunds []conversion.Refund) []client.Warning {
	sum := money.Of(0, sale.Amount.Currency)
	pieces := map[string]int64{}
	for _, one := range refunds {
		sum.Minor += one.Amount.Minor
		for _, p := range one.Items {
			if one.ByItem() {
				pieces[p.SKU] += p.Quantity
			}
		}
	}
	sum.Minor += t.Detail.Worth(pieces)
	if sum.Minor <= t.Amount {
		return nil
	}
	return []client.Warning{{Code: "refunds_exceed_order", Detail: fmt.Sprintf("the refunds of order %s come to %s, the order to %s: no more than the order is taken back",
		sale.Order, sum, money.Of(t.Amount, sale.Amount.Currency))}}
}

// warnOfItems says of a refund by item which pieces the order does not have, or not so many of. Nothing is taken back for them.
func warnOfItems(refund conversion.Refund, t conversion.Terms, all []conversion.Refund) (list []client.Warning) {
	if !refund.ByItem() {
		return nil
	}
	back := map[string]int64{}
	for _, one := range all {
		for _, p := range one.Items {
			back[p.SKU] += p.Quantity
		}
	}
	ordered := t.Detail.Ordered()
	for _, p := range refund.Items {
		switch {
		case ordered[p.SKU] == 0:
			list = append(list, client.Warning{Code: "item_unknown", Detail: fmt.Sprintf("order %s has no item %s: nothing is taken back for it", refund.Order, p.SKU)})
		case back[p.SKU] > ordered[p.SKU]:
			list = append(list, client.Warning{Code: "refunds_exceed_order", Detail: fmt.Sprintf("%d pieces of %s were given back, %d were ordered: no more than these are taken back",
				back[p.SKU], p.SKU, ordered[p.SKU])})
		}
	}
	return list
}
