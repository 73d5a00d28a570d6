package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

func tellGroup(g partner.Group) client.Group {
	return client.Group{ID: g.ID, Program: g.Program, Name: g.Name, Colour: g.Colour, Members: g.Members, CreatedAt: g.Created}
}

func (a *API) listGroups(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Group], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Group]{}, err
	}
	list, err := partner.Groups(ctx, a.db.Read(), p.ID)
	if err != nil {
		return client.Page[client.Group]{}, err
	}
	return pageOfAll(in.Paging, list, func(g partner.Group) string { return g.ID }, tellGroup)
}

func (a *API) createGroup(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewGroup
}) (client.Group, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Group{}, err
	}
	g, err := partner.CreateGroup(ctx, tx, partner.Group{Program: p.ID, Name: in.Body.Name, Colour: in.Body.Colour})
	if err != nil {
		return client.Group{}, err
	}
	return tellGroup(g), audit.Record(ctx, tx, who, audit.GroupCreate, g.ID)
}

func (a *API) changeGroup(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"group" doc:"Id of the group."`
	Body client.GroupChange
}) (client.Group, error) {
	g, _, err := groups.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Group{}, err
	}
	set(&g.Name, in.Body.Name)
	set(&g.Colour, in.Body.Colour)
	if g, err = partner.ChangeGroup(ctx, tx, g); err != nil {
		return client.Group{}, err
	}
	return tellGroup(g), audit.Record(ctx, tx, who, audit.GroupChange, g.ID)
}

func (a *API) dissolveGroup(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"group" doc:"Id of the group."`
	Body *client.Dissolution
}) (client.Group, error) {
	g, _, err := groups.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Group{}, err
	}
	var into partner.Group
	if in.Body != nil && in.Body.Into != "" {
		if into, _, err = groups.of(ctx, tx, who, in.Body.Into); err != nil {
			return client.Group{}, err
		}
	}
	if err := partner.DissolveGroup(ctx, tx, g, into.ID); err != nil {
		return client.Group{}, err
	}
	return tellGroup(g), audit.Record(ctx, tx, who, audit.GroupDissolve, g.ID, audit.Note("into", into.Name))
}

func (a *API) listTags(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Tag], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Tag]{}, err
	}
	list, err := partner.TagsIn(ctx, a.db.Read(), p.ID)
	if err != nil {
		return client.Page[client.Tag]{}, err
	}
	return pageOfAll(in.Paging, list, func(t partner.TagCount) string { return t.Tag }, func(t partner.TagCount) client.Tag { return client.Tag(t) })
}

// changePartnership writes down what the brand keeps about a partnership.
func (a *API) changePartnership(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"partnership" doc:"Id of the partnership."`
	Body client.Care
}) (client.Partnership, error) {
	s, _, err := partnerships.of(ctx, tx, who, in.ID)
	if err == nil && in.Body.Group != nil {
		err = partner.SetGroup(ctx, tx, s, *in.Body.Group)
	}
	if err == nil && in.Body.Manager != nil {
		err = partner.SetManager(ctx, tx, s, *in.Body.Manager)
	}
	if err == nil && in.Body.Tags != nil {
		err = partner.Retag(ctx, tx, s, in.Body.Tags)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.PartnershipCare, s.ID)
	}
	return tellPartnershipIn(ctx, tx, who, s, err)
}
