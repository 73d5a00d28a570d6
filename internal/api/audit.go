package api

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/problem"
)

func tellAudit(e audit.Entry) client.AuditEntry {
	return client.AuditEntry{ID: e.ID, At: e.At, Program: e.Program, ActorKind: string(e.Kind), Actor: e.Who, ActorName: e.Name, From: e.From,
		Action: string(e.Action), Subject: e.Subject, Title: e.Title,
		Changes: tellAll(e.Changes, func(c audit.Change) client.AuditChange { return client.AuditChange(c) })}
}

func (a *API) listAudit(ctx context.Context, who auth.Actor, in *struct {
	Paging
	Actor   string    `query:"actor" doc:"Only by this person, partner or token, by its id; or command, or system."`
	Action  string    `query:"action" doc:"Only this action, such as partnership.pause."`
	Subject string    `query:"subject" doc:"Only about this thing, by its id."`
	Program string    `query:"program" doc:"Only of this program, by its id."`
	From    time.Time `query:"from" doc:"Only at this moment or later."`
	To      time.Time `query:"to" doc:"Only before this moment."`
}) (client.Page[client.AuditEntry], error) {
	f := audit.Filter{Brand: who.Brand, Program: in.Program, Who: in.Actor, Action: audit.Action(in.Action), From: in.From, To: in.To,
		Before: in.After, Limit: in.more()}
	if f.Action != "" && !slices.Contains(audit.Actions, f.Action) {
		return client.Page[client.AuditEntry]{}, problem.Invalid("action", "there is no action %q", in.Action)
	}
	if in.Subject != "" {
		f.Subjects = []string{in.Subject}
	}
	list, err := audit.List(ctx, a.db.Read(), f)
	return page(in.Paging, list, func(e audit.Entry) string { return e.ID }, tellAudit), err
}
