package api

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellProgram(p program.Program, who auth.Actor) (client.Program, error) {
	terms, err := contract.Defaults(p)
	out := client.Program{ID: p.ID, Slug: p.Slug, Name: p.Name, Description: p.Description, Currency: string(p.Currency), Timezone: p.Timezone,
		Locale: p.Locale, Landing: p.Landing, Domains: tellAll(p.Domains, same), Events: tellAll(p.Events, same), ClickParam: p.ClickParam,
		Form: tellAll(p.Form, func(q program.Question) client.Question { return client.Question(q) }), Terms: tellTerms(terms, p.Currency),
		TagSales: p.TagSales, RepeatMS: p.RepeatMS, TrustDCs: p.TrustDatacentres,
		RedirectFirst: p.RedirectFirst, KeepMonths: p.KeepMonths, PlainDays: p.PlainDays, PostbackNames: p.PostbackNames, Status: string(p.Status), CreatedAt: p.Created}
	if who.May(auth.WriteSettings) == nil {
		out.PostbackKey = p.Secret
	}
	return out, err
}

func same(s string) string { return s }

func (a *API) listPrograms(ctx context.Context, who auth.Actor, in *struct{ Paging }) (client.Page[client.Program], error) {
	programs, err := program.All(ctx, a.db.Read(), who.Brand)
	if err != nil {
		return client.Page[client.Program]{}, err
	}
	var broken error
	list, err := pageOfAll(in.Paging, programs, func(p program.Program) string { return p.ID }, func(p program.Program) client.Program {
		told, err := tellProgram(p, who)
		broken = errors.Join(broken, err)
		return told
	})
	return list, errors.Join(err, broken)
}

func (a *API) getProgram(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
}) (client.Program, error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Program{}, err
	}
	return tellProgram(p, who)
}

func (a *API) createProgram(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.NewProgram }) (client.Program, error) {
	n := in.Body
	p := program.Program{Brand: who.Brand, Slug: n.Slug, Name: n.Name, Description: n.Description, Currency: money.Currency(n.Currency),
		Timezone: n.Timezone, Locale: n.Locale, Landing: n.Landing, Domains: n.Domains, Events: n.Events, ClickParam: n.ClickParam,
		Form: readForm(n.Form), TagSales: n.TagSales}
	var err error
	if p.Defaults, err = readDefaults(n.Terms, money.Currency(n.Currency)); err != nil {
		return client.Program{}, err
	}
	var model program.Model
	if n.Model != nil {
		if model, err = readModel(*n.Model); err != nil {
			return client.Program{}, err
		}
	}
	if p, err = program.Create(ctx, tx, p, model, who.ID); err != nil {
		return client.Program{}, err
	}
	if err := audit.Record(ctx, tx, who, audit.ProgramCreate, p.ID); err != nil {
		return client.Program{}, err
	}
	return tellProgram(p, who)
}

func (a *API) changeProgram(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.ProgramChange
}) (client.Program, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Program{}, err
	}
	n := in.Body
	set(&p.Slug, n.Slug)
	set(&p.Name, n.Name)
	set(&p.Description, n.Description)
	set(&p.Timezone, n.Timezone)
	set(&p.Locale, n.Locale)
	set(&p.Landing, n.Landing)
	set(&p.ClickParam, n.ClickParam)
	set(&p.TagSales, n.TagSales)
	set(&p.RepeatMS, n.RepeatMS)
	set(&p.TrustDatacentres, n.TrustDCs)
	set(&p.RedirectFirst, n.RedirectFirst)
	set(&p.KeepMonths, n.KeepMonths)
	set(&p.PlainDays, n.PlainDays)
	set(&p.Status, (*program.Status)(n.Status))
	if n.Domains != nil {
		p.Domains = n.Domains
	}
	if n.Events != nil {
		p.Events = n.Events
	}
	if n.PostbackNames != nil {
		p.PostbackNames = n.PostbackNames
	}
	if n.Form != nil {
		p.Form = readForm(n.Form)
	}
	if n.Terms != nil {
		if p.Defaults, err = readDefaults(n.Terms, p.Currency); err != nil {
			return client.Program{}, err
		}
	}
	if p, err = program.Change(ctx, tx, p); err != nil {
		return client.Program{}, err
	}
	if err := audit.Record(ctx, tx, who, audit.ProgramChange, p.ID); err != nil {
		return client.Program{}, err
	}
	tx.After(a.programs.forget)
	return tellProgram(p, who)
}

// set writes a field anew when there is something to write.
func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func readForm(form []client.Question) []program.Question {
	return tellAll(form, func(q client.Question) program.Question { return program.Question(q) })
}

// readDefaults are the terms that a program offers, as it keeps them; nil when there are none of its own.
func readDefaults(t *client.Terms, currency money.Currency) (json.RawMessage, error) {
	if t == nil {
		return nil, nil
	}
	terms, err := readTerms(*t, currency)
	if err != nil {
		return nil, err
	}
	if err := terms.Check(); err != nil {
		return nil, err
	}
	return json.Marshal(terms)
}
