package commission_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
)

// told writes shares as cents@link, the smallest first, with a star where the sale counts.
func told(shares []commission.Share) string {
	var list []string
	for _, s := range shares {
		star := ""
		if s.Counts {
			star = "*"
		}
		list = append(list, fmt.Sprintf("%03d%s@%s", s.Amount, star, s.Step.Link[len(s.Step.Link)-4:]))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestSharesOfASplitSale(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, program.Model{Name: "linear"}, map[string]contract.Terms{"ann": {Payouts: map[string]contract.Payout{
			"sale": {Rate: 100_000}, "lead": {Fixed: 250}}, WindowDays: 30, LockDays: 30, Cycle: contract.Monthly}})
		ctx, r := context.Background(), d.Read()
		first, second := w.clickID("ann", 5*day), w.clickID("bob", 4*day)
		var other creative.Link
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			other, err = creative.CreateLink(ctx, tx, w.prog, creative.Link{Partnership: w.pts["ann"]})
			return err
		})
		third := w.keys.NewID(w.now.Add(-3*day), other.Number)
		byThird := w.click("ann", third)
		byThird.Link = other.ID
		w.met(w.click("ann", first), w.click("bob", second), byThird, w.landing("v1", first), w.landing("v1", second), w.landing("v1", third))
		w.sale("A-1", "100.05", func(n *conversion.New) { n.Visitor = "v1" })
		w.sale("L-1", "", func(n *conversion.New) { n.Event, n.Click = "lead", w.clickID("ann", day) })
		w.sale("B-1", "80", func(n *conversion.New) { n.Click = w.clickID("ann", day) })
		w.refund("B-1", "r", "")

		of := func(name string) commission.Filter { return commission.Filter{Partnership: w.pts[name]} }
		short := func(id string) string { return id[len(id)-4:] }
		ann, oth, bob := short(w.link["ann"].ID), short(other.ID), short(w.link["bob"].ID)
		for _, c := range []struct {
			promise, got, want string
		}{
			{"two touches of one partner divide the cents, and the later of equals has the sale", said(t, d, of("ann")),
				"000*@" + ann + " 250*@" + ann + " 333*@" + oth + " 334@" + ann},
			{"the other partner has a commission of its own", said(t, d, of("bob")), "334*@" + bob},
			{"who has nothing has no share", said(t, d, of("cee")), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", c.promise, c.got, c.want)
			}
		}
		days, err := commission.Outcomes(ctx, r, w.pts["ann"], w.now.Add(-day), w.now.Add(day), time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		var sum commission.Outcome
		for _, one := range days {
			sum.Sales, sum.Leads, sum.Rejected, sum.Earned = sum.Sales+one.Sales, sum.Leads+one.Leads, sum.Rejected+one.Rejected, sum.Earned+one.Earned
		}
		if len(days) != 3 || sum != (commission.Outcome{Sales: 1, Leads: 1, Rejected: 1, Earned: 917}) {
			t.Errorf("%d days with %+v", len(days), sum)
		}
		lock, ok, err := commission.LocksNext(ctx, r, w.pts["ann"], time.UTC)
		if err != nil || !ok || lock.Amount != 917 || !lock.At.Equal(w.now.Add(30*day)) {
			t.Errorf("locks next %+v %v %v", lock, ok, err)
		}
		if _, ok, err := commission.LocksNext(ctx, r, w.pts["cee"], time.UTC); ok || err != nil {
			t.Errorf("who has nothing pending: %v %v", ok, err)
		}
		f := of("ann")
		f.Limit = 10
		found, err := commission.ForOrder(ctx, r, f, "A-1")
		if err != nil || len(found) != 1 || found[0].Amount.Minor != 667 {
			t.Errorf("for order: %+v %v", found, err)
		}
		named, err := commission.Named(ctx, r, []string{found[0].ID, "com_none"})
		if err != nil || len(named) != 1 || named[found[0].ID].Amount.Minor != 667 {
			t.Errorf("named: %+v %v", named, err)
		}
		if found, err = commission.ForOrder(ctx, r, f, "A-2"); err != nil || len(found) != 0 {
			t.Errorf("an order that is not there: %+v %v", found, err)
		}
	})
}

func said(t *testing.T, d *db.DB, f commission.Filter) string {
	t.Helper()
	shares, err := commission.Shares(context.Background(), d.Read(), f)
	if err != nil {
		t.Fatal(err)
	}
	return told(shares)
}
