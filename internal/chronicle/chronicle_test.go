package chronicle

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// tell spells facts as "kind word n …".
func tell(facts []Fact) string {
	var list []string
	for _, f := range facts {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s", f.Kind, f.Word)))
		if f.Kind == Sale {
			list[len(list)-1] = fmt.Sprintf("sale %d", f.N)
		}
	}
	return strings.Join(list, ", ")
}

func TestOneOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		d.SetClock(func() time.Time { return now })
		keys := touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))
		var s partner.Partnership
		step := func(fn func(tx *db.Tx) error) {
			t.Helper()
			now = now.Add(time.Hour)
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		var prog program.Program
		step(func(tx *db.Tx) error {
			brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
			if err != nil {
				return err
			}
			defaults, _ := json.Marshal(contract.Sensible("EUR"))
			prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Timezone: "UTC",
				Landing: "https://acme.example/", Defaults: defaults}, program.Model{Name: "last"}, "test")
			if err != nil {
				return err
			}
			p, err := partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: "ann@example.org"})
			if err != nil {
				return err
			}
			s, err = partner.Apply(ctx, tx, prog, p, nil)
			return err
		})
		step(func(tx *db.Tx) error {
			_, err := partner.SetStatus(ctx, tx, s.ID, partner.Approved, tx.Now, "test", "")
			return err
		})
		step(func(tx *db.Tx) error {
			_, err := commission.Agree(ctx, tx, keys, s.ID, tx.Now, contract.Sensible("EUR"), "test")
			return err
		})
		step(func(tx *db.Tx) error {
			_, err := creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: s.ID, Code: "annlink"})
			return err
		})
		step(func(tx *db.Tx) error {
			_, err := commission.GiveCode(ctx, tx, keys, prog.ID, s.ID, "ANN")
			return err
		})
		for n := range 11 {
			step(func(tx *db.Tx) error {
				results, err := commission.Credit(ctx, tx, keys, []conversion.New{{Program: prog.ID, Order: fmt.Sprintf("A-%d", n), Amount: "80", Currency: "EUR", Code: "ANN", Source: conversion.FromAPI}})
				if err == nil {
					err = results[0].Err
				}
				return err
			})
		}
		step(func(tx *db.Tx) error {
			_, err := partner.WriteNote(ctx, tx, s, "test", "Kind on the telephone.", false)
			return err
		})
		step(func(tx *db.Tx) error {
			n, err := partner.WriteNote(ctx, tx, s, "test", "Not kept.", false)
			if err == nil {
				err = partner.DeleteNote(ctx, tx, n.ID, "test")
			}
			return err
		})
		const want = "note, sale 10, sale 1, code ANN, link annlink, contract, status approved, status applied"
		facts, err := Of(ctx, d.Read(), s, "", 50)
		if got := tell(facts); err != nil || got != want {
			t.Errorf("%v\n got %s\nwant %s", err, got, want)
		}
		var parts []string
		for after := ""; len(parts) < 20; {
			facts, err := Of(ctx, d.Read(), s, after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(facts) == 0 {
				break
			}
			parts, after = append(parts, tell(facts)), facts[len(facts)-1].Cursor()
		}
		if got := strings.Join(parts, ", "); got != want {
			t.Errorf("by pages: %s", got)
		}
	})
}

// TestPlan holds every source to an index: the history of one partner is read without that of the others.
func TestPlan(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	var args db.Args
	text := query(d.Read(), &args, partner.Partnership{ID: "p", Program: "q", Created: time.UnixMilli(1)})
	plan, err := db.All(context.Background(), d.Read(), func(row db.Row) (string, error) {
		var id, parent, unused int
		var detail string
		err := row.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "explain query plan "+text, args.List()...)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(plan, "\n")
	for _, index := range []string{"partnership_change_of (partnership=?", "terms_of (partnership=?", "link_of (partnership=?", "promo_code_of (partnership=?",
		"touch_at (program=? AND at>?", "payout_of (partnership=?", "partnership_note_of (partnership=?", "commission_of (partnership=?"} {
		if !strings.Contains(all, index) {
			t.Errorf("no source is read over %s:\n%s", index, all)
		}
	}
	for _, table := range []string{"partnership_change", "terms", "link", "promo_code", "touch", "payout", "partnership_note", "commission", "conversion"} {
		if strings.Contains(all+"\n", "SCAN "+table+"\n") {
			t.Errorf("%s is read whole:\n%s", table, all)
		}
	}
}
