package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestAnOrderAndWhatBecameOfIt reports an order with its items, gives some back, edits it and judges it.
func TestAnOrderAndWhatBecameOfIt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.things()
		ctx := t.Context()
		sale := must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: "O-1", PromoCode: "ANN10", CustomerID: "c1", OrderDetail: client.OrderDetail{
			Items: []client.OrderItem{{SKU: "pan", Quantity: 3, UnitPrice: "20.00"}, {SKU: "lid", UnitPrice: "10.00"}}, Tax: "14.00", Total: "84.00", Buyer: "new"}}))(t)
		if sale.Amount.Amount != "70.00" || len(sale.Commissions) != 1 || sale.Commissions[0].Amount.Amount != "7.00" {
			t.Fatalf("the order: %+v", sale)
		}
		results := must(h.ReportRefunds(ctx, []client.NewRefund{
			{Program: "alpine", OrderID: "O-1", RefundID: "R-1", Items: []client.Piece{{SKU: "pan"}}},
			{Program: "alpine", OrderID: "O-1", RefundID: "R-1", Items: []client.Piece{{SKU: "pan", Quantity: 1}}},
			{Program: "alpine", OrderID: "O-1", RefundID: "R-2", Items: []client.Piece{{SKU: "cup"}}},
			{Program: "alpine", OrderID: "O-1", Items: []client.Piece{{SKU: "pan"}}},
			{Program: "nobody", OrderID: "O-1"},
		}))(t)
		var said []string
		for _, r := range results {
			switch {
			case r.Problem != nil:
				said = append(said, r.Status+" "+r.Problem.Code)
			case len(r.Refund.Warnings) > 0:
				said = append(said, r.Status+" "+r.Refund.Warnings[0].Code)
			default:
				said = append(said, r.Status)
			}
		}
		if got := strings.Join(said, ", "); got != "taken, duplicate, taken item_unknown, refused refund_id_missing, refused program_unknown" {
			t.Error(got)
		}
		edit := client.NewEdit{Program: "alpine", OrderID: "O-1", EditID: "E-1", OrderDetail: client.OrderDetail{Items: []client.OrderItem{{SKU: "pan", Quantity: 2, UnitPrice: "20.00"}}}}
		edited := must(h.ReportEdit(ctx, edit))(t)
		if edited.Duplicate || edited.Amount.Amount != "40.00" || edited.Commissions[0].Amount.Amount != "2.00" {
			t.Errorf("the edit: %+v", edited)
		}
		if again := must(h.ReportEdit(ctx, edit))(t); !again.Duplicate {
			t.Error("the same edit again is not a duplicate")
		}
		verdict := must(h.ReportVerdict(ctx, client.NewVerdict{Program: "alpine", Event: "sale", OrderID: "O-1", Verdict: "disqualified", Reason: "a friend"}))(t)
		if verdict.Commissions[0].Amount.Amount != "0.00" || verdict.Commissions[0].Reason != "not_qualified" {
			t.Errorf("the verdict: %+v", verdict)
		}
		must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: "O-2", Amount: euros("5"), CustomerID: "c1"}))(t)
		told := must(h.Conversion(ctx, sale.ID))(t)
		if len(told.Edits) != 1 || len(told.Verdicts) != 1 || told.Explanation.Edit != edited.ID || told.Explanation.Qualification.State != "disqualified" || len(told.Refunds) != 2 {
			t.Errorf("the conversion: %+v", told)
		}
		rule := must(h.AddQualifyingRule(ctx, "alpine", client.NewQualifyingRule{Event: "lead", Rule: "event", After: "sale"}))(t)
		if rule.After != "sale" {
			t.Errorf("the rule: %+v", rule)
		}
	})
}

// BenchmarkBatch is conversions in batches of a thousand, to be held against BenchmarkConversions.
func BenchmarkBatch(b *testing.B) {
	h := open(b, dbtest.Open(b, db.SQLite))
	h.program("alpine")
	lines := 0
	for b.Loop() {
		list := make([]client.NewConversion, 1000)
		for i := range list {
			lines++
			list[i] = client.NewConversion{Program: "alpine", OrderID: fmt.Sprint("B-", lines), Amount: euros("49.90"), CustomerID: fmt.Sprint("c", lines)}
		}
		if results := must(h.ReportConversions(b.Context(), list))(b); results[999].Status != "credited" {
			b.Fatalf("%+v", results[999])
		}
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
}
