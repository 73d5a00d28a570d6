package web

import (
	"cmp"
	"strings"

	"github.com/tributary-hq/tributary/internal/money"
)

// balanceTable is the trial balance by partner.
func (v *visit) balanceTable() table[balanceRow] {
	t := table[balanceRow]{Name: "balances", File: "balances", Sorted: "partner", Sums: "list.total",
		Empty: emptiness{Icon: "ledger", Title: v.text("ledger.empty"), Text: v.text("ledger.empty_text")}}
	t.Columns = []column[balanceRow]{
		{Name: "partnership", Filed: true, Cell: func(_ *visit, r balanceRow) cell { return textCell(r.Partnership, "") }},
		{Name: "partner", Head: "list.partner", Order: func(a, b balanceRow) int { return strings.Compare(strings.ToLower(a.Who), strings.ToLower(b.Who)) },
			Cell: func(v *visit, r balanceRow) cell {
				return textCell(r.Who, consoleBase(v.program)+"/partners/"+r.Partnership)
			}},
	}
	for _, stage := range stages[1:] {
		of := func(r balanceRow) int64 { return r.of(stage) }
		t.Columns = append(t.Columns, column[balanceRow]{Name: stage, Head: "accounts." + stage, Number: true, Sum: sumIn(of),
			Cell:  func(v *visit, r balanceRow) cell { return v.moneyCell(money.Of(of(r), r.Currency)) },
			Order: func(a, b balanceRow) int { return cmp.Compare(of(a), of(b)) }})
	}
	t.Columns = append(t.Columns, column[balanceRow]{Name: "currency", Filed: true, Cell: func(_ *visit, r balanceRow) cell { return textCell(string(r.Currency), "") }})
	return t
}

// entryTable are the entries of the books, the newest first.
var entryTable = table[bookEntry]{File: "entries", Columns: []column[bookEntry]{
	{Name: "entry", Filed: true, Cell: func(_ *visit, p bookEntry) cell { return textCell(p.ID, "") }},
	{Name: "movement", Head: "ledger.movement", Cell: func(_ *visit, p bookEntry) cell {
		return cell{Text: p.From, To: p.To, Plain: p.From + " > " + p.To}
	}},
	{Name: "source", Filed: true, Cell: func(_ *visit, p bookEntry) cell { return textCell(string(p.Source), "") }},
	{Name: "target", Filed: true, Cell: func(_ *visit, p bookEntry) cell { return textCell(string(p.Target), "") }},
	{Name: "time", Head: "list.when", Cell: func(v *visit, p bookEntry) cell { return v.momentCell(p.When) }},
	{Name: "cause", Head: "ledger.cause", Aside: true, Cell: func(_ *visit, p bookEntry) cell {
		return cell{Text: p.Why, Plain: p.Cause, Address: p.About}
	}},
	{Name: "amount", Head: "list.amount", Number: true, Cell: func(v *visit, p bookEntry) cell { return v.moneyCell(p.Amount) }},
	{Name: "currency", Filed: true, Cell: func(_ *visit, p bookEntry) cell { return textCell(string(p.Amount.Currency), "") }},
}}

func (p bookEntry) id() string { return p.ID }
