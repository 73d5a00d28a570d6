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
	Table    listing
}

type earningRow struct {
	commission.Commission
	Sale conversion.Conversion
}

func (r earningRow) id() string { return r.ID }

// earningTable lists commissions; narrowed tells that less than all is asked for.
func (v *visit) earningTable(narrowed bool) table[earningRow] {
	base := cabinetBase(v.partnership)
	t := table[earningRow]{File: "earnings", Empty: emptiness{Icon: "earnings", Title: v.text("earnings.empty"), Text: v.text("earnings.empty_text")}}
	if narrowed {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("earnings.nothing_text")}
	}
	t.Columns = []column[earningRow]{
		{Name: "commission", Filed: true, Cell: func(_ *visit, r earningRow) cell { return textCell(r.ID, "") }},
		{Name: "order", Head: "list.order", Cell: func(v *visit, r earningRow) cell {
			return cell{Text: listName(v.lang, r.Sale.Event, r.Sale.Order), Plain: r.Sale.Order, Address: base + "/earnings/" + r.ID, Tight: len(r.Sale.Order) <= tightMost}
		}},
		{Name: "date", Head: "list.when", Cell: func(v *visit, r earningRow) cell { return v.momentCell(r.At) }},
		{Name: "event", Head: "list.event", Cell: func(v *visit, r earningRow) cell {
			return cell{Text: eventName(v.lang, r.Sale.Event), Plain: r.Sale.Event}
		}},
		{Name: "state", Head: "list.state", Cell: func(v *visit, r earningRow) cell {
			c := v.stateCell("commission", string(r.State))
			c.Note = v.why(r.Commission)
			return c
		}},
		{Name: "reason", Filed: true, Cell: func(_ *visit, r earningRow) cell { return textCell(r.Reason, "") }},
		{Name: "final_on", Head: "earnings.locks", Number: true, Cell: func(v *visit, r earningRow) cell {
			return v.finalCell(r.Commission)
		}},
		{Name: "amount", Head: "list.commission", Number: true, Cell: func(v *visit, r earningRow) cell { return v.moneyCell(r.Amount) }},
		{Name: "currency", Filed: true, Cell: func(_ *visit, r earningRow) cell { return textCell(string(r.Amount.Currency), "") }},
		{Name: "revenue", Head: "metrics.revenue", Number: true, Spare: true, Cell: func(v *visit, r earningRow) cell { return v.moneyCell(r.Sale.Amount) }},
	}
	return t
}

// finalCell is the day on which a commission becomes final, or became so: before its day, when it was approved.
func (v *visit) finalCell(c commission.Commission) cell {
	switch {
	case c.State == commission.Reversed || c.State == commission.Held:
		return none
	case !c.Matured.IsZero() && c.Matured.Before(c.Matures):
		return v.dateCell(c.Matured)
	}
	if !c.Matures.Before(commission.Awaits) {
		return textCell(v.text("orders.when_qualified"), "")
	}
	return v.dateCell(c.Matures)
}

// wishes are which of their commissions a partner asks for.
func (v *visit) wishes(days stretch) commission.Filter {
	return commission.Filter{Partnership: v.partnership.ID, State: commission.State(v.query("state")), From: days.From, To: days.To}
}

// myEarnings are a partner's commissions.
func (s *site) myEarnings(v *visit) (answer, error) {
	data := myEarningsPage{cabinetPage: v.cabinet(), Stretch: v.stretch(anyTime), Search: v.query("q"), Keep: kept(v.URL.Query(), "q", "before")}
	state := v.query("state")
	data.Chips = []chip{{Label: v.text("earnings.all"), Address: v.here("state", ""), Here: state == ""}}
	for _, one := range []commission.State{commission.Pending, commission.Held, commission.Payable, commission.InPayout, commission.Paid, commission.Reversed} {
		name := string(one)
		data.Chips = append(data.Chips, chip{Label: v.text("states.commission." + name), Address: v.here("state", name), Here: state == name})
	}
	var err error
	if data.Balances, err = v.balances(); err != nil {
		return nil, err
	}
	f := v.wishes(data.Stretch)
	read := func(before string, limit int) ([]earningRow, error) {
		f.Before, f.Limit = before, limit
		return v.earningRows(f, data.Search)
	}
	table := v.earningTable(data.Search != "" || data.Stretch.Name != anyTime || state != "")
	if table.isFile(v) {
		return table.file(v, read, earningRow.id)
	}
	if data.Table, err = table.page(v, read, earningRow.id); err != nil {
		return nil, err
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
