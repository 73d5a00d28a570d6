package api

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

func tellTouch(t touch.Touch) client.Touch {
	subs := t.Sub[:]
	for len(subs) > 0 && subs[len(subs)-1] == "" {
		subs = subs[:len(subs)-1]
	}
	return client.Touch{ID: t.ID, Program: t.Program, Kind: string(t.Kind), Partnership: t.Partnership, Link: t.Link, At: t.At, Mark: string(t.Mark),
		URL: t.URL, Referrer: t.Referrer, Agent: t.Agent, Address: t.Address, Subs: slices.Clone(subs), Shared: t.Shared,
		Country: t.Country, Region: t.Region, Network: t.ASN, Sent: t.Sent, Variant: t.Variant}
}

func (a *API) listTouches(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Partnership string    `query:"partnership" doc:"Only of this partnership."`
	Link        string    `query:"link" doc:"Only by this link."`
	Mark        string    `query:"mark" doc:"Only those with this mark; any: all that do not count; none: those that do." enum:"bot,prefetch,head,embedded,datacentre,spam,rate,duplicate,expired,blocked,capped,refused,any,none"`
	Network     string    `query:"network" doc:"Only from this network, as address has it."`
	Agent       string    `query:"agent" doc:"Only of this browser, whole as it calls itself."`
	From        time.Time `query:"from" doc:"Only those that happened at this moment or later."`
	To          time.Time `query:"to" doc:"Only those that happened before this moment."`
}) (client.Page[client.Touch], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Touch]{}, err
	}
	list, err := touch.List(ctx, a.db.Read(), touch.Filter{Program: p.ID, Partnership: in.Partnership, Link: in.Link, Marks: marksNamed(in.Mark),
		Network: in.Network, Agent: in.Agent, From: in.From, To: in.To, After: in.After, Limit: in.more()})
	return page(in.Paging, list, touch.Touch.Cursor, tellTouch), err
}

// marksNamed are the marks that a list of touches is narrowed to.
func marksNamed(name string) []touch.Mark {
	switch name {
	case "":
		return nil
	case "any":
		return touch.Marks
	case "none":
		return []touch.Mark{touch.Counts}
	}
	return []touch.Mark{touch.Mark(name)}
}

func (a *API) judgeTouches(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewJudgement
}) (client.Judged, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Judged{}, err
	}
	n := in.Body
	if (n.All == nil) == (len(n.Touches) == 0) {
		return client.Judged{}, problem.Invalid("touches", "name the touches, or describe them in all")
	}
	ids, more := n.Touches, false
	if n.All != nil {
		if ids, more, err = described(ctx, tx, p.ID, *n.All, n.Counts); err != nil {
			return client.Judged{}, err
		}
	}
	judgement := commission.NewJudgement{Counts: n.Counts, Reason: n.Reason, Author: who.ID}
	r, err := commission.Rejudge(ctx, tx, a.keys, p.ID, ids, judgement)
	if err != nil {
		return client.Judged{}, err
	}
	return client.Judged{Touches: r.Touches, Already: r.Already, Conversions: r.Conversions, Final: r.Final, More: more,
		Earned: tellMoney(money.Of(r.Delta, p.Currency))}, audit.Judged(ctx, tx, who, p.ID, judgement, r)
}

// described are the touches that a judgement is about and that are judged otherwise so far, as many as fit into one.
func described(ctx context.Context, r db.Reader, prog string, of client.JudgedTouches, counts bool) (ids []string, more bool, err error) {
	f := touch.Filter{Program: prog, Partnership: of.Partnership, Link: of.Link, Network: of.Network, Agent: of.Agent, From: of.From, To: of.To,
		Limit: commission.RejudgeMost + 1}
	switch {
	case !counts && of.Mark != "":
		return nil, false, nil // they do not count already
	case !counts:
		f.Marks = []touch.Mark{touch.Counts}
	case of.Mark != "":
		f.Marks = []touch.Mark{touch.Mark(of.Mark)}
	default:
		f.Marks = touch.Marks
	}
	list, err := touch.List(ctx, r, f)
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	if len(ids) > commission.RejudgeMost {
		return ids[:commission.RejudgeMost], true, err
	}
	return ids, false, err
}
