package web

import (
	"maps"
	"slices"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// receiptOrder is what a receipt tells of the order itself. A partner reads what it was made of and how it was changed; who
// bought, and what others claimed, is for the brand.
type receiptOrder struct {
	Items    []conversion.Item
	Sums     []receiptLine
	Facts    []receiptLine
	Edits    []conversion.Edit
	Edit     string // the one that holds
	Claims   []receiptClaim
	Verdicts []conversion.Verdict
	Qualify  string // whether it qualifies, as a sentence; empty when nothing asks for it
	State    commission.Qualified
	Earlier  []conversion.Conversion
	Claimed  bool // nothing but a browser has said so
}

// receiptClaim is one of several reports of an order.
type receiptClaim struct {
	Said  conversion.Conversion
	Holds bool
	Why   string
}

// addOrder tells what an order was made of and what was said of it.
func (v *visit) addOrder(data *receipt, e commission.Explanation) error {
	facts, err := commission.FactsOf(v.Context(), v.read(), data.Sale)
	if err != nil {
		return err
	}
	o := receiptOrder{Items: facts.Terms.Detail.Items, Edits: facts.Edits, Edit: facts.Terms.Edit, Verdicts: facts.Verdicts, Sums: v.orderSums(facts.Terms, data.Currency)}
	if e.Qualify != nil {
		o.Qualify, o.State = v.qualified(*e.Qualify), e.Qualify.State
	}
	if data.Whose == "" {
		o.Earlier, o.Claimed = facts.Earlier, !data.Sale.Source.Trusted()
		for _, r := range facts.Reports {
			o.Claims = append(o.Claims, v.claimed(r.Said, data.Sale))
		}
		d := facts.Terms.Detail
		if d.Buyer != "" {
			o.Facts = append(o.Facts, receiptLine{Text: v.text("orders.buyer"), Value: v.text("orders.buyers." + d.Buyer)})
		}
		for _, name := range slices.Sorted(maps.Keys(d.Fields)) {
			o.Facts = append(o.Facts, receiptLine{Text: name, Value: d.Fields[name]})
		}
	}
	data.Order = o
	return nil
}

// orderSums is how an order comes to what its customer pays; nothing where nothing is known beyond the amount.
func (v *visit) orderSums(t conversion.Terms, c money.Currency) []receiptLine {
	d := t.Detail
	if len(d.Items) == 0 && d.Tax+d.Shipping+d.Total+d.Discount == 0 {
		return nil
	}
	var lines []receiptLine
	add := func(key string, minor int64, total bool) {
		if minor != 0 || total {
			lines = append(lines, receiptLine{Text: v.text(key), Value: v.lang.Money(money.Of(minor, c)), Total: total})
		}
	}
	if len(d.Items) > 0 {
		add("orders.items", t.Amount+d.Discount, false)
		add("orders.discount", -d.Discount, false)
	}
	add("orders.base", t.Amount, true)
	add("orders.tax", d.Tax, false)
	add("orders.shipping", d.Shipping, false)
	if d.Tax+d.Shipping != 0 {
		add("orders.total", t.Amount+d.Tax+d.Shipping, true)
	}
	return lines
}

// claimed is a report with what became of it.
func (v *visit) claimed(said, stands conversion.Conversion) receiptClaim {
	c := receiptClaim{Said: said, Holds: said.Source.Trusted() == stands.Source.Trusted(), Why: v.text("orders.trusted")}
	switch {
	case !said.Source.Trusted() && stands.Source.Trusted():
		c.Why = v.text("orders.outweighed")
	case !said.Source.Trusted():
		c.Holds = said.Visitor == stands.Visitor && said.Click == stands.Click
		c.Why = v.text("orders.untrusted")
	}
	return c
}

// qualified says whether a conversion qualifies, and what it waits for.
func (v *visit) qualified(q commission.Qualification) string {
	switch {
	case q.State == commission.Waiting && q.Rule.Kind == program.ByEvent:
		return v.text("orders.waits.event", "event", eventName(v.lang, q.Rule.Event))
	case q.State == commission.Waiting && q.Rule.Kind == program.ByDays:
		return v.text("orders.waits.days", "date", v.lang.Date(q.Until.In(v.zone)))
	case q.State == commission.Waiting:
		return v.text("orders.waits.verdict")
	case q.State == commission.Does && q.Because == "event":
		return v.text("orders.does.event", "event", eventName(v.lang, q.Rule.Event))
	case q.State == commission.Does:
		return v.text("orders.does.verdict")
	case q.Because == "refund":
		return v.text("orders.does_not.refund", "n", q.Rule.Days)
	}
	return v.text("orders.does_not.verdict")
}
