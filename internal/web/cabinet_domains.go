package web

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

type myDomainsPage struct {
	cabinetPage
	Tabs  []chip
	Rows  []domainRow
	Form  form
	Open  bool   // whether domains can be added
	Empty string // what is said without any
}

var errDomainsClosed = problem.Conflict("domains_closed", "this program lets no partner bring a domain of their own")

func (s *site) myDomains(v *visit) (answer, error) { return s.showMyDomains(v, domainForm()) }

func (s *site) showMyDomains(v *visit, f form) (answer, error) {
	data := myDomainsPage{cabinetPage: v.cabinet(), Tabs: v.profileTabs("domains"), Form: f}
	list, err := domain.Of(v.Context(), v.read(), v.program.ID, v.partnership.ID)
	if err != nil {
		return nil, err
	}
	may, err := domain.ForPartners(v.Context(), v.read(), v.program.ID)
	if err != nil {
		return nil, err
	}
	data.Open = may && v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil
	if data.Empty = v.text("domains.empty_own_closed"); data.Open {
		data.Empty = v.text("domains.empty_own_open")
	}
	data.Rows = s.domainRows(list, cabinetBase(v.partnership)+"/domains", func(d domain.Domain) bool { return d.Partnership == v.partnership.ID })
	if f.Failed() {
		return s.again("cabinet/domains", v.text("domains.title"), data), nil
	}
	return s.page("cabinet/domains", v.text("domains.title"), data), nil
}

func (s *site) addMyDomain(v *visit) (answer, error) {
	f := domainForm()
	may, err := domain.ForPartners(v.Context(), v.read(), v.program.ID)
	switch {
	case err == nil && (!may || v.partnership.Status != partner.Approved):
		err = errDomainsClosed
	case err == nil:
		err = s.claimDomain(v, &f, v.partnership.ID)
	}
	switch {
	case err == nil:
		return s.done(cabinetBase(v.partnership)+"/domains", "domain_added"), nil
	case f.blame(v.lang, err):
		return s.showMyDomains(v, f)
	}
	return nil, err
}

func (s *site) checkMyDomain(v *visit) (answer, error) {
	return s.done(cabinetBase(v.partnership)+"/domains", "domain_checked"), s.lookAt(v, v.domain)
}

func (s *site) removeMyDomain(v *visit) (answer, error) {
	return s.done(cabinetBase(v.partnership)+"/domains", "domain_removed"), s.removeDomainOf(v)
}
