package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/program"
)

type myContractPage struct {
	cabinetPage
	Now      contract.Version
	Versions []agreed       // the latest first
	Offer    contract.Terms // what is offered, while nothing is agreed
}

// agreed is a version with what it changed.
type agreed struct {
	contract.Version
	First   bool
	Changes []change
}

// myContract is what was agreed, since when, and what each version changed.
func (s *site) myContract(v *visit) (answer, error) {
	data := myContractPage{cabinetPage: v.cabinet()}
	versions, err := v.versions()
	if err != nil {
		return nil, err
	}
	data.Now, _ = contract.InForce(versions, v.db.Now(), program.Always)
	data.Versions = v.compareVersions(versions)
	data.Offer, err = contract.Defaults(v.program)
	return s.page("cabinet/contract", v.text("nav.contract"), data), err
}

// compareVersions says of each version what it changed, the latest first.
func (v *visit) compareVersions(versions []contract.Version) []agreed {
	var list []agreed
	for i, version := range versions {
		one := agreed{Version: version, First: i == 0}
		if i > 0 {
			one.Changes = changes(v.lang, versions[i-1].Terms, version.Terms, v.program.Currency)
		}
		list = append(list, one)
	}
	slices.Reverse(list)
	return list
}
