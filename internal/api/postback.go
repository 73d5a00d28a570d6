package api

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
)

var postbacks = kind[postback.Postback]{"postback", postback.Find, func(p postback.Postback) string { return p.Program }}

// tellPostbacks says of postbacks how they stand. Of the address, which may hold a key of the partner's, it tells the server.
func tellPostbacks(ctx context.Context, r db.Reader, list []postback.Postback) (map[string]client.Postback, error) {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	targets, err := deliver.Targets(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	tallies, err := deliver.Tallies(ctx, r, ids)
	told := map[string]client.Postback{}
	for _, p := range list {
		t, n := targets[p.ID], tallies[p.ID]
		out := client.Postback{ID: p.ID, Program: p.Program, Partnership: p.Partnership, Name: p.Name, Moments: []string{}, Events: append([]string{}, p.Events...), State: "active",
			PausedBy: string(t.PausedBy), FailingAt: tellMoment(t.Failing), Waiting: n.Waiting, Delivered: n.Delivered, Failed: n.Failed, CreatedAt: p.Created}
		for _, m := range p.Moments {
			out.Moments = append(out.Moments, string(m))
		}
		if template, err := postback.Parse(p.Template); err == nil {
			out.Host = template.Host()
		}
		switch {
		case !t.Paused.IsZero():
			out.State = "paused"
		case !t.Failing.IsZero():
			out.State = "failing"
		}
		told[p.ID] = out
	}
	return told, err
}

func tellPostback(ctx context.Context, r db.Reader, p postback.Postback) (client.Postback, error) {
	told, err := tellPostbacks(ctx, r, []postback.Postback{p})
	return told[p.ID], err
}

func (a *API) listPostbacks(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Postback], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Postback]{}, err
	}
	list, err := postback.In(ctx, a.db.Read(), p.ID, in.After, in.more())
	if err != nil {
		return client.Page[client.Postback]{}, err
	}
	told, err := tellPostbacks(ctx, a.db.Read(), list)
	return page(in.Paging, list, func(p postback.Postback) string { return p.ID }, func(p postback.Postback) client.Postback { return told[p.ID] }), err
}

func (a *API) getPostback(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"postback" doc:"Id of the postback."`
}) (client.Postback, error) {
	p, _, err := postbacks.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Postback{}, err
	}
	return tellPostback(ctx, a.db.Read(), p)
}

func (a *API) listDeliveries(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"postback" doc:"Id of the postback."`
	Paging
}) (client.Page[client.Delivery], error) {
	none := client.Page[client.Delivery]{}
	p, _, err := postbacks.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return none, err
	}
	var before int64
	if in.After != "" {
		if before, err = strconv.ParseInt(in.After, 10, 64); err != nil || before < 1 {
			return none, problem.Invalid("after", "the cursor is not where a list goes on")
		}
	}
	list, err := deliver.List(ctx, a.db.Read(), deliver.Filter{Target: p.ID, Before: before, Limit: in.more()})
	if err != nil {
		return none, err
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	attempts, err := deliver.AttemptsAt(ctx, a.db.Read(), ids)
	return page(in.Paging, list, func(d deliver.Delivery) string { return strconv.FormatInt(d.Number, 10) },
		func(d deliver.Delivery) client.Delivery { return tellDelivery(d, attempts[d.ID]) }), err
}

// tellDelivery leaves out the message and the answers: they are between the partner and their server.
func tellDelivery(d deliver.Delivery, attempts []deliver.Attempt) client.Delivery {
	out := client.Delivery{ID: d.ID, Sequence: d.Number, Moment: d.About, Commission: d.Subject, Test: d.Test, State: string(d.State), Attempts: []client.Attempt{},
		CreatedAt: d.Created, FinishedAt: tellMoment(d.Finished)}
	if d.State == deliver.Waiting {
		out.NextAt = tellMoment(d.Due)
	}
	for _, a := range attempts {
		out.Attempts = append(out.Attempts, client.Attempt{At: a.At, TookMS: a.Took.Milliseconds(), Status: a.Status, Fault: string(a.Fault)})
	}
	return out
}

func (a *API) pausePostback(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"postback" doc:"Id of the postback."`
}) (client.Postback, error) {
	return treatPostback(ctx, tx, who, in.ID, deliver.Stop, audit.PostbackPause)
}

func (a *API) resumePostback(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"postback" doc:"Id of the postback."`
}) (client.Postback, error) {
	return treatPostback(ctx, tx, who, in.ID, deliver.Start, audit.PostbackResume)
}

func treatPostback(ctx context.Context, tx *db.Tx, who auth.Actor, id string, do func(context.Context, *db.Tx, string, deliver.Pause) error, what audit.Action) (client.Postback, error) {
	p, _, err := postbacks.of(ctx, tx, who, id)
	if err == nil {
		err = do(ctx, tx, p.ID, deliver.ByBrand)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, what, p.ID)
	}
	if err != nil {
		return client.Postback{}, err
	}
	return tellPostback(ctx, tx, p)
}

func (a *API) replayPostback(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"postback" doc:"Id of the postback."`
	Body client.NewReplay
}) (client.Replayed, error) {
	p, _, err := postbacks.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Replayed{}, err
	}
	var n int64
	switch one, from, to := in.Body.Delivery, in.Body.From, in.Body.To; {
	case one != "" && from == nil && to == nil:
		var d deliver.Delivery
		if d, err = deliver.Get(ctx, tx, one); err == nil && d.Target != p.ID {
			err = problem.NotFound("delivery", one)
		}
		if err == nil {
			n, err = deliver.Replay(ctx, tx, d)
		}
	case one == "" && from != nil && to != nil:
		n, err = deliver.ReplaySpan(ctx, tx, p.ID, *from, *to)
	default:
		err = problem.Invalid("delivery", "name a delivery, or a span with from and to")
	}
	if err != nil {
		return client.Replayed{}, err
	}
	return client.Replayed{Deliveries: n}, audit.Record(ctx, tx, who, audit.PostbackReplay, p.ID, audit.Note("messages", strconv.FormatInt(n, 10)))
}
