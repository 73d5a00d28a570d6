package web

import (
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
)

type myPayoutsPage struct {
	cabinetPage
	Balances balances
	Now      contract.Version
	Table    listing
}

// myPayouts are what a partner was and will be paid.
func (s *site) myPayouts(v *visit) (answer, error) {
	data := myPayoutsPage{cabinetPage: v.cabinet()}
	var err error
	if data.Balances, err = v.balances(); err != nil {
		return nil, err
	}
	versions, err := v.versions()
	if err != nil {
		return nil, err
	}
	data.Now, _ = contract.InForce(versions, v.db.Now(), program.Always)
	read := func(before string, limit int) ([]payout.Payout, error) {
		return payout.List(v.Context(), v.read(), payout.Filter{Partnership: v.partnership.ID, Before: before, Limit: limit})
	}
	table, id := v.payoutTable(), func(p payout.Payout) string { return p.ID }
	if table.isFile(v) {
		return table.file(v, read, id)
	}
	data.Table, err = table.page(v, read, id)
	return s.page("cabinet/payouts/list", v.text("nav.payouts"), data), err
}

// payoutTable are the payouts of a partner.
func (v *visit) payoutTable() table[payout.Payout] {
	return table[payout.Payout]{File: "payouts", Empty: emptiness{Icon: "payouts", Title: v.text("cabinet.no_payouts"), Text: v.text("cabinet.no_payouts_text")},
		Columns: []column[payout.Payout]{
			{Name: "payout", Filed: true, Cell: func(_ *visit, p payout.Payout) cell { return textCell(p.ID, "") }},
			{Name: "made", Head: "payouts.made", Cell: func(v *visit, p payout.Payout) cell {
				c := v.dateCell(p.Created)
				c.Address = cabinetBase(v.partnership) + "/payouts/" + p.ID
				return c
			}},
			{Name: "state", Head: "list.state", Cell: func(v *visit, p payout.Payout) cell {
				c := v.stateCell("payout", string(p.State))
				c.Note = p.Reason
				return c
			}},
			{Name: "pay_to", Head: "fields.pay_to", Cell: func(v *visit, p payout.Payout) cell {
				return textCell(v.text("rails."+p.Rail)+" · "+p.PayTo, "")
			}},
			{Name: "settled", Head: "payouts.settled", Cell: func(v *visit, p payout.Payout) cell { return v.dateCell(p.Settled) }},
			{Name: "amount", Head: "list.amount", Number: true, Cell: func(v *visit, p payout.Payout) cell { return v.moneyCell(p.Amount) }},
			{Name: "currency", Filed: true, Cell: func(_ *visit, p payout.Payout) cell { return textCell(string(p.Amount.Currency), "") }},
		}}
}

func (v *visit) versions() ([]contract.Version, error) {
	all, err := contract.Versions(v.Context(), v.read(), []string{v.partnership.ID})
	return all[v.partnership.ID], err
}
