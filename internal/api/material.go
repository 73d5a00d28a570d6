package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

var materials = kind[creative.Material]{"creative", creative.Get, func(m creative.Material) string { return m.Program }}

// pictured takes a body that can have a picture in it.
func pictured(answer answerer) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.MaxBodyBytes = 1 << 20 // 500 kB are a third more in base64
		answer(a, op, needs)
	}
}

func (a *API) tellCreative(m creative.Material) client.Creative {
	out := client.Creative{ID: m.ID, Program: m.Program, Kind: string(m.Kind), Name: m.Name, Target: m.Target, Language: m.Locale, Place: m.Place,
		Subject: m.Subject, Text: m.Text, Width: m.Width, Height: m.Height, Starts: momentOrNull(m.Starts), Ends: momentOrNull(m.Ends),
		State: m.State(a.db.Now()), CreatedAt: m.Created}
	if m.Kind == creative.Banner {
		out.Picture = a.base + m.Source()
	}
	return out
}

func momentOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *API) listCreatives(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Creative], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Creative]{}, err
	}
	list, err := creative.Library(ctx, a.db.Read(), p.ID)
	if err != nil {
		return client.Page[client.Creative]{}, err
	}
	return pageOfAll(in.Paging, list, func(m creative.Material) string { return m.ID }, a.tellCreative)
}

func (a *API) getCreative(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"creative" doc:"Id of the creative."`
}) (client.Creative, error) {
	m, _, err := materials.of(ctx, a.db.Read(), who, in.ID)
	return a.tellCreative(m), err
}

func (a *API) createCreative(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewCreative
}) (client.Creative, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Creative{}, err
	}
	n := in.Body
	m := creative.Material{Kind: creative.Kind(n.Kind), Name: n.Name, Target: n.Target, Locale: n.Language, Place: n.Place, Subject: n.Subject,
		Text: n.Text, Author: who.ID}
	if n.Starts != nil {
		m.Starts = n.Starts.UTC().Truncate(time.Millisecond)
	}
	if n.Ends != nil {
		m.Ends = n.Ends.UTC().Truncate(time.Millisecond)
	}
	if m, err = creative.Add(ctx, tx, p, m, n.Picture); err != nil {
		return client.Creative{}, err
	}
	return a.tellCreative(m), audit.Record(ctx, tx, who, audit.CreativeAdd, m.ID)
}

func (a *API) archiveCreative(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"creative" doc:"Id of the creative."`
}) (client.Creative, error) {
	m, _, err := materials.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Creative{}, err
	}
	if err := creative.Archive(ctx, tx, m.ID, true); err != nil {
		return client.Creative{}, err
	}
	if m, err = creative.Get(ctx, tx, m.ID); err != nil {
		return client.Creative{}, err
	}
	return a.tellCreative(m), audit.Record(ctx, tx, who, audit.CreativeArchive, m.ID)
}

func (a *API) takeCreative(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Creative    string `path:"creative" doc:"Id of the creative."`
}) (client.CreativeCode, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.CreativeCode{}, err
	}
	m, of, err := materials.of(ctx, tx, who, in.Creative)
	if err == nil && of.ID != p.ID {
		err = problem.NotFound("creative", in.Creative)
	}
	if err != nil {
		return client.CreativeCode{}, err
	}
	l, err := creative.Take(ctx, tx, p, m, s.ID)
	if err == nil && l.Created.Equal(tx.Now) { // else it was taken before, which is no change
		err = audit.Record(ctx, tx, who, audit.LinkCreate, l.ID)
	}
	link := a.tellLink(l)
	return client.CreativeCode{Creative: m.ID, Partnership: s.ID, Link: link, HTML: m.HTML(link.URL, l.Code, a.base), Plain: m.Plain(link.URL), Subject: m.Subject}, err
}
