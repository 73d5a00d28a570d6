package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
)

type myEarningsPage struct {
	cabinetPage
	Chips    []chip
	Balances balances
	Rows     []earningRow
	Next     string
}

type earningRow struct {
	commission.Commission
	Sale conversion.Conversion
}

// myEarnings are a partner's commissions.
func (s *site) myEarnings(v *visit) (answer, error) {
	ctx, r := v.Context(), v.read()
	data := myEarningsPage{cabinetPage: v.cabinet()}
	state := v.query("state")
	data.Chips = []chip{{Label: v.text("earnings.all"), Address: v.here("state", ""), Here: state == ""}}
	for _, one := range []commission.State{commission.Pending, commission.Payable, commission.InPayout, commission.Paid, commission.Reversed} {
		name := string(one)
		data.Chips = append(data.Chips, chip{Label: v.text("states.commission." + name), Address: v.here("state", name), Here: state == name})
	}
	var err error
	if data.Balances, err = v.balances(); err != nil {
		return nil, err
	}
	list, err := commission.List(ctx, r, commission.Filter{Partnership: v.partnership.ID, State: commission.State(state),
		Before: v.query("before"), Limit: perPage + 1})
	if err != nil {
		return nil, err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", list[perPage-1].ID)
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Conversion
	}
	sales, err := conversion.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]conversion.Conversion{}
	for _, sale := range sales {
		byID[sale.ID] = sale
	}
	for _, c := range list {
		data.Rows = append(data.Rows, earningRow{c, byID[c.Conversion]})
	}
	return s.page("cabinet/earnings/list", v.text("nav.earnings"), data), nil
}
