package api

import (
	"context"
	"net/http"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/trial"
)

func (a *API) reportConversion(ctx context.Context, who caller, in *struct{ Body client.NewConversion }) (done, error) {
	n, err := a.readConversion(ctx, who, in.Body)
	if err != nil {
		a.noteSale(n, err)
		return done{}, err
	}
	d, err := a.sales.answer(ctx, who, n)
	a.noteSale(n, err)
	return d, inPlace(err)
}

// readConversion makes of what was sent what the line takes. What is wrong with it the line says, all but the program, which
// must be the asker's.
func (a *API) readConversion(ctx context.Context, who caller, n client.NewConversion) (conversion.New, error) {
	p, err := a.programSoon(ctx, who.Actor, n.Program)
	if err != nil {
		return conversion.New{}, err
	}
	email, err := conversion.EitherEmail(n.Email, n.EmailSHA256)
	if err != nil {
		return conversion.New{}, err
	}
	amount, currency, err := readSum(n.Amount)
	return conversion.New{Program: p.ID, Event: n.Event, Order: n.OrderID, At: n.At, Amount: amount, Currency: currency, Click: n.ClickID,
		Visitor: n.VisitorID, Customer: n.CustomerID, Email: email, Code: n.PromoCode, Source: conversion.FromAPI,
		Detail: readDetail(n.OrderDetail), Test: n.Test || who.tries()}, err
}

// noteSale counts a report that was refused, unless it was only tried.
func (a *API) noteSale(n conversion.New, err error) {
	if !n.Test {
		a.refused.Note(n.Program, "api", err)
	}
}

// programSoon is programOf from memory: a second late is soon enough for a short name.
func (a *API) programSoon(ctx context.Context, who auth.Actor, name string) (program.Program, error) {
	if name == "" {
		return program.Program{}, problem.Wrong("program", "program_missing", "name the program, by its id or short name")
	}
	p, err := a.programs.get(name, func(name string) (program.Program, error) { return program.Named(ctx, a.db.Read(), name) })
	if err == nil && p.Brand != who.Brand {
		return program.Program{}, problem.NotFound("program", name)
	}
	return p, err
}

func (a *API) credit(ctx context.Context, tx *db.Tx, batch []conversion.New) ([]db.Result[commission.Credited], error) {
	return commission.Credit(ctx, tx, a.keys, batch)
}

func (a *API) tellReported(ctx context.Context, r db.Reader, batch []commission.Credited) ([]said, error) {
	reported, err := tellCredited(ctx, r, batch)
	answers := make([]said, len(reported))
	for i, c := range reported {
		answers[i] = said{http.StatusCreated, c}
		if c.Duplicate {
			answers[i].status = http.StatusOK
		}
	}
	return answers, err
}

func tellCredited(ctx context.Context, r db.Reader, batch []commission.Credited) ([]client.Reported, error) {
	ids := make([]string, len(batch))
	for i, c := range batch {
		ids[i] = c.Conversion.ID
	}
	earned, err := commission.Of(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	warnings, err := warnOfCodes(ctx, r, batch)
	if err != nil {
		return nil, err
	}
	list := make([]client.Reported, len(batch))
	for i, c := range batch {
		list[i] = client.Reported{Conversion: tellConversion(c.Conversion), Duplicate: c.Duplicate,
			Commissions: tellAll(earned[c.Conversion.ID], tellCommission), Warnings: warnings[i]}
	}
	return list, nil
}

func tellConversion(c conversion.Conversion) client.Conversion {
	return client.Conversion{ID: c.ID, Program: program.RealID(c.Program), Test: program.IsTest(c.Program), Event: c.Event, OrderID: c.Order, At: c.At, ReceivedAt: c.Received,
		Amount: tellMoney(c.Amount), ClickID: c.Click, VisitorID: c.Visitor, CustomerID: c.Customer, EmailSHA256: c.Email, PromoCode: c.Code,
		Source: string(c.Source), OrderDetail: tellDetail(c.Detail, c.Amount.Currency)}
}

const linesMost = 1000

// reportConversions answers each line of a batch by itself, all in one transaction.
func (a *API) reportConversions(ctx context.Context, tx *db.Tx, who caller, in *struct{ Body client.Conversions }) (client.ConversionResults, error) {
	lines := in.Body.Conversions
	if len(lines) < 1 || len(lines) > linesMost {
		return client.ConversionResults{}, problem.Invalid("conversions", "a batch has 1 to %d conversions, not %d", linesMost, len(lines))
	}
	out := client.ConversionResults{Results: make([]client.ConversionResult, len(lines))}
	var batch []conversion.New
	var places []int
	for i, line := range lines {
		n, err := a.readConversion(ctx, who, line)
		a.noteSale(n, err)
		switch p, ok := problem.As(err); {
		case ok:
			out.Results[i] = refusedLine(p)
		case err != nil:
			return out, err
		default:
			batch, places = append(batch, n), append(places, i)
		}
	}
	results, err := a.credit(ctx, tx, batch)
	if err != nil {
		return out, err
	}
	var credited []commission.Credited
	var good []int
	for j, result := range results {
		a.noteSale(batch[j], result.Err)
		p, ok := problem.As(inPlace(result.Err))
		switch {
		case ok:
			out.Results[places[j]] = refusedLine(p)
		case result.Err != nil:
			return out, result.Err
		default:
			credited, good = append(credited, result.Value), append(good, places[j])
		}
	}
	reported, err := tellCredited(ctx, tx, credited)
	for j, i := range good {
		out.Results[i] = client.ConversionResult{Status: "credited", Conversion: &reported[j]}
		if reported[j].Duplicate {
			out.Results[i].Status = "duplicate"
		}
	}
	return out, err
}

func refusedLine(p *problem.Problem) client.ConversionResult {
	told := asProblem(p, false)
	return client.ConversionResult{Status: "refused", Problem: &told}
}

func (a *API) listConversions(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Event       string    `query:"event" doc:"Only of this event type."`
	Search      string    `query:"search" doc:"Only those with this order, customer, click or conversion id, e-mail address or its SHA-256, or the value of a field of your own, whole."`
	State       string    `query:"state" enum:"pending,held,payable,in_payout,paid,reversed,nobody" doc:"Only those with a commission in this state, or that nobody earned."`
	Partnership string    `query:"partnership" doc:"Only those with a commission of this partnership."`
	From        time.Time `query:"from" doc:"Only those that happened at this moment or later."`
	To          time.Time `query:"to" doc:"Only those that happened before this moment."`
}) (client.Page[client.Conversion], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Conversion]{}, err
	}
	list, err := commission.Conversions(ctx, a.db.Read(), commission.Wanted{Program: p.ID, Event: in.Event, Search: in.Search, State: commission.State(in.State),
		Partnership: in.Partnership, From: in.From, To: in.To, Before: in.After, Limit: in.more()})
	return page(in.Paging, list, func(c conversion.Conversion) string { return c.ID }, tellConversion), err
}

func (a *API) listTests(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Conversion], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Conversion]{}, err
	}
	list, err := trial.Sales(ctx, a.db.Read(), p.ID, in.After, in.more())
	return page(in.Paging, list, func(c conversion.Conversion) string { return c.ID }, tellConversion), err
}

func (a *API) getConversion(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"conversion" doc:"Id of the conversion."`
}) (client.Explained, error) {
	var out client.Explained
	err := a.db.View(ctx, func(r db.Reader) error {
		c, _, err := conversions.of(ctx, r, who, in.ID)
		if err != nil {
			return err
		}
		earned, err := commission.Of(ctx, r, []string{c.ID})
		if err != nil {
			return err
		}
		given, err := conversion.RefundsOf(ctx, r, c.Program, []string{c.Order})
		if err != nil {
			return err
		}
		decisions, err := commission.Decisions(ctx, r, []string{c.ID})
		if err != nil {
			return err
		}
		facts, err := commission.FactsOf(ctx, r, c)
		if err != nil {
			return err
		}
		e, err := commission.Explain(ctx, r, c.ID)
		out = client.Explained{Edits: tellAll(facts.Edits, tellEdit), Verdicts: tellAll(facts.Verdicts, tellVerdict), Claims: tellAll(facts.Reports, tellClaim),
			Earlier: tellAll(facts.Earlier, tellConversion), Conversion: tellConversion(c), Commissions: tellAll(earned[c.ID], tellCommission),
			Refunds:     tellAll(given[conversion.OrderKey(c.Event, c.Order)], tellRefund),
			Decisions:   tellAll(decisions[c.ID], tellDecision),
			Explanation: tellExplanation(e, c.Amount.Currency)}
		return err
	})
	return out, err
}
