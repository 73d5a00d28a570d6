package api

import (
	"bytes"
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
	"github.com/tributary-hq/tributary/internal/problem"
)

func tellProposal(p payout.Proposal) client.Proposal {
	return client.Proposal{Partnership: p.Partnership.ID, Payee: p.Partnership.Partner.Name, Amount: tellMoney(p.Amount), Pays: p.Why == "", Reason: p.Why}
}

func (a *API) listProposals(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	IgnoreCycle bool `query:"ignore_cycle" doc:"As if a batch was made that ignores the payout cycle."`
}) (client.Page[client.Proposal], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Proposal]{}, err
	}
	proposals, err := payout.Propose(ctx, a.db.Read(), p, a.db.Now(), payout.Options{IgnoreCycle: in.IgnoreCycle})
	if err != nil {
		return client.Page[client.Proposal]{}, err
	}
	return pageOfAll(in.Paging, proposals, func(p payout.Proposal) string { return p.Partnership.ID }, tellProposal)
}

func tellBatch(b payout.Batch) client.Batch {
	return client.Batch{ID: b.ID, Program: b.Program, Currency: string(b.Currency), Author: b.Author, CreatedAt: b.Created, Approver: b.Approver,
		ApprovedAt: tellMoment(b.Approved)}
}

// wholeBatch is a batch with its payouts and files.
func (a *API) wholeBatch(ctx context.Context, r db.Reader, who auth.Actor, b payout.Batch) (client.Batch, error) {
	out := tellBatch(b)
	list, err := payout.In(ctx, r, b.ID)
	if err != nil {
		return out, err
	}
	files, err := payout.Files(ctx, r, b.ID)
	out.Payouts = tellAll(list, func(p payout.Payout) client.Payout { return tellPayout(who, p) })
	out.Files = tellAll(files, func(f payout.File) client.File {
		return client.File{Name: f.Name, Rail: f.Rail, URL: a.base + "/v1/batches/" + b.ID + "/files/" + url.PathEscape(f.Name), CreatedAt: f.Created}
	})
	return out, err
}

func (a *API) listBatches(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Batch], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Batch]{}, err
	}
	list, err := payout.Batches(ctx, a.db.Read(), p.ID, in.After, in.more())
	return page(in.Paging, list, func(b payout.Batch) string { return b.ID }, tellBatch), err
}

// BatchIn is the input of all that is done with one batch.
type BatchIn struct {
	ID string `path:"batch" doc:"Id of the batch."`
}

func (a *API) getBatch(ctx context.Context, who auth.Actor, in *BatchIn) (client.Batch, error) {
	b, _, err := batches.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Batch{}, err
	}
	return a.wholeBatch(ctx, a.db.Read(), who, b)
}

func (a *API) createBatch(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    *client.NewBatch
}) (client.Batch, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Batch{}, err
	}
	var o payout.Options
	if in.Body != nil {
		o.IgnoreCycle = in.Body.IgnoreCycle
	}
	b, err := payout.Make(ctx, tx, p.ID, o, who.ID)
	if err != nil {
		return client.Batch{}, err
	}
	if err := audit.Record(ctx, tx, who, audit.BatchMake, b.ID); err != nil {
		return client.Batch{}, err
	}
	return a.wholeBatch(ctx, tx, who, b)
}

func (a *API) approveBatch(ctx context.Context, tx *db.Tx, who auth.Actor, in *BatchIn) (client.Batch, error) {
	b, _, err := batches.of(ctx, tx, who, in.ID)
	if err == nil {
		b, err = payout.Approve(ctx, tx, b.ID, who.ID)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.BatchApprove, b.ID)
	}
	if err != nil {
		return client.Batch{}, err
	}
	return a.wholeBatch(ctx, tx, who, b)
}

func (a *API) sendBatch(ctx context.Context, tx *db.Tx, who auth.Actor, in *BatchIn) (client.Batch, error) {
	b, _, err := batches.of(ctx, tx, who, in.ID)
	if err == nil {
		_, err = payout.Send(ctx, tx, b.ID)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.BatchSend, b.ID)
	}
	if err != nil {
		return client.Batch{}, err
	}
	return a.wholeBatch(ctx, tx, who, b)
}

// download is a file for huma.
type download struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// getFile answers the bytes of a file as they were first written.
func (a *API) getFile(ctx context.Context, who auth.Actor, in *struct {
	BatchIn
	Name string `path:"name" doc:"Name of the file."`
}) (*download, error) {
	b, _, err := batches.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return nil, err
	}
	files, err := payout.Files(ctx, a.db.Read(), b.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.Name == in.Name {
			return &download{"text/csv; charset=utf-8", `attachment; filename="` + f.Name + `"`, f.Body}, nil
		}
	}
	return nil, problem.NotFound("file", in.Name)
}

// downloads is a read that answers a file.
func downloads[I any](handle func(*API, context.Context, auth.Actor, *I) (*download, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.Responses["200"] = &huma.Response{Description: "The file.", Content: map[string]*huma.MediaType{
			"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}
		op.Middlewares = huma.Middlewares{a.admit(needs, op)}
		huma.Register(a.huma, op, func(ctx context.Context, in *I) (*download, error) {
			out, err := handle(a, ctx, callerIn(ctx).Actor, in)
			if err != nil {
				return nil, a.refuse(ctx, op.Method, op.Path, err)
			}
			return out, nil
		})
	}
}

// settleBatch takes a payment service's results and says what each line did.
func (a *API) settleBatch(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	BatchIn
	RawBody []byte `contentType:"text/csv" doc:"The file, as the payment service gives it out, or simply id,status,reason."`
}) (client.Outcomes, error) {
	b, _, err := batches.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Outcomes{}, err
	}
	results, err := csv.ReadResults(bytes.NewReader(in.RawBody))
	if err != nil {
		return client.Outcomes{}, problem.Wrong("", "results_unreadable", "%v", err)
	}
	outcomes, err := payout.Settle(ctx, tx, b.ID, results, who.ID)
	if err != nil {
		return client.Outcomes{}, err
	}
	return client.Outcomes{Outcomes: tellAll(outcomes, tellOutcome)}, audit.Record(ctx, tx, who, audit.BatchSettle, b.ID)
}

func tellOutcome(o payout.Outcome) client.Outcome {
	reason := o.Reason
	if o.Fault != "" {
		reason = o.Fault
	}
	return client.Outcome{Line: o.Line, Payout: o.ID, Did: o.Did, State: string(o.Payout.State), Reason: reason}
}
