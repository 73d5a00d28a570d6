package web

import (
	"cmp"
	"strings"

	"github.com/tributary-hq/tributary/internal/payout"
)

// proposalTable is what is open with each partner, and why it is due or not.
func (v *visit) proposalTable() table[payout.Proposal] {
	t := table[payout.Proposal]{Name: "open", File: "open-balances", Sorted: "standing", Sums: "list.total",
		Empty: emptiness{Icon: "coin", Title: v.text("payouts.none_open"), Text: v.text("payouts.none_open_text")}}
	t.Columns = []column[payout.Proposal]{
		{Name: "partnership", Filed: true, Cell: func(_ *visit, p payout.Proposal) cell { return textCell(p.Partnership.ID, "") }},
		{Name: "partner", Head: "list.partner", Order: func(a, b payout.Proposal) int {
			return strings.Compare(strings.ToLower(a.Partnership.Partner.Name), strings.ToLower(b.Partnership.Partner.Name))
		}, Cell: func(v *visit, p payout.Proposal) cell {
			return nameCell(p.Partnership.Partner.Name, "", consoleBase(v.program)+"/partners/"+p.Partnership.ID)
		}},
		{Name: "standing", Head: "payouts.standing", Order: func(a, b payout.Proposal) int {
			return cmp.Or(cmp.Compare(len(a.Why), len(b.Why)), cmp.Compare(b.Amount.Minor, a.Amount.Minor))
		}, Cell: func(v *visit, p payout.Proposal) cell {
			if p.Why == "" {
				return v.stateCell("payout", "due")
			}
			return cell{Text: v.text("why." + p.Why), Plain: p.Why}
		}},
		{Name: "rail", Head: "fields.rail", Cell: func(v *visit, p payout.Proposal) cell {
			if p.Partnership.Partner.Rail == "" {
				return none
			}
			return cell{Text: v.text("rails." + p.Partnership.Partner.Rail), Plain: p.Partnership.Partner.Rail}
		}},
		{Name: "amount", Head: "list.amount", Number: true, Sum: sumIn(func(p payout.Proposal) int64 { return p.Amount.Minor }),
			Order: func(a, b payout.Proposal) int { return cmp.Compare(a.Amount.Minor, b.Amount.Minor) },
			Cell:  func(v *visit, p payout.Proposal) cell { return v.moneyCell(p.Amount) }},
		{Name: "currency", Filed: true, Cell: func(_ *visit, p payout.Proposal) cell { return textCell(string(p.Amount.Currency), "") }},
	}
	return t
}

// batchTable are the batches so far, the newest first.
func (v *visit) batchTable() table[batchRow] {
	return table[batchRow]{File: "batches", Empty: emptiness{Icon: "payouts", Title: v.text("payouts.no_batches"), Text: v.text("payouts.no_batches_text")},
		Columns: []column[batchRow]{
			{Name: "batch", Filed: true, Cell: func(_ *visit, b batchRow) cell { return textCell(b.ID, "") }},
			{Name: "made", Head: "payouts.made", Cell: func(v *visit, b batchRow) cell {
				c := v.momentCell(b.Created)
				c.Address = consoleBase(v.program) + "/payouts/" + b.ID
				return c
			}},
			{Name: "state", Head: "list.state", Cell: func(v *visit, b batchRow) cell {
				c := v.stateCell("payout", b.State)
				c.Note = b.Settled
				return c
			}},
			{Name: "payouts", Head: "payouts.count", Number: true, Cell: func(v *visit, b batchRow) cell { return v.numberCell(b.Count) }},
			{Name: "amount", Head: "list.amount", Number: true, Cell: func(v *visit, b batchRow) cell { return v.moneyCell(b.Amount) }},
			{Name: "currency", Filed: true, Cell: func(_ *visit, b batchRow) cell { return textCell(string(b.Currency), "") }},
		}}
}

func (b batchRow) id() string { return b.ID }
