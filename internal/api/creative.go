package api

import (
	"context"
	"net/url"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
)

func (a *API) tellLink(l creative.Link) client.Link {
	return client.Link{ID: l.ID, Program: l.Program, Partnership: l.Partnership, Code: l.Code, URL: a.linkBase(l) + url.PathEscape(l.Code),
		Target: l.Target, Label: l.Label, CreatedAt: l.Created,
		Ends: momentOrNull(l.Ends), Afterwards: l.Afterwards}
}

func tellCode(c creative.Code) client.Code {
	return client.Code{Program: c.Program, Partnership: c.Partnership, Code: c.Code, CreatedAt: c.Created}
}

func (a *API) listLinks(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.Link], error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.Link]{}, err
	}
	list, err := creative.Links(ctx, a.db.Read(), s.ID, in.After, in.more())
	return page(in.Paging, list, func(l creative.Link) string { return l.ID }, a.tellLink), err
}

func (a *API) getLink(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"link" doc:"Id of the link."`
}) (client.Link, error) {
	l, _, err := links.of(ctx, a.db.Read(), who, in.ID)
	return a.tellLink(l), err
}

func (a *API) createLink(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewLink
}) (client.Link, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Link{}, err
	}
	n := creative.Link{Partnership: s.ID, Code: in.Body.Code, Target: in.Body.Target, Label: in.Body.Label, Afterwards: in.Body.Afterwards}
	if in.Body.Ends != nil {
		n.Ends = *in.Body.Ends
	}
	l, err := creative.CreateLink(ctx, tx, p, n)
	if err != nil {
		return client.Link{}, err
	}
	return a.tellLink(l), audit.Record(ctx, tx, who, audit.LinkCreate, l.ID)
}

func (a *API) listCodes(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.Code], error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.Code]{}, err
	}
	codes, err := creative.Codes(ctx, a.db.Read(), s.ID)
	if err != nil {
		return client.Page[client.Code]{}, err
	}
	return pageOfAll(in.Paging, codes, func(c creative.Code) string { return c.Code }, tellCode)
}

func (a *API) createCode(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewCode
}) (client.Code, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Code{}, err
	}
	c, err := commission.GiveCode(ctx, tx, a.keys, p.ID, s.ID, in.Body.Code)
	if err != nil {
		return client.Code{}, err
	}
	return tellCode(c), audit.Record(ctx, tx, who, audit.PartnershipCode, s.ID)
}
