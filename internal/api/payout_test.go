package api_test

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestFromSaleToPaid goes the whole way by the API alone.
func TestFromSaleToPaid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := open(t, d), t.Context()
		h.program("alpine")
		for _, name := range []string{"ann", "bob"} {
			h.code(h.partner("alpine", name), name)
			must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: name, Amount: euros("100"), PromoCode: name}))(t)
		}
		if _, err := h.CreateBatch(ctx, "alpine", client.NewBatch{}); code(err) != "nothing_due" {
			t.Errorf("before the lock: %v", err)
		}
		h.mature()
		proposals := all(t, h.Proposals(ctx, "alpine", false))
		if len(proposals) != 2 || !proposals[0].Pays || proposals[0].Amount != *euros("10.00") {
			t.Errorf("proposals: %+v", proposals)
		}
		batch := must(h.CreateBatch(ctx, "alpine", client.NewBatch{}))(t)
		if _, err := h.SendBatch(ctx, batch.ID); code(err) != "batch_not_approved" {
			t.Errorf("sent without approval: %v", err)
		}
		must(h.ApproveBatch(ctx, batch.ID))(t)
		sent := must(h.SendBatch(ctx, batch.ID))(t)
		if len(sent.Files) != 1 || !strings.HasPrefix(sent.Files[0].URL, "https://partners.example.com/v1/batches/"+batch.ID+"/files/") {
			t.Fatalf("files: %+v", sent.Files)
		}
		file := string(must(h.Download(ctx, batch.ID, sent.Files[0].Name))(t))
		if !strings.Contains(file, batch.Payouts[0].PayTo+",10.00,EUR,"+batch.Payouts[0].ID) {
			t.Errorf("file: %s", file)
		}
		if _, err := h.CancelPayout(ctx, batch.Payouts[0].ID); code(err) != "payout_sent" {
			t.Errorf("cancelled after it was sent: %v", err)
		}
		csv := "id,status,reason\n" + batch.Payouts[0].ID + ",paid,\n" + batch.Payouts[1].ID + ",failed,closed\nx,paid,\ny\n"
		var did []string
		for _, o := range must(h.SendResults(ctx, batch.ID, []byte(csv)))(t) {
			did = append(did, o.Did)
		}
		if got := strings.Join(did, " "); got != "paid failed unknown unreadable" {
			t.Errorf("results did %s", got)
		}
		if _, err := h.SendResults(ctx, batch.ID, []byte("nothing")); code(err) != "results_unreadable" {
			t.Errorf("a bad file: %v", err)
		}
		paid := must(h.Payout(ctx, batch.Payouts[0].ID))(t)
		if paid.State != "paid" || len(paid.Lines) != 1 || paid.Lines[0].Amount != *euros("10.00") {
			t.Errorf("payout: %+v", paid)
		}
		if failed := all(t, h.Payouts(ctx, "alpine", client.PayoutFilter{State: "failed"})); len(failed) != 1 || failed[0].Reason != "closed" {
			t.Errorf("failed: %+v", failed)
		}
		if c := must(h.Commission(ctx, paid.Lines[0].Commission))(t); c.State != "paid" || c.Settled != *euros("10.00") {
			t.Errorf("commission: %+v", c)
		}
		reversed := must(h.ReverseCommission(ctx, paid.Lines[0].Commission, client.Reversal{Reason: "customer_fraud"}))(t)
		if reversed.State != "reversed" || reversed.Amount != *euros("0.00") {
			t.Errorf("reversed: %+v", reversed)
		}
		for _, p := range all(t, h.Proposals(ctx, "alpine", true)) {
			if p.Partnership == paid.Partnership && (p.Reason != "in_debt" || p.Amount != *euros("-10.00")) {
				t.Errorf("the debt: %+v", p)
			}
		}
		if entries := all(t, h.Entries(ctx, "alpine", "partner/"+paid.Partnership+"/"+paid.Program+"/paid")); len(entries) != 1 || entries[0].Cause != paid.ID {
			t.Errorf("entries: %+v", entries)
		}
		if accounts := all(t, h.Accounts(ctx, "alpine")); len(accounts) < 6 {
			t.Errorf("accounts: %+v", accounts)
		}
		if n := len(all(t, h.Batches(ctx, "alpine"))); n != 1 {
			t.Errorf("%d batches", n)
		}
		h.checkEvents()
	})
}

// checkEvents reads the brand's events one by one and then from the middle.
func (h *house) checkEvents() {
	h.t.Helper()
	events := all(h.t, h.Events(h.t.Context(), client.EventFilter{}))
	seen := map[string]bool{}
	for _, e := range events {
		seen[e.Type] = true
	}
	for _, kind := range []string{"conversion.created", "commission.locked", "payout.created", "payout.sent", "payout.paid", "payout.failed"} {
		if !seen[kind] {
			h.t.Errorf("no event %s", kind)
		}
	}
	middle := events[len(events)/2]
	rest := all(h.t, h.Events(h.t.Context(), client.EventFilter{After: middle.Seq}))
	if len(rest) != len(events)-len(events)/2-1 {
		h.t.Errorf("%d events after %d of %d", len(rest), middle.Seq, len(events))
	}
}
