package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/track"
)

var domains = kind[creative.Domain]{"domain", creative.GetDomain, func(d creative.Domain) string { return d.Program }}

// domainOperations are the domains of partners, and the browser tag.
var domainOperations = []operation{
	{"GET", "/v1/programs/{program}/domains", "domains-list", auth.Read, "List the domains of a program's partners", "The newest first.",
		reads((*API).listDomains)},
	{"POST", "/v1/partnerships/{partnership}/domains", "domains-ask", auth.WriteLinks, "Ask for a domain in a partner's name",
		"It counts once it is approved.", creates((*API).askDomain)},
	{"POST", "/v1/domains/{domain}/approve", "domains-approve", auth.WritePartners, "Approve a domain",
		"Visitors who come from it, or from below it, are the partner's from now on. Its first approval makes the link by which they are counted.",
		writes((*API).approveDomain)},
	{"POST", "/v1/domains/{domain}/refuse", "domains-refuse", auth.WritePartners, "Refuse a domain, or take an approval back",
		"What came from it before stays the partner's.", writes((*API).refuseDomain)},
	{"POST", "/v1/domains/{domain}/withdraw", "domains-withdraw", auth.WriteLinks, "Withdraw a domain in a partner's name", "",
		writes((*API).withdrawDomain)},
	{"GET", "/v1/programs/{program}/tag", "programs-tag", auth.Read, "Get a program's browser tag", "With what a shop puts onto its pages.",
		reads((*API).getTag)},
	{"PATCH", "/v1/programs/{program}/tag", "programs-change-tag", auth.WriteSettings, "Change what a program's browser tag reads",
		"What is left out stays as it is.", writes((*API).changeTag)},
}

func tellDomain(d creative.Domain) client.Domain {
	return client.Domain{ID: d.ID, Program: d.Program, Partnership: d.Partnership, Host: d.Host, State: string(d.State), Link: d.Link, Reason: d.Reason,
		AskedAt: d.Asked, ChangedAt: d.Changed}
}

func (a *API) listDomains(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	State   string `query:"state" doc:"In this state only; left out, in any but withdrawn." enum:"asked,approved,refused,withdrawn"`
	Paging
}) (client.Page[client.Domain], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Domain]{}, err
	}
	list, err := creative.Domains(ctx, a.db.Read(), creative.DomainFilter{Program: p.ID, State: creative.DomainState(in.State), Limit: domainsTold})
	if err != nil {
		return client.Page[client.Domain]{}, err
	}
	return pageOfAll(in.Paging, list, func(d creative.Domain) string { return d.ID }, tellDomain)
}

const domainsTold = 50_000

func (a *API) askDomain(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewDomain
}) (client.Domain, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Domain{}, err
	}
	d, err := creative.AskDomain(ctx, tx, p, s.ID, in.Body.Host, who.ID)
	if err != nil {
		return client.Domain{}, err
	}
	return tellDomain(d), audit.Record(ctx, tx, who, audit.DomainAsk, d.ID)
}

// domainIn is the input of what is done to one domain.
type domainIn struct {
	ID string `path:"domain" doc:"Id of the domain."`
}

// onDomain does something to a domain of the asker's brand.
func onDomain(ctx context.Context, tx *db.Tx, who auth.Actor, id string, what audit.Action,
	do func(p program.Program, d creative.Domain) (creative.Domain, error)) (client.Domain, error) {
	d, p, err := domains.of(ctx, tx, who, id)
	if err == nil {
		d, err = do(p, d)
	}
	if err != nil {
		return client.Domain{}, err
	}
	return tellDomain(d), audit.Record(ctx, tx, who, what, d.ID)
}

func (a *API) approveDomain(ctx context.Context, tx *db.Tx, who auth.Actor, in *domainIn) (client.Domain, error) {
	return onDomain(ctx, tx, who, in.ID, audit.DomainApprove, func(p program.Program, d creative.Domain) (creative.Domain, error) {
		return creative.ApproveDomain(ctx, tx, p, d, who.ID)
	})
}

func (a *API) refuseDomain(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"domain" doc:"Id of the domain."`
	Body client.DomainRefusal
}) (client.Domain, error) {
	return onDomain(ctx, tx, who, in.ID, audit.DomainRefuse, func(_ program.Program, d creative.Domain) (creative.Domain, error) {
		return creative.RefuseDomain(ctx, tx, d, in.Body.Reason, who.ID)
	})
}

func (a *API) withdrawDomain(ctx context.Context, tx *db.Tx, who auth.Actor, in *domainIn) (client.Domain, error) {
	return onDomain(ctx, tx, who, in.ID, audit.DomainWithdraw, func(_ program.Program, d creative.Domain) (creative.Domain, error) {
		return creative.WithdrawDomain(ctx, tx, d, who.ID)
	})
}

// tellTag is a program's tag as a shop installs it.
func (a *API) tellTag(p program.Program, t program.Tag) client.InstalledTag {
	path, integrity := track.TagVersion()
	return client.InstalledTag{BrowserTag: client.BrowserTag{Params: append([]string{}, t.Params...), Consent: string(t.Consent)},
		HTML: track.Snippet(a.base, p, t, false), URL: a.base + path, Integrity: integrity}
}

func (a *API) getTag(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
}) (client.InstalledTag, error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.InstalledTag{}, err
	}
	t, err := program.TagOf(ctx, a.db.Read(), p.ID)
	return a.tellTag(p, t), err
}

func (a *API) changeTag(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.BrowserTagChange
}) (client.InstalledTag, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.InstalledTag{}, err
	}
	t, err := program.TagOf(ctx, tx, p.ID)
	if err != nil {
		return client.InstalledTag{}, err
	}
	set(&t.Params, in.Body.Params)
	if in.Body.Consent != nil {
		t.Consent = program.Consent(*in.Body.Consent)
	}
	if err := program.SetTag(ctx, tx, p, t); err != nil {
		return client.InstalledTag{}, err
	}
	if t, err = program.TagOf(ctx, tx, p.ID); err != nil {
		return client.InstalledTag{}, err
	}
	return a.tellTag(p, t), audit.Record(ctx, tx, who, audit.ProgramTag, p.ID)
}
