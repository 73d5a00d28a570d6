package api

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/touch"
)

func tellTouch(t touch.Touch) client.Touch {
	subs := t.Sub[:]
	for len(subs) > 0 && subs[len(subs)-1] == "" {
		subs = subs[:len(subs)-1]
	}
	return client.Touch{ID: t.ID, Program: t.Program, Kind: string(t.Kind), Partnership: t.Partnership, Link: t.Link, At: t.At, Mark: string(t.Mark),
		URL: t.URL, Referrer: t.Referrer, Agent: t.Agent, Address: t.Address, Subs: slices.Clone(subs), Shared: t.Shared}
}

func (a *API) listTouches(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Partnership string    `query:"partnership" doc:"Only of this partnership."`
	Link        string    `query:"link" doc:"Only by this link."`
	From        time.Time `query:"from" doc:"Only those that happened at this moment or later."`
	To          time.Time `query:"to" doc:"Only those that happened before this moment."`
}) (client.Page[client.Touch], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Touch]{}, err
	}
	list, err := touch.List(ctx, a.db.Read(), touch.Filter{Program: p.ID, Partnership: in.Partnership, Link: in.Link, From: in.From, To: in.To,
		After: in.After, Limit: in.more()})
	return page(in.Paging, list, touch.Touch.Cursor, tellTouch), err
}
