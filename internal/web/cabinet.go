package web

import (
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// cabinetPage is what every page of the cabinet knows.
type cabinetPage struct {
	Base        string
	Program     program.Program
	Partnership partner.Partnership
}

func (v *visit) cabinet() cabinetPage {
	return cabinetPage{cabinetBase(v.partnership), v.program, v.partnership}
}

// cabinetHome leads to the person's first partnership.
func (s *site) cabinetHome(v *visit) (answer, error) {
	scopes, err := s.cabinetScopes(v)
	if err != nil {
		return nil, err
	}
	if len(scopes) == 0 {
		return nil, errNotFound
	}
	return s.to(scopes[0].Address), nil
}
