package refusal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/refusal"
)

func TestRefusalsAreCountedByTheHour(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		now := time.Date(2026, 5, 1, 9, 59, 0, 0, time.UTC)
		d.SetClock(func() time.Time { return now })
		var prog program.Program
		err := d.Write(ctx, func(tx *db.Tx) error {
			b, err := program.CreateBrand(ctx, tx, "Acme", "acme")
			if err == nil {
				prog, err = program.Create(ctx, tx, program.Program{Brand: b.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://shop.example/"}, program.Model{}, "")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		book, other := refusal.New(d), refusal.New(d) // two nodes
		amount := problem.Invalid("amount", "the order of Jane Doe")
		for range 3 {
			book.Note(prog.ID, "postback", amount)
		}
		other.Note(prog.ID, "postback", amount)
		book.Note(prog.ID, "tag", &problem.Problem{Status: 403, Code: "origin_not_allowed"})
		book.Note(prog.ID, "tag", &problem.Problem{Status: 503, Code: "busy"})
		book.Note(prog.ID, "tag", errors.New("ours"))
		book.Note(prog.ID, "tag", nil)
		book.Note("", "tag", amount)
		for range 2 {
			if err := errors.Join(book.Flush(ctx), other.Flush(ctx)); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(2 * time.Minute)
		book.Note(prog.ID, "postback", amount)
		if err := book.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		list, err := refusal.Since(ctx, d.Read(), prog.ID, now.Add(-time.Hour))
		if err != nil || len(list) != 2 || list[0] != (refusal.Tally{Way: "postback", Reason: "amount_invalid", Field: "amount", N: 5, Last: now}) || list[1].N != 1 || list[1].Reason != "origin_not_allowed" {
			t.Fatalf("%+v %v", list, err)
		}
		if rows, err := db.One(ctx, d.Read(), db.Value[int64], "select count(*) from refusal"); err != nil || rows != 3 {
			t.Errorf("%d rows, %v", rows, err)
		}
		now = now.Add(refusal.KeepFor + 2*time.Hour)
		if err := d.Write(ctx, func(tx *db.Tx) error { return refusal.Sweep(ctx, tx) }); err != nil {
			t.Fatal(err)
		}
		if rows, err := db.One(ctx, d.Read(), db.Value[int64], "select count(*) from refusal"); err != nil || rows != 0 {
			t.Errorf("%d rows are kept for ever, %v", rows, err)
		}
	})
}
