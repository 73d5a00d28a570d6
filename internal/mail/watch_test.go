package mail

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
)

// buys is an order that the partner's code brought.
func (h *house) buys(order, code string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Credit(ctx, tx, h.keys, []conversion.New{{Program: h.prog.ID, Order: order, Amount: "600.00", Currency: "EUR",
			Code: code, Source: conversion.FromAPI}})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
	h.now = h.now.Add(time.Hour)
}

func TestWatch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), context.Background()
		marta, otto := h.applies("Marta", "fr"), h.applies("Otto", "en")
		h.run(h.post(Options{Catch: true}))
		h.logs()
		h.accepts(marta)
		h.now = h.now.Add(time.Second)
		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := commission.Decline(ctx, tx, h.keys, otto.ID, h.owner.ID, "No site yet.")
			return err
		})
		var all sync.WaitGroup // nodes that start at the same time
		for range 4 {
			all.Go(func() {
				p, err := Open(Options{Catch: true, BaseURL: base})
				if err == nil {
					_, err = p.Watch(ctx, d)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		h.run(h.post(Options{Catch: true}))
		want := []string{"application_accepted caught marta@partner.example", "application_declined caught otto@partner.example"}
		h.logs(want...)
		list := h.letters()
		if l := list[0]; l.Locale != "fr" || l.Brand != h.brand.ID || l.Sender != "Acme Partners" || !strings.Contains(l.Text, base+"/partner/"+marta.ID) {
			t.Errorf("accepted: %+v", l)
		}
		if l := list[1]; !strings.Contains(l.Text, "> No site yet.") || !strings.Contains(l.Text, base+"/p/acme/status") {
			t.Errorf("declined: %s", l.Text)
		}

		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := creative.CreateCode(ctx, tx, h.prog.ID, marta.ID, "MARTA10")
			return err
		})
		h.now = h.now.Add(time.Hour)
		h.buys("A-1", "NOBODY")
		h.buys("A-2", "MARTA10")
		h.buys("A-3", "MARTA10")
		h.run(h.post(Options{Catch: true}))
		h.buys("A-4", "MARTA10")
		h.run(h.post(Options{Catch: true}))
		want = append(want, "first_sale caught marta@partner.example")
		h.logs(want...)
		if l := h.letters()[2]; !strings.Contains(l.Subject, "60,00\u00a0€") || !strings.Contains(l.Text, "/earnings/com_") {
			t.Errorf("first sale: %s %s", l.Subject, l.Text)
		}
	})
}

func TestWhoCannotSignInIsInvited(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.post(Options{Catch: true})
		add := func(name string, before func(ctx context.Context, tx *db.Tx, p partner.Partner) error) {
			h.now = h.now.Add(time.Second)
			h.write(func(ctx context.Context, tx *db.Tx) error {
				p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: name + "@x.example"})
				if err != nil {
					return err
				}
				if before != nil {
					if err := before(ctx, tx, p); err != nil {
						return err
					}
				}
				s, err := partner.Apply(ctx, tx, h.prog, p, nil)
				if err != nil {
					return err
				}
				_, err = commission.Accept(ctx, tx, h.keys, s.ID, nil, "tok_shop")
				return err
			})
			h.run(p)
		}
		add("imported", nil)
		add("invited", func(ctx context.Context, tx *db.Tx, p partner.Partner) error {
			_, err := InvitePartner(ctx, tx, base, h.prog, h.owner, p.ID, p.Name, p.Email, "en")
			return err
		})
		add("member", func(ctx context.Context, tx *db.Tx, p partner.Partner) error {
			who, err := auth.Create(ctx, tx, auth.Person{Name: p.Name, Email: p.Email})
			if err == nil {
				err = auth.Join(ctx, tx, who.ID, p.ID, auth.Partner)
			}
			return err
		})
		h.logs("invitation_partner caught imported@x.example", "invitation_partner caught invited@x.example", "application_accepted caught member@x.example")
		if l := h.letters()[0]; !strings.Contains(l.Text, "Acme invites you") || len(h.sentKeys()) != 2 {
			t.Errorf("%s", l.Text)
		}
	})
}
