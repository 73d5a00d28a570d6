package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellPartner(who auth.Actor, p partner.Partner) client.Partner {
	return client.Partner{ID: p.ID, Name: p.Name, Kind: p.Kind, Email: p.Email, Website: p.Website, Country: p.Country, Locale: p.Locale,
		Rail: p.Rail, PayTo: account(who, p.PayTo), CreatedAt: p.Created}
}

func readPartner(n client.NewPartner) partner.Partner {
	return partner.Partner{Name: n.Name, Kind: n.Kind, Email: n.Email, Website: n.Website, Country: n.Country, Locale: n.Locale, Rail: n.Rail, PayTo: n.PayTo}
}

// partnerOf is the partner with the id, if it is in one of the asker's programs. shared tells whether it is in others' too.
func partnerOf(ctx context.Context, r db.Reader, who auth.Actor, id string) (p partner.Partner, shared bool, err error) {
	in, err := partner.In(ctx, r, id)
	if err != nil {
		return p, false, err
	}
	names := make([]string, len(in))
	for i, s := range in {
		names[i] = s.Program
	}
	programs, err := program.Several(ctx, r, names)
	if err != nil {
		return p, false, err
	}
	ours := false
	for _, s := range in {
		if programs[s.Program].Brand == who.Brand {
			p, ours = s.Partner, true
		} else {
			shared = true
		}
	}
	if !ours {
		return partner.Partner{}, false, problem.NotFound("partner", id)
	}
	return p, shared, nil
}

func (a *API) getPartner(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"partner" doc:"Id of the partner."`
}) (client.Partner, error) {
	p, _, err := partnerOf(ctx, a.db.Read(), who, in.ID)
	return tellPartner(who, p), err
}

// changePartner writes a profile anew, but never one that other brands pay by.
func (a *API) changePartner(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"partner" doc:"Id of the partner."`
	Body client.PartnerChange
}) (client.Partner, error) {
	p, shared, err := partnerOf(ctx, tx, who, in.ID)
	if err != nil {
		return client.Partner{}, err
	}
	if shared {
		return client.Partner{}, problem.Conflict("partner_shared", "%s works with others too: only they themselves can change their profile", p.Name)
	}
	was, n := p, in.Body
	set(&p.Name, n.Name)
	set(&p.Kind, n.Kind)
	set(&p.Email, n.Email)
	set(&p.Website, n.Website)
	set(&p.Country, n.Country)
	set(&p.Locale, n.Locale)
	set(&p.Rail, n.Rail)
	set(&p.PayTo, n.PayTo)
	if p, err = partner.Change(ctx, tx, p); err != nil {
		return client.Partner{}, err
	}
	if err := mail.PayoutMethodChanged(ctx, tx, a.base+"/partner", was, p); err != nil {
		return client.Partner{}, err
	}
	return tellPartner(who, p), audit.Record(ctx, tx, who, audit.PartnerChange, p.ID)
}
