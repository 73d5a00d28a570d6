package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellCodePolicy(p program.CodePolicy) client.CodePolicy {
	return client.CodePolicy{ID: p.ID, Since: p.Since, Credit: string(p.Credit), Author: p.Author}
}

func (a *API) listCodePolicies(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.CodePolicy], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.CodePolicy]{}, err
	}
	all, err := program.CodePolicies(ctx, a.db.Read(), []string{p.ID})
	if err != nil {
		return client.Page[client.CodePolicy]{}, err
	}
	return pageOfAll(in.Paging, all[p.ID], func(p program.CodePolicy) string { return p.ID }, tellCodePolicy)
}

func (a *API) addCodePolicy(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewCodePolicy
}) (client.CodePolicy, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.CodePolicy{}, err
	}
	policy, err := commission.DecideCodes(ctx, tx, a.keys, p.ID, orNow(in.Body.Since, tx), program.CodeCredit(in.Body.Credit), who.ID)
	if err != nil {
		return client.CodePolicy{}, err
	}
	return tellCodePolicy(policy), audit.Record(ctx, tx, who, audit.ProgramCodes, p.ID)
}

func tellStanding(s creative.Standing) client.CodeStanding {
	return client.CodeStanding{Partnership: s.Partnership, Since: s.Since, Suspended: s.Suspended, Near: string(s.Near), Hosts: s.Hosts, Reason: s.Reason, Author: s.Author}
}

func (a *API) listStandings(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Code    string `path:"code" doc:"The promo code."`
	Paging
}) (client.Page[client.CodeStanding], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.CodeStanding]{}, err
	}
	code, err := creative.GetCode(ctx, a.db.Read(), p.ID, in.Code)
	if err != nil {
		return client.Page[client.CodeStanding]{}, err
	}
	all, err := creative.Standings(ctx, a.db.Read(), p.ID, map[string]creative.Code{code.Code: code})
	if err != nil {
		return client.Page[client.CodeStanding]{}, err
	}
	return pageOfAll(in.Paging, all[code.Code], func(s creative.Standing) string { return s.ID }, tellStanding)
}

func (a *API) standCode(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Code    string `path:"code" doc:"The promo code."`
	Body    client.NewCodeStanding
}) (client.CodeStanding, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.CodeStanding{}, err
	}
	code, err := creative.GetCode(ctx, tx, p.ID, in.Code)
	if err != nil {
		return client.CodeStanding{}, err
	}
	s := creative.Standing{Program: p.ID, Code: code.Code, Partnership: code.Partnership, Since: orNow(in.Body.Since, tx), Suspended: in.Body.Suspended,
		Near: creative.Near(in.Body.Near), Hosts: in.Body.Hosts, Reason: in.Body.Reason, Author: who.ID}
	if name := in.Body.Partnership; name != "" {
		to, _, err := partnerships.of(ctx, tx, who, name)
		if err != nil {
			return client.CodeStanding{}, err
		}
		if to.Program != p.ID {
			return client.CodeStanding{}, problem.NotFound("partnership", name)
		}
		s.Partnership = to.ID
	}
	if s, err = commission.StandCode(ctx, tx, a.keys, s); err != nil {
		return client.CodeStanding{}, err
	}
	return tellStanding(s), audit.CodeStood(ctx, tx, who, s)
}

func tellBatchOfCodes(b creative.BatchUse) client.CodeBatch {
	return client.CodeBatch{ID: b.ID, Program: b.Program, Partnership: b.Partnership, Label: b.Label, Size: b.Size, Used: b.Used, CreatedAt: b.Created}
}

func (a *API) listCodeBatches(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.CodeBatch], error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.CodeBatch]{}, err
	}
	list, err := creative.Batches(ctx, a.db.Read(), s.ID)
	if err != nil {
		return client.Page[client.CodeBatch]{}, err
	}
	return pageOfAll(in.Paging, list, func(b creative.BatchUse) string { return b.ID }, tellBatchOfCodes)
}

func (a *API) createCodeBatch(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewCodeBatch
}) (client.CodeBatch, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.CodeBatch{}, err
	}
	b, err := creative.CreateBatch(ctx, tx, creative.Batch{Program: p.ID, Partnership: s.ID, Size: in.Body.Size, Prefix: in.Body.Prefix, Label: in.Body.Label, Author: who.ID})
	if err != nil {
		return client.CodeBatch{}, err
	}
	return tellBatchOfCodes(creative.BatchUse{Batch: b}), audit.BatchOfCodes(ctx, tx, who, b)
}

func (a *API) listBatchCodes(ctx context.Context, who auth.Actor, in *struct {
	Batch string `path:"code_batch" doc:"Id of the batch."`
	Paging
}) (client.Page[client.SingleCode], error) {
	b, err := creative.GetBatch(ctx, a.db.Read(), in.Batch)
	if err == nil {
		_, err = programOf(ctx, a.db.Read(), who, b.Program)
	}
	if err != nil {
		return client.Page[client.SingleCode]{}, problem.NotFound("batch", in.Batch)
	}
	list, err := creative.CodesIn(ctx, a.db.Read(), b)
	if err != nil {
		return client.Page[client.SingleCode]{}, err
	}
	return pageOfAll(in.Paging, list, func(c creative.SingleCode) string { return c.Code }, func(c creative.SingleCode) client.SingleCode {
		return client.SingleCode{Code: c.Code, OrderID: c.Order, UsedAt: c.Used}
	})
}
