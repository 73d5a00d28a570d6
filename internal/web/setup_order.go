package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type orderPage struct {
	consolePage
	Heard   heard
	Receipt *receipt // of the order that was just sent for the person
}

// awaitOrder waits for the shop's first word and shows what came.
func (s *site) awaitOrder(v *visit) (answer, error) {
	data := orderPage{consolePage: v.console()}
	var err error
	if data.Heard, err = v.listen(); err != nil {
		return nil, err
	}
	return s.page("setup/order", v.text("setup.order.title"), data), nil
}

// sendTestOrder lets a visitor of the test partner click and buy, shows the receipt, and takes all of it back.
func (s *site) sendTestOrder(v *visit) (answer, error) {
	link, err := s.testLink(v)
	if err != nil {
		return nil, err
	}
	sale, err := s.buyOnce(v, s.keys.NewID(s.db.Now(), link.Number)) // a click id proves itself, so no click need be counted
	if err != nil {
		return nil, err
	}
	told, unread := v.receipt(sale, "")
	for i := range told.Parts {
		told.Parts[i].Deeds = nil // it is given back at once
	}
	if err := s.takeBack(v, sale); err != nil {
		return nil, err
	}
	if unread != nil {
		return nil, unread
	}
	data := orderPage{consolePage: v.console(), Receipt: &told}
	if data.Heard, err = v.listen(); err != nil {
		return nil, err
	}
	return s.page("setup/order", v.text("setup.order.title"), data), nil
}

// testAddress is that of the brand's test partner; no mail reaches it (RFC 2606).
func testAddress(brand string) string { return brand + "@test.invalid" }

// testLink is the link of the brand's own test partner, who is made the first time.
func (s *site) testLink(v *visit) (link creative.Link, err error) {
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		address := testAddress(v.program.Brand)
		p, known, err := partner.ByEmail(ctx, tx, address)
		if err == nil && !known {
			p, err = partner.Create(ctx, tx, partner.Partner{Name: v.text("setup.order.partner"), Email: address, Locale: v.lang.Tag})
		}
		if err != nil {
			return err
		}
		joined, err := s.takeInQuietly(ctx, tx, v, p)
		if err != nil {
			return err
		}
		links, err := creative.Links(ctx, tx, joined.ID, "", 1)
		if err != nil {
			return err
		}
		if len(links) > 0 {
			link = links[0]
			return nil
		}
		link, err = creative.CreateLink(ctx, tx, v.program, creative.Link{Partnership: joined.ID, Label: v.text("setup.order.partner")})
		return err
	})
	return link, err
}

// takeInQuietly lets the test partner in on the program's terms and tells nobody: no mail shall go to an address like that.
func (s *site) takeInQuietly(ctx context.Context, tx *db.Tx, v *visit, p partner.Partner) (partner.Partnership, error) {
	in, err := v.joined(ctx, tx, p)
	if err != nil || in.Status == partner.Approved {
		return in, err
	}
	terms, err := contract.Defaults(v.program)
	if err != nil {
		return in, err
	}
	if in, err = commission.SetStatus(ctx, tx, s.keys, in.ID, partner.Approved, tx.Now, v.person.ID, ""); err != nil {
		return in, err
	}
	_, err = commission.Agree(ctx, tx, s.keys, in.ID, tx.Now, terms, v.person.ID)
	return in, err
}

// joined is the partner's place in the program. Where the brand has asked, nobody answers its questions.
func (v *visit) joined(ctx context.Context, tx *db.Tx, p partner.Partner) (partner.Partnership, error) {
	mine, err := partner.In(ctx, tx, p.ID)
	if err != nil {
		return partner.Partnership{}, err
	}
	if at := slices.IndexFunc(mine, func(in partner.Partnership) bool { return in.Program == v.program.ID }); at >= 0 {
		return mine[at], nil
	}
	unasked := v.program
	unasked.Form, unasked.Status = nil, program.Active
	return partner.Apply(ctx, tx, unasked, p, nil)
}

// buyOnce reports an order by the click.
func (s *site) buyOnce(v *visit, click string) (conversion.Conversion, error) {
	p := v.program
	n := conversion.New{Program: p.ID, Event: "sale", Order: testOrder + id.Secret(5), Amount: sampleAmount(p), Currency: string(p.Currency), Click: click,
		Source: conversion.FromAPI}
	if !p.Accepts(n.Event) {
		n.Event = p.Events[0]
	}
	var done commission.Credited
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Credit(ctx, tx, s.keys, []conversion.New{n})
		if err == nil {
			done, err = results[0].Value, results[0].Err
		}
		return err
	})
	return done.Conversion, err
}

// takeBack gives the whole order back, so that nothing of it is owed or counts as revenue.
func (s *site) takeBack(v *visit, sale conversion.Conversion) error {
	return v.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Refund(ctx, tx, s.keys, []conversion.NewRefund{{Program: sale.Program, Event: sale.Event, Order: sale.Order, Reason: "test"}})
		if err == nil {
			err = results[0].Err
		}
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramTry, v.program.ID, audit.Note("order", sale.Order))
	})
}
