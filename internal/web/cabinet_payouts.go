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
	Rows     []payout.Payout
	Next     string
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
	data.Rows, err = payout.List(v.Context(), v.read(), payout.Filter{Partnership: v.partnership.ID, Before: v.query("before"), Limit: perPage + 1})
	if len(data.Rows) > perPage {
		data.Rows = data.Rows[:perPage]
		data.Next = v.here("before", data.Rows[perPage-1].ID)
	}
	return s.page("cabinet/payouts/list", v.text("nav.payouts"), data), err
}

func (v *visit) versions() ([]contract.Version, error) {
	all, err := contract.Versions(v.Context(), v.read(), []string{v.partnership.ID})
	return all[v.partnership.ID], err
}
