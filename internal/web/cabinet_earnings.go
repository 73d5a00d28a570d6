package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
)

type myEarningsPage struct {
	cabinetPage
	Chips    []chip
	Stretch  stretch
	Search   string
	Keep     []choice // what the search must send along
	Balances balances
	Rows     []earningRow
	Next     string
	File     string
}

type earningRow struct {
	commission.Commission
	Sale conversion.Conversion
}

// Narrowed tells whether less than all is asked for.
func (p myEarningsPage) Narrowed() bool {
	return p.Search != "" || p.Stretch.Name != anyTime || !p.Chips[0].Here
}

// wishes are which of their commissions a partner asks for.
func (v *visit) wishes(days stretch) commission.Filter {
	return commission.Filter{Partnership: v.partnership.ID, State: commission.State(v.query("state")), From: days.From, To: days.To}
}

// myEarnings are a partner's commissions.
func (s *site) myEarnings(v *visit) (answer, error) {
	data := myEarningsPage{cabinetPage: v.cabinet(), Stretch: v.stretch(anyTime), Search: v.query("q"), Keep: kept(v.URL.Query(), "q", "before"),
		File: cabinetBase(v.partnership) + "/earnings.csv?" + v.URL.RawQuery}
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
	f := v.wishes(data.Stretch)
	f.Before, f.Limit = v.query("before"), perPage+1
	if data.Rows, err = v.earningRows(f, data.Search); err != nil {
		return nil, err
	}
	if len(data.Rows) > perPage {
		data.Rows = data.Rows[:perPage]
		data.Next = v.here("before", data.Rows[perPage-1].ID)
	}
	return s.page("cabinet/earnings/list", v.text("nav.earnings"), data), nil
}

// earningRows are commissions with their conversions, of one order when it is named.
func (v *visit) earningRows(f commission.Filter, order string) ([]earningRow, error) {
	ctx, r := v.Context(), v.read()
	var list []commission.Commission
	var err error
	if order == "" {
		list, err = commission.List(ctx, r, f)
	} else {
		list, err = commission.ForOrder(ctx, r, f, order)
	}
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Conversion
	}
	sales, err := v.salesNamed(ids)
	rows := make([]earningRow, len(list))
	for i, c := range list {
		rows[i] = earningRow{c, sales[c.Conversion]}
	}
	return rows, err
}

// salesNamed are conversions by id.
func (v *visit) salesNamed(ids []string) (map[string]conversion.Conversion, error) {
	sales, err := conversion.Named(v.Context(), v.read(), ids)
	byID := make(map[string]conversion.Conversion, len(sales))
	for _, sale := range sales {
		byID[sale.ID] = sale
	}
	return byID, err
}
