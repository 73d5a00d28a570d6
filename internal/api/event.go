package api

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/event"
)

func tellEvent(e event.Event) client.Event {
	return client.Event{Seq: e.Seq, ID: e.ID, Type: string(e.Kind), Program: e.Program, Subject: e.Subject, At: e.At, Data: e.Data}
}

func (a *API) listEvents(ctx context.Context, who auth.Actor, in *struct {
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	After   int64  `query:"after" minimum:"0" doc:"The seq of the last event that you have seen; from the first event when left out."`
	Type    string `query:"type" doc:"Only of this type, such as conversion.created."`
	Program string `query:"program" doc:"Only of this program, by its id."`
	Subject string `query:"subject" doc:"Only about this thing, by its id."`
}) (client.Page[client.Event], error) {
	paging := Paging{Limit: in.Limit}
	list, err := event.List(ctx, a.db.Read(), event.Filter{Brand: who.Brand, Program: in.Program, Subject: in.Subject, Kind: event.Kind(in.Type),
		After: in.After, Limit: paging.more()})
	return page(paging, list, func(e event.Event) string { return strconv.FormatInt(e.Seq, 10) }, tellEvent), err
}
