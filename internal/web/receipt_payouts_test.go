package web

import (
	"context"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
)

// settles takes a payment service's result for a payout of the sent batch.
func (w *world) settles(pay string, status csv.Status, reason string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := payout.Settle(ctx, tx, w.batch.ID, []csv.Result{{ID: pay, Status: status, Reason: reason}}, "test")
		return err
	})
}

// inPayout is the first commission of a payout.
func (w *world) inPayout(pay string) commission.Commission {
	w.t.Helper()
	ctx := context.Background()
	lines, err := payout.Lines(ctx, w.d.Read(), pay)
	if err != nil || len(lines) == 0 {
		w.t.Fatalf("%v %v", lines, err)
	}
	c, err := commission.Get(ctx, w.d.Read(), lines[0].Commission)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// TestAReceiptShowsItsPayouts goes with one commission from the sent payout to the paid one, and takes it back after that.
func TestAReceiptShowsItsPayouts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		pay := w.payout()
		c := w.inPayout(pay)
		console, cabinet := w.as("owner"), w.as("Marta’s Kitchen")
		both := func(when string, has ...string) {
			t.Helper()
			_, ours, _ := console.get("/console/acme/conversions/" + c.Conversion)
			_, theirs, _ := cabinet.get("/partner/" + c.Partnership + "/earnings/" + c.ID)
			for _, one := range has {
				if !strings.Contains(ours, one) || !strings.Contains(theirs, one) {
					t.Errorf("%s: no %q in the receipt of the console (%t) or of the partner (%t)", when, one, strings.Contains(ours, one), strings.Contains(theirs, one))
				}
			}
			if !strings.Contains(ours, `href="/console/acme/payouts/`+w.batch.ID) || !strings.Contains(theirs, `href="/partner/`+c.Partnership+`/payouts/`+pay) {
				t.Errorf("%s: no way to the payout", when)
			}
			if strings.Contains(theirs, "/payouts/"+w.batch.ID) || strings.Contains(theirs, "Trailhead") {
				t.Errorf("%s: the partner reads of others", when)
			}
		}
		amount := c.Amount.Decimal()
		from := func(account string) string { return account + ` <svg` }
		both("sent", "Payout of ", "Sent", "In payout", from("Payable"), "€"+amount)

		w.settles(pay, csv.Paid, "")
		both("paid", "Payout of ", from("In payout"), "Paid</span></td>")
		if w.inPayout(pay).State != commission.Paid {
			t.Fatal("not paid")
		}

		w.write(func(ctx context.Context, tx *db.Tx) error {
			results, err := commission.DecideOn(ctx, tx, w.keys, []string{c.ID}, commission.NewDecision{Kind: commission.ToReverse, Reason: "test", Author: "test"})
			if err == nil {
				err = results[0].Err
			}
			return err
		})
		both("reversed", "Reversed", "Payout of ", "Paid</span></td>", "<b>€"+amount+"</b>", "The next one nets off €"+amount+".")
		for _, page := range []string{"/earnings", "/payouts", ""} {
			body := cabinet.shows("/partner/" + c.Partnership + page)
			if below := strings.Contains(body, `class="minus"`); below != strings.Contains(body, "Payable is below zero because") {
				t.Errorf("%s: a balance below zero is %t, and not explained, or the other way round", page, below)
			}
		}

		w.settles(pay, csv.Failed, "account closed")
		both("returned", "Failed", "Payable</span></td>")
	})
}
