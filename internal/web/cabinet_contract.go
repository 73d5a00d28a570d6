package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/program"
)

type myContractPage struct {
	cabinetPage
	Now      contract.Version
	Versions []contract.Version // the latest first
	Offer    contract.Terms     // what is offered, while nothing is agreed
}

// myContract is what was agreed, and since when.
func (s *site) myContract(v *visit) (answer, error) {
	data := myContractPage{cabinetPage: v.cabinet()}
	versions, err := v.versions()
	if err != nil {
		return nil, err
	}
	data.Now, _ = contract.InForce(versions, v.db.Now(), program.Always)
	slices.Reverse(versions)
	data.Versions = versions
	data.Offer, err = contract.Defaults(v.program)
	return s.page("cabinet/contract", v.text("nav.contract"), data), err
}
