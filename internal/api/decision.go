package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellDecision(d commission.Decision) client.Decision {
	return client.Decision{ID: d.ID, Partnership: d.Partnership, Decision: string(d.Kind), Reason: d.Reason, Note: d.Note, Author: d.Author, At: d.At}
}

// decideCommissions answers each commission by itself, all in one transaction.
func (a *API) decideCommissions(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.NewDecision }) (client.DecisionResults, error) {
	ours, err := commissionsOf(ctx, tx, who, in.Body.Commissions)
	if err != nil {
		return client.DecisionResults{}, err
	}
	var ids []string
	var places []int
	out := client.DecisionResults{Results: make([]client.DecisionResult, len(in.Body.Commissions))}
	for i, id := range in.Body.Commissions {
		if ours[id] {
			ids, places = append(ids, id), append(places, i)
			continue
		}
		out.Results[i] = tellDecided(id, db.Result[commission.Decided]{Err: problem.NotFound("commission", id)})
	}
	n := commission.NewDecision{Kind: commission.Kind(in.Body.Decision), Reason: in.Body.Reason, Note: in.Body.Note, Author: who.ID}
	list, err := commission.DecideOn(ctx, tx, a.keys, ids, n)
	if err != nil {
		return client.DecisionResults{}, err
	}
	for j, result := range list {
		out.Results[places[j]] = tellDecided(ids[j], result)
	}
	return out, audit.Decided(ctx, tx, who, n, list)
}

func tellDecided(id string, result db.Result[commission.Decided]) client.DecisionResult {
	out := client.DecisionResult{ID: id, Status: "done"}
	if result.Value.Commission.ID != "" {
		c := tellCommission(result.Value.Commission)
		out.Commission = &c
	}
	if p, refused := problem.As(result.Err); refused {
		told := asProblem(p, false)
		out.Status, out.Problem = "refused", &told
	} else if result.Value.Already {
		out.Status = "already"
	}
	return out
}

// commissionsOf are those of the ids that are the asker's.
func commissionsOf(ctx context.Context, r db.Reader, who auth.Actor, ids []string) (map[string]bool, error) {
	found, err := commission.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range found {
		names = append(names, c.Program)
	}
	programs, err := program.Several(ctx, r, names)
	ours := make(map[string]bool, len(found))
	for id, c := range found {
		ours[id] = programs[c.Program].Brand == who.Brand
	}
	return ours, err
}
