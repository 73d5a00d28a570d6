package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/partner"
)

// domainRow is a domain and what is to be done until it works.
type domainRow struct {
	domain.Domain
	Partner string // whose it is, in the console
	Alias   string // where its CNAME shall lead
	At      string // the address of what can be done with it; empty: nothing
}

// State is the name of how it stands.
func (d domainRow) State() string {
	switch {
	case d.Works():
		return "works"
	case !d.Proven.IsZero():
		return "elsewhere"
	case d.Checked.IsZero():
		return "unchecked"
	}
	return string(d.Fault)
}

// Waits tells whether records are to be set.
func (d domainRow) Waits() bool { return !d.Works() }

// Record and Value are those of the TXT record.
func (d domainRow) Record() string { name, _ := d.Domain.Record(); return name }

// Value is what the record says.
func (d domainRow) Value() string { _, value := d.Domain.Record(); return value }

func domainForm() form {
	return form{Fields: []field{{Name: "name", Label: "domain_name", Required: true, Hint: "domain_name"}}}
}

// ownHost is the host of this installation.
func (s *site) ownHost() string {
	u, err := url.Parse(s.base)
	if err != nil {
		return ""
	}
	return domain.Plain(u.Host)
}

// linkBase is what stands before a link's code: the domain of the partner or of the program, where one works.
func (s *site) linkBase(program, partnership string) string {
	if s.domains != nil {
		if name := s.domains.Best(program, partnership); name != "" {
			scheme, _, _ := strings.Cut(s.base, "://")
			return scheme + "://" + name + "/"
		}
	}
	return s.base + "/c/"
}

// domainRows are domains with what can be done with them below an address.
func (s *site) domainRows(list []domain.Domain, at string, mine func(domain.Domain) bool) (rows []domainRow) {
	for _, d := range list {
		row := domainRow{Domain: d, Alias: s.ownHost()}
		if at != "" && mine(d) {
			row.At = at + "/" + d.ID
		}
		rows = append(rows, row)
	}
	return rows
}

// claimDomain adds what was typed and looks at it at once.
func (s *site) claimDomain(v *visit, f *form, partnership string) error {
	f.read(v.PostForm)
	var d domain.Domain
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		d, err = domain.Claim(ctx, tx, domain.Domain{Name: f.value("name"), Program: v.program.ID, Partnership: partnership, Author: v.person.ID}, s.ownHost())
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.DomainAdd, d.ID)
	})
	if err != nil {
		return err
	}
	return s.lookAt(v, d)
}

// lookAt asks the DNS about a domain now.
func (s *site) lookAt(v *visit, d domain.Domain) error {
	if _, err := domain.Check(v.Context(), v.db, s.resolver, s.ownHost(), d); err != nil {
		return err
	}
	return s.refreshDomains(v)
}

func (s *site) refreshDomains(v *visit) error {
	if s.domains == nil {
		return nil
	}
	return s.domains.Refresh(v.Context())
}

// removeDomainOf takes a domain away.
func (s *site) removeDomainOf(v *visit) error {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := domain.Remove(ctx, tx, v.domain.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.DomainRemove, v.domain.ID)
	})
	if err != nil {
		return err
	}
	return s.refreshDomains(v)
}

type domainsPage struct {
	consolePage
	Rows     []domainRow
	Form     form
	Partners bool // whether they may bring their own
}

func (s *site) domainsOfProgram(v *visit) (answer, error) { return s.showDomains(v, domainForm()) }

func (s *site) showDomains(v *visit, f form) (answer, error) {
	ctx := v.Context()
	data := domainsPage{consolePage: v.console(), Form: f}
	list, err := domain.In(ctx, v.read(), v.program.ID)
	if err != nil {
		return nil, err
	}
	at := ""
	if data.May("settings.write") {
		at = settingsPath(v, "domains")
	}
	data.Rows = s.domainRows(list, at, func(domain.Domain) bool { return true })
	var whose []string
	for _, d := range list {
		whose = append(whose, d.Partnership)
	}
	names, err := partner.Named(ctx, v.read(), whose)
	if err != nil {
		return nil, err
	}
	for i := range data.Rows {
		data.Rows[i].Partner = names[data.Rows[i].Partnership].Partner.Name
	}
	if data.Partners, err = domain.ForPartners(ctx, v.read(), v.program.ID); err != nil {
		return nil, err
	}
	if f.Failed() {
		return s.again("console/settings/domains", v.text("domains.title"), data), nil
	}
	return s.page("console/settings/domains", v.text("domains.title"), data), nil
}

func (s *site) addDomain(v *visit) (answer, error) {
	f := domainForm()
	err := s.claimDomain(v, &f, "")
	switch {
	case err == nil:
		return s.done(settingsPath(v, "domains"), "domain_added"), nil
	case f.blame(v.lang, err):
		return s.showDomains(v, f)
	}
	return nil, err
}

func (s *site) checkDomain(v *visit) (answer, error) {
	return s.done(settingsPath(v, "domains"), "domain_checked"), s.lookAt(v, v.domain)
}

func (s *site) removeDomain(v *visit) (answer, error) {
	return s.done(settingsPath(v, "domains"), "domain_removed"), s.removeDomainOf(v)
}

// ruleDomains says whether partners may bring domains of their own.
func (s *site) ruleDomains(v *visit) (answer, error) {
	may := v.PostFormValue("partners") != ""
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := domain.LetPartners(ctx, tx, v.program.ID, may); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramDomains, v.program.ID)
	})
	return s.done(settingsPath(v, "domains"), "saved"), err
}
