// Package trial is a test click and a test sale that walk the whole line and count nowhere: those of a program's twin, by the
// link of a partner who is only there to be tried. It pays nobody, and nobody is written to.
package trial

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// By is who tries something, and what the partner is called who is only there for that.
type By struct {
	Person string
	Name   string
	Locale string
}

// Ready is the link by which tests click. It is made when it is first needed, and earns what the program offers today.
func Ready(ctx context.Context, tx *db.Tx, keys touch.Keys, p program.Program, by By) (creative.Link, error) {
	twin, err := program.Twin(ctx, tx, p)
	if err != nil {
		return creative.Link{}, err
	}
	terms, err := contract.Defaults(twin)
	if err != nil {
		return creative.Link{}, err
	}
	link, err := LinkOf(ctx, tx, p.ID)
	if err == nil {
		return link, offer(ctx, tx, keys, link.Partnership, terms, by.Person)
	}
	if !errors.Is(err, db.ErrNone) {
		return link, err
	}
	// No mail reaches an address like that (RFC 2606).
	tried, err := partner.Create(ctx, tx, partner.Partner{Name: by.Name, Email: twin.ID + "@test.invalid", Locale: by.Locale})
	if err != nil {
		return link, err
	}
	unasked := twin
	unasked.Form = nil // nobody answers its questions
	in, err := partner.Apply(ctx, tx, unasked, tried, nil)
	if err != nil {
		return link, err
	}
	if _, err := commission.SetStatus(ctx, tx, keys, in.ID, partner.Approved, tx.Now, by.Person, ""); err != nil {
		return link, err
	}
	if _, err := commission.Agree(ctx, tx, keys, in.ID, tx.Now, terms, by.Person); err != nil {
		return link, err
	}
	return creative.CreateLink(ctx, tx, twin, creative.Link{Partnership: in.ID, Label: by.Name})
}

// offer agrees what the program offers by now, where that is something else than before.
func offer(ctx context.Context, tx *db.Tx, keys touch.Keys, partnership string, terms contract.Terms, author string) error {
	versions, err := contract.Versions(ctx, tx, []string{partnership})
	if err != nil {
		return err
	}
	if now, ok := contract.InForce(versions[partnership], tx.Now, program.Always); ok && reflect.DeepEqual(now.Terms, terms) {
		return nil
	}
	_, err = commission.Agree(ctx, tx, keys, partnership, tx.Now, terms, author)
	return err
}

// LinkOf is the link by which a program's tests click; db.ErrNone before it is made.
func LinkOf(ctx context.Context, r db.Reader, prog string) (creative.Link, error) {
	name, err := db.One(ctx, r, db.Value[string], `/* trial.LinkOf */ select id from link where program = $1 order by id limit 1`, program.TestID(prog))
	if err != nil {
		return creative.Link{}, err
	}
	return creative.GetLink(ctx, r, name)
}

// clickLasts is how long a test click stands for the next test sale.
const clickLasts = 24 * time.Hour

// Sell reports a sale by the last test click, or by one that nobody made where there is none: a click id proves itself. Ready
// comes first.
func Sell(ctx context.Context, tx *db.Tx, keys touch.Keys, p program.Program, link creative.Link, amount money.Amount) (conversion.Conversion, error) {
	click, err := lastClick(ctx, tx, link)
	if err != nil {
		return conversion.Conversion{}, err
	}
	n := conversion.New{Program: p.ID, Event: "sale", Order: OrderPrefix + id.Secret(5), Amount: amount.Decimal(), Currency: string(p.Currency), Click: click.ID,
		Source: conversion.FromConsole, Test: true}
	if click.ID == "" || click.At.Before(tx.Now.Add(-clickLasts)) {
		n.Click = keys.NewID(tx.Now, link.Number)
	}
	if !p.Accepts(n.Event) {
		n.Event = p.Events[0]
	}
	results, err := commission.Credit(ctx, tx, keys, []conversion.New{n})
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		return conversion.Conversion{}, err
	}
	return results[0].Value.Conversion, nil
}

// OrderPrefix begins the numbers of orders that are sent here.
const OrderPrefix = "test-"

func lastClick(ctx context.Context, r db.Reader, link creative.Link) (touch.Touch, error) {
	list, err := touch.List(ctx, r, touch.Filter{Program: link.Program, Link: link.ID, Limit: looked})
	for _, t := range list {
		if t.Kind == touch.Click {
			return t, err
		}
	}
	return touch.Touch{}, err
}

// looked is how many of the newest touches are looked through for a click: each comes with at most a few landings.
const looked = 50
