package api

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellPolicy(p program.Policy) client.Policy {
	return client.Policy{ID: p.ID, Since: p.Since, Model: tellModel(p.Model), Author: p.Author}
}

func readModel(m client.Model) (program.Model, error) {
	out := program.Model{Name: m.Name, HalfLife: m.HalfLifeHours}
	var err error
	if out.First, err = readRate("first", m.First); err != nil {
		return out, err
	}
	out.Last, err = readRate("last", m.Last)
	return out, err
}

// readRate reads a percentage that may be left out.
func readRate(field, text string) (money.Rate, error) {
	if text == "" {
		return 0, nil
	}
	rate, err := money.ParseRate(text)
	if err != nil {
		return 0, problem.Invalid(field, "%q is not a percentage from 0 to 100 with at most four decimals", text)
	}
	return rate, nil
}

func (a *API) listPolicies(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Policy], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Policy]{}, err
	}
	policies, err := program.Policies(ctx, a.db.Read(), []string{p.ID})
	if err != nil {
		return client.Page[client.Policy]{}, err
	}
	return pageOfAll(in.Paging, policies[p.ID], func(p program.Policy) string { return p.ID }, tellPolicy)
}

func (a *API) addPolicy(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewPolicy
}) (client.Policy, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Policy{}, err
	}
	m, err := readModel(in.Body.Model)
	if err != nil {
		return client.Policy{}, err
	}
	policy, err := commission.Decide(ctx, tx, a.keys, p.ID, orNow(in.Body.Since, tx), m, who.ID)
	if err != nil {
		return client.Policy{}, err
	}
	return tellPolicy(policy), audit.Record(ctx, tx, who, audit.ProgramModel, p.ID)
}

// orNow is the moment, or the transaction's when none was given.
func orNow(at time.Time, tx *db.Tx) time.Time {
	if at.IsZero() {
		return tx.Now
	}
	return at.UTC().Truncate(time.Millisecond)
}
