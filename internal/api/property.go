package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

func tellProperty(p partner.Property, c partner.Confirmation) client.Property {
	return client.Property{ID: p.ID, Kind: p.Kind, Address: p.Address, Audience: p.Audience, ConfirmedAt: tellMoment(c.At), CreatedAt: p.Created}
}

func (a *API) listProperties(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.Property], error) {
	s, p, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.Property]{}, err
	}
	list, err := partner.Properties(ctx, a.db.Read(), s.Partner.ID)
	if err != nil {
		return client.Page[client.Property]{}, err
	}
	confirmed, err := partner.Confirmed(ctx, a.db.Read(), s.Partner.ID, p.ID)
	if err != nil {
		return client.Page[client.Property]{}, err
	}
	return pageOfAll(in.Paging, list, func(o partner.Property) string { return o.ID },
		func(o partner.Property) client.Property { return tellProperty(o, confirmed[o.ID]) })
}

// theirs is a partner whom nobody but the asker's brand knows, so that the brand may speak for it.
func theirs(ctx context.Context, tx *db.Tx, who auth.Actor, partnership string) (partner.Partnership, error) {
	s, _, err := partnerships.of(ctx, tx, who, partnership)
	if err != nil {
		return s, err
	}
	_, shared, err := partnerOf(ctx, tx, who, s.Partner.ID)
	if err == nil && shared {
		err = problem.Conflict("partner_shared", "%s works with others too: only they themselves can change their properties", s.Partner.Name)
	}
	return s, err
}

func (a *API) addProperty(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewProperty
}) (client.Property, error) {
	s, err := theirs(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Property{}, err
	}
	n := in.Body
	p, err := partner.AddProperty(ctx, tx, partner.Property{Partner: s.Partner.ID, Kind: n.Kind, Address: n.Address, Audience: n.Audience})
	if err != nil {
		return client.Property{}, err
	}
	return tellProperty(p, partner.Confirmation{}), audit.Record(ctx, tx, who, audit.PropertyAdd, p.ID)
}

// propertyIn is the input of what is done to one property.
type propertyIn struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	ID          string `path:"property" doc:"Id of the property."`
}

func (a *API) confirmProperty(ctx context.Context, tx *db.Tx, who auth.Actor, in *propertyIn) (client.Property, error) {
	s, _, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Property{}, err
	}
	if err := partner.Confirm(ctx, tx, s, in.ID, who.ID); err != nil {
		return client.Property{}, err
	}
	p, err := partner.GetProperty(ctx, tx, in.ID)
	if err != nil {
		return client.Property{}, err
	}
	confirmed, err := partner.Confirmed(ctx, tx, s.Partner.ID, s.Program)
	if err != nil {
		return client.Property{}, err
	}
	return tellProperty(p, confirmed[p.ID]), audit.Record(ctx, tx, who, audit.PropertyConfirm, s.ID, audit.Note("address", p.Address))
}

func (a *API) removeProperty(ctx context.Context, tx *db.Tx, who auth.Actor, in *propertyIn) (client.Property, error) {
	s, err := theirs(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Property{}, err
	}
	p, err := partner.GetProperty(ctx, tx, in.ID)
	if err == nil && p.Partner != s.Partner.ID {
		err = problem.NotFound("property", in.ID)
	}
	if err != nil {
		return client.Property{}, err
	}
	if err := partner.RemoveProperty(ctx, tx, p.ID); err != nil {
		return client.Property{}, err
	}
	return tellProperty(p, partner.Confirmation{}), audit.Record(ctx, tx, who, audit.PropertyRemove, p.ID)
}
