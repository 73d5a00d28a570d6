package web

import (
	"math/big"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// receipt explains a conversion to the cent. The partner's has nothing of other partners but that there were some, and
// nothing of the customer.
type receipt struct {
	Sale     conversion.Conversion
	Currency money.Currency
	Model    string // in words
	ModelHow string
	Steps    []receiptStep
	Refunds  []conversion.Refund
	Order    receiptOrder
	Gross    int64
	Refunded int64
	Net      int64
	Parts    []receiptPart
	Reason   string // why nobody earned
	Whose    string // the partnership that reads it; empty: the brand
	Base     string // of the console, for its links and actions
	CanWrite bool
	Codes    []receiptCode
	Told     []string // what the code and the customer's partner did, in words
}

// receiptCode is a promo code on the order.
type receiptCode struct {
	Name string
	Ours bool // a partner's, not one that the shop gives itself
}

// receiptStep is a touch of the journey.
type receiptStep struct {
	commission.Step
	Who    string // who brought the visitor
	Other  bool   // a partner who is not named to this reader
	Label  string // of the link
	Sent   string // what decided where to; in words
	Share  string
	Before string // how long before the conversion
}

// receiptPart is what one partnership earned.
type receiptPart struct {
	commission.Part
	Who        string
	Share      string
	Terms      contract.Version
	Lines      []receiptLine
	Commission commission.Commission
	Payouts    []receiptPayout
	Debt       money.Amount // what payouts took beyond what is owed now
	Postings   []posting
	Decided    string // why it was taken back by hand
	Stopped    string // why it is held
	Decisions  []receiptDecision
	Deeds      []deed // what the reader can decide
}

// receiptLine is a line of the arithmetic.
type receiptLine struct {
	Text  string
	Value string
	Total bool
}

// receiptDecision is what a person decided. A partner reads neither who it was nor the note.
type receiptDecision struct {
	At   time.Time
	What string
	Why  string
	Who  string
	Note string
}

// posting is an entry of the books with its accounts in words.
type posting struct {
	ledger.Entry
	From string
	To   string
	When time.Time
}

// receipt reads all that explains a conversion. whose is the partnership that will read it, or empty for the brand.
func (v *visit) receipt(sale conversion.Conversion, whose string) (receipt, error) {
	ctx, r := v.Context(), v.read()
	e, err := commission.Explain(ctx, r, sale.ID)
	if err != nil {
		return receipt{}, err
	}
	data := receipt{Sale: sale, Currency: v.program.Currency, Gross: e.Gross, Refunded: e.Refunded, Net: e.Net, Reason: e.Reason, Whose: whose}
	data.Model = v.text("models." + e.Model.Name)
	data.ModelHow = v.modelHow(e)
	if whose == "" && !program.IsTest(sale.Program) { // what is tried leads nowhere, and nobody decides on it
		data.Base, data.CanWrite = consoleBase(v.program), v.console().May("commissions.write")
	}
	refunds, err := conversion.RefundsOf(ctx, r, sale.Program, []string{sale.Order})
	if err != nil {
		return data, err
	}
	data.Refunds = refunds[conversion.OrderKey(sale.Event, sale.Order)]
	if err := v.addTold(&data, e); err != nil {
		return data, err
	}
	if err := v.addOrder(&data, e); err != nil {
		return data, err
	}
	if err := v.addSteps(&data, e); err != nil {
		return data, err
	}
	return data, v.addParts(&data, e)
}

// modelHow is how the model shares. By position it says so of as many touches as counted: where there is none between, or
// one is alone, the shares are others.
func (v *visit) modelHow(e commission.Explanation) string {
	key, counted := "models_how."+e.Model.Name, 0
	for _, step := range e.Steps {
		if step.Verdict == commission.Counted {
			counted++
		}
	}
	if e.Model.Name == "position" {
		switch {
		case counted == 1:
			key = "models_how.position_one"
		case counted == 2 && e.Model.First+e.Model.Last == 0:
			key = "models_how.linear"
		case counted == 2:
			key = "models_how.position_two"
		}
	}
	return v.text(key, "n", e.Model.HalfLife, "first", e.Model.First, "last", e.Model.Last)
}

func weights(e commission.Explanation) (total int64) {
	for _, p := range e.Parts {
		total += p.Weight
	}
	return total
}

func (v *visit) addSteps(data *receipt, e commission.Explanation) error {
	var ids, links []string
	for _, s := range e.Steps {
		ids, links = append(ids, s.Partnership), append(links, s.Link)
	}
	names, err := v.names(ids)
	if err != nil {
		return err
	}
	known, err := creative.LinksNamed(v.Context(), v.read(), links)
	if err != nil {
		return err
	}
	sent, err := v.sentBy(e)
	if err != nil {
		return err
	}
	for _, s := range e.Steps {
		step := receiptStep{Step: s, Who: v.who(names, s.Partnership, data.Whose), Before: v.ago(data.Sale.At.Sub(s.At))}
		step.Other = data.Whose != "" && s.Partnership != "" && s.Partnership != data.Whose
		if step.Other {
			step.Code = "" // it is theirs
		} else {
			step.Label, step.Sent = known[s.Link].Label, sent[s.Touch]
		}
		if s.Weight > 0 {
			step.Share = v.share(s.Weight, weights(e))
		}
		data.Steps = append(data.Steps, step)
	}
	return nil
}

// who names a partnership to the reader.
func (v *visit) who(names map[string]partner.Partnership, partnership, reader string) string {
	switch {
	case partnership == "":
		return v.text("receipt.direct")
	case reader != "" && partnership != reader:
		return v.text("receipt.other")
	}
	return names[partnership].Partner.Name
}

// share is a weight as a part of the whole.
func (v *visit) share(weight, total int64) string {
	return v.lang.Percent((weight*1000 + total/2) / max(1, total))
}

// ago is a time before the conversion in its largest unit.
func (v *visit) ago(d time.Duration) string {
	switch minutes := int64(d.Minutes()); {
	case minutes < 1:
		return v.text("receipt.at_once")
	case minutes < 60:
		return v.text("receipt.minutes_before", "n", minutes)
	case minutes < 48*60:
		return v.text("receipt.hours_before", "n", minutes/60)
	default:
		return v.text("receipt.days_before", "n", minutes/(24*60))
	}
}

// addParts tells what each partnership earned and how it was reckoned; a partner reads only their own.
func (v *visit) addParts(data *receipt, e commission.Explanation) error {
	ctx, r := v.Context(), v.read()
	commissions, err := commission.Of(ctx, r, []string{data.Sale.ID})
	if err != nil {
		return err
	}
	decisions, err := commission.Decisions(ctx, r, []string{data.Sale.ID})
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range e.Parts {
		ids = append(ids, p.Partnership)
	}
	names, err := v.names(ids)
	if err != nil {
		return err
	}
	for _, p := range e.Parts {
		if data.Whose != "" && p.Partnership != data.Whose {
			continue
		}
		part := receiptPart{Part: p, Who: names[p.Partnership].Partner.Name, Share: v.share(p.Weight, weights(e)), Lines: v.reckon(*data, p, weights(e))}
		if part.Terms, err = contract.Get(ctx, r, p.Contract); err != nil {
			return err
		}
		for _, c := range commissions[data.Sale.ID] {
			if c.Partnership == p.Partnership {
				part.Commission = c
			}
		}
		entries, err := ledger.Because(ctx, r, part.Commission.ID)
		if err != nil {
			return err
		}
		if err := v.addPayouts(*data, &part, entries); err != nil {
			return err
		}
		if p.Reversed != "" {
			part.Decided = v.text("reasons." + p.Reversed)
		}
		if part.Commission.State == commission.Held {
			part.Stopped = v.why(part.Commission)
		}
		for _, d := range decisions[data.Sale.ID] {
			if d.Partnership == p.Partnership {
				part.Decisions = append(part.Decisions, v.decided(d, data.Whose != ""))
			}
		}
		if data.CanWrite {
			part.Deeds = v.deedsFor(kindsFor(part.Commission)...)
		}
		data.Parts = append(data.Parts, part)
	}
	return nil
}

// decided is a decision in words, for the partner without what is the brand's own.
func (v *visit) decided(d commission.Decision, forPartner bool) receiptDecision {
	told := receiptDecision{At: d.At, What: v.text("decide.was." + string(d.Kind))}
	switch d.Kind {
	case commission.ToHold:
		told.Why = v.text("holds." + d.Reason)
	case commission.ToReverse:
		told.Why = v.text("reasons." + d.Reason)
	}
	if !forPartner {
		told.Who, told.Note = v.nameOf(d.Author), d.Note
	}
	return told
}

// why is the reason for which a commission is reversed or held, in words.
func (v *visit) why(c commission.Commission) string {
	switch {
	case c.Reason == "":
		return ""
	case c.State == commission.Held:
		return v.text("holds." + c.Reason)
	}
	return v.text("reasons." + c.Reason)
}

// reckon is the arithmetic of a part, line by line.
func (v *visit) reckon(data receipt, p commission.Part, total int64) []receiptLine {
	c := data.Currency
	amount := func(minor int64) string { return v.lang.Money(money.Of(minor, c)) }
	var lines []receiptLine
	switch {
	case data.Sale.Event == bought:
		lines = append(lines, receiptLine{Text: v.text("receipt.gross"), Value: amount(data.Gross)})
	case data.Gross != 0:
		lines = append(lines, receiptLine{Text: v.text("receipt.gross_other", "event", capital(eventName(v.lang, data.Sale.Event))), Value: amount(data.Gross)})
	}
	if data.Refunded > 0 {
		lines = append(lines, receiptLine{Text: v.text("receipt.refunded"), Value: amount(-data.Refunded)},
			receiptLine{Text: v.text("receipt.net"), Value: amount(data.Net), Total: true})
	}
	if p.Payout.Rate > 0 {
		key := "receipt.rate_of"
		if p.WithCode {
			key = "receipt.code_rate_of"
		}
		lines = append(lines, receiptLine{Text: v.text(key, "rate", p.Payout.Rate, "amount", amount(data.Net)),
			Value: v.lang.Exact(money.Part(data.Net, p.Payout.Rate), c)})
	}
	if p.Payout.Fixed > 0 && p.Whole >= money.Fixed(p.Payout.Fixed) {
		lines = append(lines, receiptLine{Text: v.text("receipt.fixed", "event", eventName(v.lang, data.Sale.Event)), Value: amount(p.Payout.Fixed)})
	}
	exact := part(p.Whole, p.Weight, total)
	if p.Weight != total {
		lines = append(lines, receiptLine{Text: v.text("receipt.share", "share", v.share(p.Weight, total)), Value: v.lang.Exact(exact, c)})
	}
	if p.Reversed != "" {
		lines = append(lines, receiptLine{Text: v.text("receipt.reversed", "reason", v.text("reasons."+p.Reversed)), Value: amount(0)})
	} else if exact != money.Fixed(p.Amount) {
		key := "receipt.rounded"
		if p.Weight == total {
			key = "receipt.rounded_alone"
		}
		lines = append(lines, receiptLine{Text: v.text(key), Value: amount(p.Amount)})
	}
	return append(lines, receiptLine{Text: v.text("receipt.commission"), Value: amount(p.Amount), Total: true})
}

// part is a weight's part of a price, in millionths of a minor unit.
func part(whole money.Micro, weight, total int64) money.Micro {
	n := new(big.Int).Mul(big.NewInt(int64(whole)), big.NewInt(weight))
	return money.Micro(n.Quo(n, big.NewInt(max(1, total))).Int64())
}

func (v *visit) postings(entries []ledger.Entry, names map[string]partner.Partnership) []posting {
	list := make([]posting, len(entries))
	for i, e := range entries {
		list[i] = posting{e, v.account(e.Source, names), v.account(e.Target, names), time.UnixMilli(e.At)}
	}
	return list
}

// account is a ledger account in words.
func (v *visit) account(a ledger.Account, names map[string]partner.Partnership) string {
	parts := strings.Split(string(a), "/")
	stage := v.text("accounts." + parts[len(parts)-1])
	if parts[0] != "partner" || names[parts[1]].ID == "" {
		return stage
	}
	return names[parts[1]].Partner.Name + " · " + stage
}
