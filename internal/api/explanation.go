package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellExplanation(e commission.Explanation, c money.Currency) client.Explanation {
	out := client.Explanation{Policy: e.Policy, Model: tellModel(e.Model), Steps: tellAll(e.Steps, tellStep), Gross: tellMoney(money.Of(e.Gross, c)),
		Refunded: tellMoney(money.Of(e.Refunded, c)), Net: tellMoney(money.Of(e.Net, c)), Reason: e.Reason, Edit: e.Edit, Qualification: tellQualification(e.Qualify)}
	out.Codes = tellAll(e.Codes, func(u commission.CodeUse) client.CodeUse {
		return client.CodeUse{Code: u.Code, Partnership: u.Partnership, Credit: string(u.Credit), Verdict: string(u.Verdict), Before: u.Before, Reason: u.Reason}
	})
	if b := e.Bound; b != nil {
		out.Bound = &client.Bound{Partnership: b.Partnership, Since: b.Since, Until: b.Until, Order: b.Order, Binding: b.By, Verdict: string(b.Verdict)}
	}
	var all int64
	for _, p := range e.Parts {
		all += p.Weight
	}
	out.Parts = tellAll(e.Parts, func(p commission.Part) client.Part {
		return client.Part{Partnership: p.Partnership, Weight: p.Weight, Of: all, Contract: p.Contract, Version: p.Version, WithCode: p.WithCode,
			Rule: tellRule(p.Payout, c), Whole: exact(p.Whole, c), Amount: tellMoney(money.Of(p.Amount, c)), LocksAt: p.Locks(),
			Waits: p.Waits, Held: p.Held, Reversed: p.Reversed, Arithmetic: arithmetic(p, all, e.Net, c)}
	})
	return out
}

func tellStep(s commission.Step) client.Step {
	return client.Step{Touch: s.Touch, Kind: string(s.Kind), Partnership: s.Partnership, Link: s.Link, Code: s.Code, Mark: string(s.Mark),
		At: s.At, Verdict: string(s.Verdict), Weight: s.Weight, Claimed: s.Claimed}
}

func tellModel(m program.Model) client.Model {
	out := client.Model{Name: m.Name, HalfLifeHours: m.HalfLife}
	if m.Name == "position" {
		out.First, out.Last = m.First.String(), m.Last.String()
	}
	return out
}

func tellRule(p contract.Payout, c money.Currency) client.Rule {
	var out client.Rule
	if p.Rate > 0 {
		out.Rate = p.Rate.String()
	}
	if p.Fixed > 0 {
		fixed := tellMoney(money.Of(p.Fixed, c))
		out.Fixed = &fixed
	}
	return out
}

// exact writes a price before rounding in the currency's own unit, with the decimals that it has.
func exact(m money.Micro, c money.Currency) string {
	digits := c.Scale() + 6 // millionths of a minor unit
	text := fmt.Sprintf("%0*d", digits+1, int64(m))
	whole, rest := text[:len(text)-digits], strings.TrimRight(text[len(text)-digits:], "0")
	for len(rest) < c.Scale() {
		rest += "0"
	}
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

// arithmetic is a part's calculation in one line, such as "1/3 of (10 % of 100.00 EUR) = 3.34 EUR".
func arithmetic(p commission.Part, all, net int64, c money.Currency) string {
	var terms []string
	if p.Payout.Rate > 0 {
		terms = append(terms, p.Payout.Rate.String()+" % of "+money.Of(net, c).String())
	}
	if p.Payout.Fixed > 0 {
		terms = append(terms, money.Of(p.Payout.Fixed, c).String()+" fixed")
	}
	price := strings.Join(terms, " + ")
	if price == "" {
		price = "nothing for this event"
	}
	if p.Weight != all {
		price = strconv.FormatInt(p.Weight, 10) + "/" + strconv.FormatInt(all, 10) + " of (" + price + ")"
	}
	line := price + " = " + money.Of(p.Amount, c).String()
	switch p.Reversed {
	case "":
	case commission.NotQualified:
		line += ", taken back: the conversion does not qualify"
	default:
		line += ", taken back by hand: " + p.Reversed
	}
	return line
}
