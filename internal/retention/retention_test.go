package retention_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/retention"
	"github.com/tributary-hq/tributary/internal/touch"
)

// world is a program of two years with one partner's link.
type world struct {
	t    *testing.T
	d    *db.DB
	keys touch.Keys
	prog program.Program
	link creative.Link
	now  time.Time
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

func open(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d, now: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
	w.at(w.now.AddDate(-3, 0, 0))
	ctx := t.Context()
	var err error
	if w.keys, err = touch.LoadKeys(ctx, d); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		if w.prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Timezone: "Asia/Shanghai", Landing: "https://acme.example/"}, program.Model{}, "test"); err != nil {
			return err
		}
		ann, err := partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: "ann@example.org"})
		if err != nil {
			return err
		}
		in, err := partner.Apply(ctx, tx, w.prog, ann, nil)
		if err != nil {
			return err
		}
		if _, err := commission.Accept(ctx, tx, w.keys, in.ID, nil, "test"); err != nil {
			return err
		}
		w.link, err = creative.CreateLink(ctx, tx, w.prog, creative.Link{Partnership: in.ID})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.at(w.now)
	return w
}

func (w *world) at(now time.Time) { w.d.SetClock(func() time.Time { return now }) }

// meet keeps clicks so many days ago, and makes them known.
func (w *world) meet(days ...int) (ids []string) {
	w.t.Helper()
	var touches []touch.Touch
	for _, day := range days {
		at := w.now.AddDate(0, 0, -day)
		id := w.keys.NewID(at, w.link.Number)
		ids = append(ids, id)
		touches = append(touches, touch.Touch{ID: id, Program: w.prog.ID, Kind: touch.Click, Partnership: w.link.Partnership, Link: w.link.ID, Who: touch.WhoClick(id), At: at,
			URL: w.link.Target, Agent: firefox, Address: "192.0.2.0"})
	}
	if err := w.d.Write(w.t.Context(), func(tx *db.Tx) error { return touch.KeepAll(w.t.Context(), tx, touches) }); err != nil {
		w.t.Fatal(err)
	}
	for n := 1; n > 0; {
		var err error
		if n, err = touch.Expand(w.t.Context(), w.d, 10_000, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
			return commission.Met(ctx, tx, w.keys, touches)
		}); err != nil {
			w.t.Fatal(err)
		}
	}
	return ids
}

// sell reports a sale by a click so many days ago, by a customer when one is named.
func (w *world) sell(days int, click, customer string) {
	w.t.Helper()
	err := w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		results, err := commission.Credit(w.t.Context(), tx, w.keys, []conversion.New{{Program: w.prog.ID, Order: fmt.Sprint("o", days, click), At: w.now.AddDate(0, 0, -days),
			Amount: "10.00", Currency: "EUR", Click: click, Customer: customer, Source: conversion.FromAPI}})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// keep changes how the program keeps touches, and does what is due.
func (w *world) keep(k program.Keeping) retention.Done {
	w.t.Helper()
	ctx := w.t.Context()
	w.prog.Keeping = k
	if err := w.d.Write(ctx, func(tx *db.Tx) error {
		var err error
		w.prog, err = program.Change(ctx, tx, w.prog)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	done, err := retention.Run(ctx, w.d, w.prog)
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func (w *world) left(ids []string) (left []int) {
	w.t.Helper()
	found, err := touch.Named(w.t.Context(), w.d.Read(), ids)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, id := range ids {
		if found[id].ID != "" {
			left = append(left, i)
		}
	}
	return left
}

func (w *world) verify() {
	w.t.Helper()
	proof, err := commission.Verify(w.t.Context(), w.d.Read(), w.keys, w.prog, func(int, int) {})
	if err != nil || len(proof.Faults) > 0 {
		w.t.Errorf("the books do not agree: %v, %v", proof.Faults, err)
	}
}

func TestWhatNothingNeedsGoes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		ids := w.meet(
			700, // 0: led to nothing
			700, // 1: led to a sale the next day
			700, // 2: of the same customer's other device, which bought a year later
			900, // 3: of that customer too, more than 400 days before any sale
			600, // 4: was judged by a person
			430, // 5: a day too old, and led to nothing
			300, // 6: not old enough
		)
		w.sell(699, ids[1], "")
		w.sell(650, ids[3], "cleo")
		w.sell(310, ids[2], "cleo")
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := commission.Rejudge(t.Context(), tx, w.keys, w.prog.ID, []string{ids[4]}, commission.NewJudgement{Reason: "looked odd", Author: "test"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.verify()
		if done := w.keep(program.Keeping{}); done.Forgotten != 0 {
			t.Errorf("%+v though everything is kept for ever", done)
		}
		if done := w.keep(program.Keeping{KeepMonths: 14}); done.Forgotten != 2 {
			t.Errorf("%+v, want 2 forgotten", done)
		}
		if left := w.left(ids); !slices.Equal(left, []int{1, 2, 3, 4, 6}) {
			t.Errorf("there are %v", left)
		}
		w.verify()
		if done := w.keep(program.Keeping{KeepMonths: 14}); done.Forgotten != 0 {
			t.Errorf("a second run: %+v", done)
		}
		if n, last, err := touch.Forgotten(t.Context(), d.Read(), w.prog.ID); n != 2 || err != nil || last.IsZero() {
			t.Errorf("%d until %s are told as forgotten, %v", n, last, err)
		}
	})
}

func TestTotalsStayForEver(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		var days []int
		for day := range 600 {
			days = append(days, day, day)
		}
		w.meet(days...)
		zone, _ := time.LoadLocation(w.prog.Timezone)
		counts := func() (sums []int64) {
			for day := range 600 {
				from := time.Date(w.now.Year(), w.now.Month(), w.now.Day()-day, 0, 0, 0, 0, zone)
				to := from.AddDate(0, 0, 1)
				byPartner, err := touch.ByPartnership(t.Context(), d.Read(), w.prog.ID, from, to)
				if err != nil {
					t.Fatal(err)
				}
				byMark, err := touch.ByMark(t.Context(), d.Read(), w.prog.ID, from, to)
				if err != nil {
					t.Fatal(err)
				}
				byLink, err := touch.Grouped(t.Context(), d.Read(), touch.Cut{Program: w.prog.ID, Partnership: w.link.Partnership, From: from, To: to}, "link")
				if err != nil {
					t.Fatal(err)
				}
				sums = append(sums, byPartner[w.link.Partnership], byMark[touch.Counts], byLink[w.link.ID])
			}
			return sums
		}
		before := counts()
		done := w.keep(program.Keeping{KeepMonths: 14})
		if done.Forgotten < 340 || done.Forgotten > 360 {
			t.Errorf("%d were forgotten", done.Forgotten)
		}
		if !slices.Equal(before, counts()) {
			t.Error("the days are counted otherwise")
		}
	})
}

func TestNetworksAndBrowsersGoEarlier(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		ids := w.meet(40, 29, 31)
		w.sell(39, ids[0], "")
		w.keep(program.Keeping{PlainDays: 30})
		found, err := touch.Named(t.Context(), d.Read(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"Firefox, Linux ", firefox + " 192.0.2.0", "Firefox, Linux "} {
			if got := found[ids[i]].Agent + " " + found[ids[i]].Address; got != want {
				t.Errorf("touch %d tells %q, want %q", i, got, want)
			}
		}
		w.verify()
	})
}

// TestKeepingHasBounds holds that no setting reaches into the time that a sale looks back.
func TestKeepingHasBounds(t *testing.T) {
	w := open(t, dbtest.Open(t, db.SQLite))
	for _, k := range []program.Keeping{{KeepMonths: 13}, {KeepMonths: -1}, {KeepMonths: 121}, {PlainDays: 6}, {PlainDays: 401}} {
		w.prog.Keeping = k
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error { _, err := program.Change(t.Context(), tx, w.prog); return err }); err == nil {
			t.Errorf("%+v is accepted", k)
		}
	}
}

func TestItGoesOnWhereItStopped(t *testing.T) {
	w := open(t, dbtest.Open(t, db.SQLite))
	var days []int
	for n := range 2000 {
		days = append(days, 500+n%100)
	}
	w.meet(days...)
	w.prog.KeepMonths = 14
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	first, err := retention.Run(ctx, w.d, w.prog)
	if !errors.Is(err, context.DeadlineExceeded) || first.Forgotten == 0 || first.Forgotten == 2000 {
		t.Fatalf("%+v, %v: not in the middle", first, err)
	}
	if rest := w.keep(w.prog.Keeping); first.Forgotten+rest.Forgotten != 2000 {
		t.Errorf("%+v and %+v are not all", first, rest)
	}
}
