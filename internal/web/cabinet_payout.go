package web

import (
	"cmp"
	"strings"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

type myPayoutPage struct {
	cabinetPage
	Payout payout.Payout
	Lines  listing
	Count  int
	Nets   bool // a line is below zero
}

// payoutLine is what one commission gave to a payout, or, below zero, what was netted off for it.
type payoutLine struct {
	Amount     money.Amount
	Commission commission.Commission
	Sale       conversion.Conversion
}

// myPayout is a payout as a statement: every commission that it paid.
func (s *site) myPayout(v *visit) (answer, error) {
	ctx, r := v.Context(), v.read()
	data := myPayoutPage{cabinetPage: v.cabinet(), Payout: v.payout}
	lines, err := payout.Lines(ctx, r, v.payout.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.Commission
	}
	commissions, err := commission.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	ids = ids[:0]
	for _, c := range commissions {
		ids = append(ids, c.Conversion)
	}
	sales, err := v.salesNamed(ids)
	if err != nil {
		return nil, err
	}
	var rows []payoutLine
	for _, l := range lines {
		c := commissions[l.Commission]
		data.Nets = data.Nets || l.Amount < 0
		rows = append(rows, payoutLine{money.Of(l.Amount, v.payout.Amount.Currency), c, sales[c.Conversion]})
	}
	table := v.statementTable()
	if table.isFile(v) {
		return table.fileAll(v, rows)
	}
	data.Lines, data.Count = table.all(v, rows), len(rows)
	return s.page("cabinet/payouts/statement", v.text("statement.title"), data), nil
}

// statementTable are the lines of a payout.
func (v *visit) statementTable() table[payoutLine] {
	amount := func(l payoutLine) int64 { return l.Amount.Minor }
	return table[payoutLine]{File: "payout", Sorted: "-date", Sums: "list.total", Columns: []column[payoutLine]{
		{Name: "commission", Filed: true, Cell: func(_ *visit, l payoutLine) cell { return textCell(l.Commission.ID, "") }},
		{Name: "order", Head: "list.order", Order: func(a, b payoutLine) int { return strings.Compare(a.Sale.Order, b.Sale.Order) },
			Cell: func(v *visit, l payoutLine) cell {
				return textCell(l.Sale.Order, cabinetBase(v.partnership)+"/earnings/"+l.Commission.ID)
			}},
		{Name: "date", Head: "list.when", Order: func(a, b payoutLine) int { return a.Commission.At.Compare(b.Commission.At) },
			Cell: func(v *visit, l payoutLine) cell { return v.dateCell(l.Commission.At) }},
		{Name: "event", Head: "list.event", Cell: func(v *visit, l payoutLine) cell {
			return cell{Text: eventName(v.lang, l.Sale.Event), Plain: l.Sale.Event}
		}},
		{Name: "earned", Head: "list.commission", Number: true, Cell: func(v *visit, l payoutLine) cell { return v.moneyCell(l.Commission.Amount) }},
		{Name: "paid", Head: "statement.here", Number: true, Sum: sumIn(amount), Order: func(a, b payoutLine) int { return cmp.Compare(amount(a), amount(b)) },
			Cell: func(v *visit, l payoutLine) cell { return v.moneyCell(l.Amount) }},
		{Name: "currency", Filed: true, Cell: func(_ *visit, l payoutLine) cell { return textCell(string(l.Amount.Currency), "") }},
	}}
}
