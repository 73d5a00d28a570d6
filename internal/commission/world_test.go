package commission_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// world is a program with three partners, Ann, Bob and Cee, each with a link and a code, and a clock that a test moves.
type world struct {
	t    testing.TB
	d    *db.DB
	keys touch.Keys
	now  time.Time
	prog program.Program
	pts  map[string]string // partnership by partner's name
	link map[string]creative.Link
}

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, d *db.DB, model program.Model, terms map[string]contract.Terms) *world {
	t.Helper()
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: start, pts: map[string]string{}, link: map[string]creative.Link{}}
	d.SetClock(func() time.Time { return w.now })
	w.write(func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		w.prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://acme.example"}, model, "test")
		if err != nil {
			return err
		}
		for _, name := range []string{"ann", "bob", "cee"} {
			p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: name + "@example.org", Rail: "paypal", PayTo: name + "@example.org"})
			if err != nil {
				return err
			}
			s, err := partner.Apply(ctx, tx, w.prog, p, nil)
			if err != nil {
				return err
			}
			t, ok := terms[name]
			if !ok {
				t = contract.Sensible("EUR")
			}
			if _, err := commission.Accept(ctx, tx, w.keys, s.ID, &t, "test"); err != nil {
				return err
			}
			w.pts[name] = s.ID
			if w.link[name], err = creative.CreateLink(ctx, tx, w.prog, creative.Link{Partnership: s.ID}); err != nil {
				return err
			}
			if _, err := creative.CreateCode(ctx, tx, w.prog.ID, s.ID, strings.ToUpper(name)+"10"); err != nil {
				return err
			}
		}
		return nil
	})
	w.now = w.now.AddDate(0, 0, 60) // so that facts of the last sixty days meet approved partners
	return w
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// clickID is the id of a click on the partner's link so long before the day of the sale.
func (w *world) clickID(name string, before time.Duration) string {
	return w.keys.NewID(w.now.Add(-before), w.link[name].Number)
}

// met makes touches known, as the forwarder does.
func (w *world) met(touches ...touch.Touch) {
	w.t.Helper()
	ctx := context.Background()
	k := touch.NewKeeper(w.d)
	for _, t := range touches {
		if err := k.Keep(ctx, t); err != nil {
			w.t.Fatal(err)
		}
	}
	k.Close()
	for {
		n, err := touch.Expand(ctx, w.d, 100, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
			return commission.Met(ctx, tx, w.keys, touches)
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// click is the touch of a click id that w.clickID made.
func (w *world) click(name, id string) touch.Touch {
	claim, err := w.keys.Parse(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return touch.Touch{ID: id, Program: w.prog.ID, Kind: touch.Click, Partnership: w.pts[name], Link: w.link[name].ID, Who: touch.WhoClick(id), At: claim.At}
}

// landing is the tag's word that the visitor came by the click.
func (w *world) landing(visitor, click string) touch.Touch {
	claim, err := w.keys.Parse(click)
	if err != nil {
		w.t.Fatal(err)
	}
	return touch.Touch{ID: "landing-" + visitor + click, Program: w.prog.ID, Kind: touch.Landing, Who: touch.WhoVisitor(visitor), Click: click, At: claim.At.Add(time.Second)}
}

func (w *world) sale(order, amount string, with func(*conversion.New)) commission.Credited {
	w.t.Helper()
	c, err := w.trySale(order, amount, with)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) trySale(order, amount string, with func(*conversion.New)) (commission.Credited, error) {
	n := conversion.New{Program: w.prog.ID, Order: order, Amount: amount, Currency: "EUR", Source: conversion.FromAPI}
	if with != nil {
		with(&n)
	}
	var r []db.Result[commission.Credited]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Credit(ctx, tx, w.keys, []conversion.New{n})
		return err
	})
	return r[0].Value, r[0].Err
}

func (w *world) refund(order, id, amount string) commission.Refunded {
	w.t.Helper()
	var r []db.Result[commission.Refunded]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{{Program: w.prog.ID, Order: order, Refund: id, Amount: amount, Currency: "EUR"}})
		return err
	})
	if r[0].Err != nil {
		w.t.Fatal(r[0].Err)
	}
	return r[0].Value
}

// earned is what the partners have, in words: "ann 3.34, bob 3.33".
func (w *world) earned() string {
	w.t.Helper()
	sums, err := commission.ByPartnership(context.Background(), w.d.Read(), commission.Filter{Program: w.prog.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	var words []string
	for _, name := range []string{"ann", "bob", "cee"} {
		for _, s := range sums {
			if s.Name == w.pts[name] && s.Amount != 0 {
				words = append(words, name+" "+money.Of(s.Amount, "EUR").Decimal())
			}
		}
	}
	return strings.Join(words, ", ")
}

// verify fails the test when the books do not follow from the facts.
func (w *world) verify() {
	w.t.Helper()
	ctx := context.Background()
	proof, err := commission.Verify(ctx, w.d.Read(), w.keys, w.prog, func(int, int) {})
	if err != nil {
		w.t.Fatal(err)
	}
	faults, err := payout.Audit(ctx, w.d.Read(), w.prog.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fault := range append(proof.Faults, faults...) {
		w.t.Error(fault)
	}
}

const day = 24 * time.Hour

var (
	lastTouch  = program.Model{Name: "last"}
	position   = program.Model{Name: "position"}
	linear     = program.Model{Name: "linear"}
	fiftyFifty = map[string]contract.Terms{
		"ann": {Payouts: map[string]contract.Payout{"sale": {Rate: 100_000}, "lead": {Fixed: 150}}, WindowDays: 30, LockDays: 30, Cycle: contract.Monthly},
		"bob": {Payouts: map[string]contract.Payout{"sale": {Rate: 50_000, Fixed: 200}}, WindowDays: 7, LockDays: 14, Cycle: contract.Monthly},
	}
)
