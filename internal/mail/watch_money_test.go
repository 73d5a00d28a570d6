package mail

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
)

// sendsAll makes, approves and sends a batch of what is due, and returns its payouts.
func (h *house) sendsAll() (list []payout.Payout) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		b, err := payout.Make(ctx, tx, h.prog.ID, payout.Options{IgnoreCycle: true}, h.owner.ID)
		if err == nil {
			_, err = payout.Approve(ctx, tx, b.ID, h.owner.ID)
		}
		for range 2 {
			if err == nil {
				_, err = payout.Send(ctx, tx, b.ID)
			}
		}
		if err == nil {
			list, err = payout.In(ctx, tx, b.ID)
		}
		return err
	})
	return list
}

// hears takes the payment service's answer about a payout.
func (h *house) hears(pay payout.Payout, status csv.Status, reason string) {
	h.t.Helper()
	h.now = h.now.Add(time.Hour)
	h.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := payout.Settle(ctx, tx, pay.Batch, []csv.Result{{ID: pay.ID, Status: status, Reason: reason}}, h.owner.ID)
		return err
	})
}

// TestMailsAboutMoney follows a partner's money: what was paid, what failed, what was taken back, and terms that change.
func TestMailsAboutMoney(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.post(Options{Catch: true})
		marta := h.applies("Marta", "fr")
		h.accepts(marta)
		want := []string{"application_accepted caught marta@partner.example"}
		// expects that these mails came since, and returns the last one.
		expects := func(kinds ...Kind) Letter {
			t.Helper()
			h.run(p)
			h.run(p)
			for _, k := range kinds {
				want = append(want, string(k)+" caught marta@partner.example")
			}
			h.logs(want...)
			h.now = h.now.Add(time.Hour)
			list := h.letters()
			return list[len(list)-1]
		}
		says := func(l Letter, texts ...string) {
			t.Helper()
			for _, text := range texts {
				if !strings.Contains(l.Subject+l.Text, text) {
					t.Errorf("%s does not say %q: %s\n%s", l.Kind, text, l.Subject, l.Text)
				}
			}
		}
		expects()
		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := creative.CreateCode(ctx, tx, h.prog.ID, marta.ID, "MARTA10")
			return err
		})
		for _, order := range []string{"A-1", "A-2"} {
			h.buys(order, "MARTA10")
		}
		says(expects(FirstSale), "60,00\u00a0€")

		agree := func(since time.Time) {
			h.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Agree(ctx, tx, h.keys, marta.ID, since, contract.Sensible("EUR"), h.owner.ID)
				return err
			})
		}
		agree(h.now.AddDate(0, 1, 0))
		says(expects(NewTerms), "1er juin 2026", "la version 2", base+"/partner/"+marta.ID+"/contract")

		h.now = h.now.AddDate(0, 2, 0)
		if _, err := commission.Mature(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		first := h.sendsAll()[0]
		expects() // a file that was made is no payment yet
		h.hears(first, csv.Failed, "Account closed")
		says(expects(PayoutFailed), "120,00\u00a0€", "> Account closed", "/profile", "pay.marta@partner.example")
		second := h.sendsAll()[0]
		h.hears(second, csv.Paid, "")
		h.hears(second, csv.Paid, "")
		says(expects(PayoutPaid), "120,00\u00a0€", "PayPal", "pay.marta@partner.example", "/payouts/"+second.ID)

		h.buys("A-3", "MARTA10")
		expects()
		list, err := commission.List(context.Background(), d.Read(), commission.Filter{Program: h.prog.ID, Limit: 9})
		if err != nil || len(list) != 3 {
			t.Fatal(list, err)
		}
		for _, c := range []commission.Commission{list[0], list[2]} { // one that never was paid, and one that was
			h.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Reverse(ctx, tx, h.keys, c.ID, "item_returned", "a secret", h.owner.ID)
				return err
			})
		}
		l := expects(TakenBack)
		says(l, "60,00\u00a0€", "/earnings/"+list[2].ID)
		if strings.Contains(l.Text, "secret") || !strings.Contains(l.Text, "> ") {
			t.Errorf("%s", l.Text)
		}

		// Who is declined takes part in nothing.
		otto := h.applies("Otto", "en")
		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := commission.Decline(ctx, tx, h.keys, otto.ID, h.owner.ID, "No site yet.")
			return err
		})
		h.run(p)
		if list := h.letters(); !strings.Contains(list[len(list)-1].Text, "because you applied to Acme Partners") || otto.Status != partner.Applied {
			t.Errorf("%s", list[len(list)-1].Text)
		}
	})
}
