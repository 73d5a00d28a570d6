package api

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/sheet"
	"github.com/tributary-hq/tributary/internal/upload"
)

var uploads = kind[upload.Upload]{"upload", upload.Get, func(u upload.Upload) string { return u.Program }}

// filed takes a body that has a file in it.
func filed(answer answerer) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.MaxBodyBytes = sheet.Most/3*4 + (1 << 16) // base64
		answer(a, op, needs)
	}
}

// InProgram and OfUpload are exported because huma passes over what is not.
type InProgram struct {
	Program string `path:"program" doc:"Id or short name of the program."`
}

func tellUpload(u upload.Upload) client.Upload {
	return client.Upload{ID: u.ID, Program: u.Program, Partnership: u.Partnership, Kind: string(u.Kind), Name: u.Name, Bytes: u.Bytes, Columns: u.Reading.Columns,
		Missing: u.Reading.Missing(u.Kind, u.Partnership), Decimal: u.Reading.Decimal, Dates: string(u.Reading.Dates), State: string(u.State), Lines: u.Total,
		Done: u.Done, Accepted: u.Accepted, Known: u.Known, Refused: u.Refused, CreatedAt: u.Created, FinishedAt: momentOrNull(u.Finished)}
}

func (a *API) listUploads(ctx context.Context, who auth.Actor, in *struct {
	InProgram
	Paging
}) (client.Page[client.Upload], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Upload]{}, err
	}
	list, err := upload.List(ctx, a.db.Read(), upload.Wanted{Program: p.ID, Before: in.After, Limit: in.more()})
	return page(in.Paging, list, func(u upload.Upload) string { return u.ID }, tellUpload), err
}

func (a *API) sendUpload(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	InProgram
	Body client.NewUpload
}) (client.Upload, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Upload{}, err
	}
	u, err := upload.Keep(ctx, tx, upload.Upload{Program: p.ID, Kind: upload.Kind(in.Body.Kind), Name: in.Body.Name, Author: who.ID}, in.Body.Content)
	if err != nil {
		return client.Upload{}, err
	}
	if len(in.Body.Columns) > 0 || in.Body.Decimal != "" || in.Body.Dates != "" {
		reading := u.Reading
		for field, column := range in.Body.Columns {
			reading.Columns[field] = column
		}
		if in.Body.Decimal != "" {
			reading.Decimal = in.Body.Decimal
		}
		if in.Body.Dates != "" {
			reading.Dates = sheet.Order(in.Body.Dates)
		}
		if u, err = upload.Correct(ctx, tx, u, reading); err != nil {
			return client.Upload{}, err
		}
	}
	what := audit.UploadSend
	if in.Body.Take {
		what = audit.UploadTake
		if u, err = upload.Take(ctx, tx, u.ID, who.ID); err != nil {
			return client.Upload{}, err
		}
	}
	return tellUpload(u), audit.Record(ctx, tx, who, what, u.ID)
}

// OfUpload names an upload.
type OfUpload struct {
	ID string `path:"upload" doc:"Id of the upload."`
}

func (a *API) getUpload(ctx context.Context, who auth.Actor, in *OfUpload) (client.Upload, error) {
	u, _, err := uploads.of(ctx, a.db.Read(), who, in.ID)
	return tellUpload(u), err
}

func (a *API) takeUpload(ctx context.Context, tx *db.Tx, who auth.Actor, in *OfUpload) (client.Upload, error) {
	u, _, err := uploads.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Upload{}, err
	}
	if u, err = upload.Take(ctx, tx, u.ID, who.ID); err != nil {
		return client.Upload{}, err
	}
	return tellUpload(u), audit.Record(ctx, tx, who, audit.UploadTake, u.ID)
}

func (a *API) listRefused(ctx context.Context, who auth.Actor, in *struct {
	OfUpload
	Paging
}) (client.Page[client.RefusedLine], error) {
	u, _, err := uploads.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Page[client.RefusedLine]{}, err
	}
	faults, err := upload.Faults(ctx, a.db.Read(), u.ID, 0, sheet.RowsMost)
	if err != nil {
		return client.Page[client.RefusedLine]{}, err
	}
	return pageOfAll(in.Paging, faults, upload.Fault.Cursor, func(f upload.Fault) client.RefusedLine { return client.RefusedLine(f) })
}

// batch checks how many things are reported together.
func batch(n int, field string) error {
	if n < 1 || n > linesMost {
		return problem.Invalid(field, "1 to %d are reported together, not %d", linesMost, n)
	}
	return nil
}

// tellResults tells what became of reports; what is a fault of ours ends all.
func tellResults[T any](results []db.Result[T], tell func(T) (id, conversion string, known bool)) (client.OfflineResults, error) {
	out := client.OfflineResults{Results: make([]client.OfflineResult, len(results))}
	for i, r := range results {
		err := inPlace(r.Err)
		p, refused := problem.As(err)
		switch {
		case refused:
			told := asProblem(p, false)
			out.Results[i] = client.OfflineResult{Status: "refused", Problem: &told}
		case err != nil:
			return out, err
		default:
			id, conversion, known := tell(r.Value)
			out.Results[i] = client.OfflineResult{Status: "accepted", ID: id, Conversion: conversion}
			if known {
				out.Results[i].Status = "known"
			}
		}
	}
	return out, nil
}

func (a *API) reportCalls(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	InProgram
	Body client.NewCalls
}) (client.OfflineResults, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err == nil {
		err = batch(len(in.Body.Calls), "calls")
	}
	if err != nil {
		return client.OfflineResults{}, err
	}
	list := make([]offline.NewCall, len(in.Body.Calls))
	for i, c := range in.Body.Calls {
		amount, currency, fault := readSum(c.Amount)
		if fault != nil {
			return client.OfflineResults{}, fault
		}
		list[i] = offline.NewCall{Call: c.CallID, Number: c.Number, Caller: c.Caller, At: c.At, Seconds: c.Seconds, Outcome: c.Outcome, Customer: c.CustomerID,
			Amount: amount, Currency: currency}
	}
	results, err := commission.Call(ctx, tx, a.keys, p.ID, list)
	if err != nil {
		return client.OfflineResults{}, err
	}
	return tellResults(results, func(c commission.Called) (string, string, bool) { return c.Call.ID, c.Conversion, c.Duplicate })
}

func tellCall(c offline.Call) client.Call {
	return client.Call{ID: c.ID, CallID: c.Call, Number: c.Number, Caller: c.Caller, At: c.At, Seconds: c.Seconds, Outcome: c.Outcome}
}

func (a *API) listCalls(ctx context.Context, who auth.Actor, in *struct {
	InProgram
	Paging
}) (client.Page[client.Call], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Call]{}, err
	}
	list, err := offline.Calls(ctx, a.db.Read(), p.ID, in.After, in.more())
	return page(in.Paging, list, func(c offline.Call) string { return c.ID }, tellCall), err
}

// reportTransactions keeps payments as conversions, and what was given back as refunds.
func (a *API) reportTransactions(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	InProgram
	Body client.NewTransactions
}) (client.OfflineResults, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err == nil {
		err = batch(len(in.Body.Transactions), "transactions")
	}
	if err != nil {
		return client.OfflineResults{}, err
	}
	results := make([]db.Result[client.OfflineResult], len(in.Body.Transactions))
	var sales []conversion.New
	var back []conversion.NewRefund
	var sold, returned []int
	for i, n := range in.Body.Transactions {
		t, err := offline.ReadTransaction(offline.Transaction{ID: n.TransactionID, Original: n.OriginalID, Card: n.Card, Merchant: n.Merchant, Auth: n.AuthCode, At: n.At,
			Amount: strings.TrimSpace(n.Amount.Amount), Currency: n.Amount.Currency})
		switch {
		case err != nil:
			results[i].Err = err
		case t.Returns():
			back, returned = append(back, t.Return(p.ID)), append(returned, i)
		default:
			sales, sold = append(sales, t.Sale(p.ID)), append(sold, i)
		}
	}
	credited, err := commission.Credit(ctx, tx, a.keys, sales)
	if err != nil {
		return client.OfflineResults{}, err
	}
	for j, i := range sold {
		c := credited[j]
		results[i] = db.Result[client.OfflineResult]{Value: client.OfflineResult{ID: c.Value.Conversion.ID, Conversion: c.Value.Conversion.ID, Status: statusOf(c.Value.Duplicate)}, Err: c.Err}
	}
	refunded, err := commission.Refund(ctx, tx, a.keys, back)
	if err != nil {
		return client.OfflineResults{}, err
	}
	for j, i := range returned {
		r := refunded[j]
		results[i] = db.Result[client.OfflineResult]{Value: client.OfflineResult{ID: r.Value.Refund.ID, Conversion: r.Value.Conversion, Status: statusOf(r.Value.Duplicate)}, Err: r.Err}
	}
	return tellResults(results, func(r client.OfflineResult) (string, string, bool) { return r.ID, r.Conversion, r.Status == "known" })
}

func statusOf(known bool) string {
	if known {
		return "known"
	}
	return "accepted"
}

func (a *API) enrolCards(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	InProgram
	Body client.NewCards
}) (client.OfflineResults, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err == nil {
		err = batch(len(in.Body.Cards), "cards")
	}
	if err != nil {
		return client.OfflineResults{}, err
	}
	list := make([]offline.Assignment, len(in.Body.Cards))
	for i, c := range in.Body.Cards {
		list[i] = offline.Assignment{Kind: offline.Card, Name: c.Card, Partnership: c.Partnership, Since: c.Since, Author: who.ID}
	}
	results, err := commission.Assign(ctx, tx, a.keys, p.ID, list)
	if err != nil {
		return client.OfflineResults{}, err
	}
	return tellResults(results, func(c commission.Assigned) (string, string, bool) { return kept(c), "", c.Duplicate })
}

// kept is the id of an assignment that is new; of one that says nothing new there is none.
func kept(a commission.Assigned) string {
	if a.Duplicate {
		return ""
	}
	return a.ID
}

func (a *API) assignNumber(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	InProgram
	Body client.NewNumber
}) (client.Assignment, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Assignment{}, err
	}
	results, err := commission.Assign(ctx, tx, a.keys, p.ID, []offline.Assignment{{Kind: offline.Number, Name: in.Body.Number, Partnership: in.Body.Partnership, Since: in.Body.Since, Author: who.ID}})
	if err != nil {
		return client.Assignment{}, err
	}
	if err := inPlace(results[0].Err); err != nil {
		return client.Assignment{}, err
	}
	told := results[0].Value
	out := tellAssignment(told.Assignment)
	if told.Duplicate {
		out.ID = ""
		return out, nil
	}
	return out, audit.Record(ctx, tx, who, audit.NumberAssign, told.ID)
}

func tellAssignment(a offline.Assignment) client.Assignment {
	return client.Assignment{ID: a.ID, Name: a.Name, Partnership: a.Partnership, Since: a.Since}
}

func listAssigned(kind offline.Kind) answerer {
	return reads(func(a *API, ctx context.Context, who auth.Actor, in *struct {
		InProgram
		Paging
	}) (client.Page[client.Assignment], error) {
		p, err := programOf(ctx, a.db.Read(), who, in.Program)
		if err != nil {
			return client.Page[client.Assignment]{}, err
		}
		list, err := offline.List(ctx, a.db.Read(), offline.Wanted{Program: p.ID, Kind: kind, Before: in.After, Limit: in.more()})
		return page(in.Paging, list, func(a offline.Assignment) string { return a.ID }, tellAssignment), err
	})
}
