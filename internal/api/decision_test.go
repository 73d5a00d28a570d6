package api_test

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestDecideByTheAPI holds, releases, approves and reverses many, and reads what was decided.
func TestDecideByTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := open(t, d), t.Context()
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		h.code(ann, "ANN10")
		var ids []string
		var sale client.Reported
		for _, order := range []string{"A-1", "A-2"} {
			sale = must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: order, Amount: euros("100"), PromoCode: "ANN10"}))(t)
			ids = append(ids, sale.Commissions[0].ID)
		}
		decide := func(c *client.Client, decision, reason string, ids ...string) string {
			t.Helper()
			var words []string
			for _, r := range must(c.Decide(ctx, client.NewDecision{Decision: decision, Commissions: ids, Reason: reason, Note: "by test"}))(t) {
				switch {
				case r.Problem != nil:
					words = append(words, r.Status+" "+r.Problem.Code)
				default:
					words = append(words, r.Status+" "+r.Commission.State)
				}
			}
			return strings.Join(words, ", ")
		}
		trial, _ := h.token(auth.Test, auth.WriteCommissions)
		for _, c := range []struct {
			by               *client.Client
			decision, reason string
			ids              []string
			want             string
		}{
			{trial, "hold", "order_check", ids, "done held, done held"},
			{h.Client, "hold", "order_check", []string{ids[0], "com_none"}, "done held, refused commission_unknown"},
			{h.Client, "hold", "", ids, "already held, done held"},
			{h.second().Client, "approve", "", ids, "refused commission_unknown, refused commission_unknown"},
			{h.Client, "release", "", ids[1:], "done pending"},
			{h.Client, "approve", "", ids[:1], "done payable"},
			{h.Client, "hold", "", ids, "refused commission_locked, done held"},
			{h.Client, "reverse", "customer_fraud", ids[1:], "done reversed"},
		} {
			if got := decide(c.by, c.decision, c.reason, c.ids...); got != c.want {
				t.Errorf("%s: %q, want %q", c.decision, got, c.want)
			}
		}
		told := must(h.Conversion(ctx, sale.ID))(t)
		var decided []string
		for _, one := range told.Decisions {
			decided = append(decided, one.Decision+" "+one.Reason)
			if one.Partnership != ann.ID || one.Note != "by test" || one.Author == "" || one.At.IsZero() {
				t.Errorf("decision: %+v", one)
			}
		}
		if got := strings.Join(decided, ", "); got != "hold other, release , hold other, reverse customer_fraud" {
			t.Errorf("decided %q", got)
		}
		if payable := all(t, h.Commissions(ctx, "alpine", client.CommissionFilter{State: "payable"})); len(payable) != 1 || payable[0].LockedAt == nil {
			t.Errorf("payable: %+v", payable)
		}
		must(h.Decide(ctx, client.NewDecision{Decision: "reverse", Commissions: ids}))(t)
		for _, bad := range []client.NewDecision{{Decision: "freeze", Commissions: ids}, {Decision: "hold"}, {Decision: "hold", Commissions: make([]string, 201)},
			{Decision: "hold", Commissions: ids, Reason: "chargeback"}, {Decision: "approve", Commissions: ids, Reason: "other"},
			{Decision: "hold", Commissions: ids, Note: strings.Repeat("x", 1001)}} {
			if _, err := h.Decide(ctx, bad); !strings.HasSuffix(code(err), "_invalid") {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
