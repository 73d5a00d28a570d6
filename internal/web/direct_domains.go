package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// directRow is a partner's domain with whose it is.
type directRow struct {
	creative.Domain
	Partner partner.Partnership
}

// MayApprove and MayRefuse tell what the brand can say to the domain now.
func (d directRow) MayApprove() bool {
	return d.State == creative.DomainAsked || d.State == creative.DomainRefused
}
func (d directRow) MayRefuse() bool {
	return d.State == creative.DomainAsked || d.State == creative.DomainApproved
}

type directPage struct {
	consolePage
	Chips    []chip
	Rows     []directRow
	More     string // the address of what follows
	Forward  string // where a hidden domain forwards to
	Fault    string
	Narrowed bool
}

const domainsShown = 50

// directDomains are the sites of partners from which visitors are recognised, and those that wait for an answer.
func (s *site) directDomains(v *visit) (answer, error) {
	data, err := s.readDirect(v)
	return s.page("console/settings/direct", v.text("direct.title"), data), err
}

func (s *site) readDirect(v *visit) (data directPage, err error) {
	data = directPage{consolePage: v.console(), Forward: s.base + "/d/" + v.program.Slug}
	counts, err := creative.DomainCounts(v.Context(), v.read(), v.program.ID)
	if err != nil {
		return data, err
	}
	asked := creative.DomainState(v.query("state"))
	if !slices.Contains(creative.DomainStates, asked) {
		asked = ""
	}
	data.Narrowed = asked != ""
	data.Chips = []chip{{Label: v.text("direct.all"), Address: v.here("state", "", "before", ""), Here: asked == ""}}
	for _, state := range creative.DomainStates {
		if counts[state] > 0 || state == asked {
			data.Chips = append(data.Chips, chip{Label: v.text("states.direct." + string(state)), Count: v.lang.Number(counts[state]),
				Address: v.here("state", string(state), "before", ""), Here: state == asked})
		}
	}
	list, err := creative.Domains(v.Context(), v.read(), creative.DomainFilter{Program: v.program.ID, State: asked, Before: v.query("before"), Limit: domainsShown + 1})
	if err != nil {
		return data, err
	}
	if len(list) > domainsShown {
		list = list[:domainsShown]
		data.More = v.here("before", list[domainsShown-1].ID)
	}
	whose := make([]string, len(list))
	for i, d := range list {
		whose[i] = d.Partnership
	}
	names, err := v.names(whose)
	for _, d := range list {
		data.Rows = append(data.Rows, directRow{d, names[d.Partnership]})
	}
	return data, err
}

// answerDirect says something to a domain, and shows the list again.
func (s *site) answerDirect(v *visit, what audit.Action, notice string, say func(context.Context, *db.Tx) error) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := say(ctx, tx); err != nil {
			return err
		}
		return v.record(ctx, tx, what, v.direct.ID)
	})
	if err == nil {
		return s.done(settingsPath(v, "direct"), notice), nil
	}
	p, ok := problem.As(err)
	if !ok {
		return nil, err
	}
	data, err := s.readDirect(v)
	data.Fault = detail(v.lang, p.Code, p.Detail)
	return s.again("console/settings/direct", v.text("direct.title"), data), err
}

func (s *site) approveDirect(v *visit) (answer, error) {
	return s.answerDirect(v, audit.DomainApprove, "domain_approved", func(ctx context.Context, tx *db.Tx) error {
		_, err := creative.ApproveDomain(ctx, tx, v.program, v.direct, v.person.ID)
		return err
	})
}

func (s *site) refuseDirect(v *visit) (answer, error) {
	return s.answerDirect(v, audit.DomainRefuse, "domain_refused", func(ctx context.Context, tx *db.Tx) error {
		_, err := creative.RefuseDomain(ctx, tx, v.direct, v.PostFormValue("reason"), v.person.ID)
		return err
	})
}

type myDirectPage struct {
	cabinetPage
	Domains []creative.Domain
	Form    form
	Forward string
	Open    bool // whether domains can be asked for
}

func directForm() form {
	return form{Fields: []field{{Name: "host", Required: true, Hint: "host"}}}
}

// myDirect are a partner's own sites, and what the brand has said to them.
func (s *site) myDirect(v *visit) (answer, error) {
	data, err := s.readMyDirect(v, directForm())
	return s.page("cabinet/links/domains", v.text("direct.mine"), data), err
}

func (s *site) readMyDirect(v *visit, f form) (data myDirectPage, err error) {
	data = myDirectPage{cabinetPage: v.cabinet(), Form: f, Forward: s.base + "/d/" + v.program.Slug,
		Open: v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil}
	data.Domains, err = creative.DomainsOf(v.Context(), v.read(), v.partnership.ID)
	return data, err
}

func (s *site) askDirect(v *visit) (answer, error) {
	f := directForm()
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		d, err := creative.AskDomain(ctx, tx, v.program, v.partnership.ID, f.value("host"), v.person.ID)
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.DomainAsk, d.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/links/domains", "domain_asked"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readMyDirect(v, f)
	return s.again("cabinet/links/domains", v.text("direct.mine"), data), err
}

func (s *site) withdrawDirect(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := creative.WithdrawDomain(ctx, tx, v.direct, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.DomainWithdraw, v.direct.ID)
	})
	return s.done(cabinetBase(v.partnership)+"/links/domains", "domain_withdrawn"), err
}
