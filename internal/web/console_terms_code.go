package web

import (
	"slices"
	"strconv"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// codeFields ask for what an order with a promo code earns; left empty, it is what one without earns.
func codeFields(v *visit, t contract.Terms, event string) []field {
	c := v.program.Currency
	rate := field{Name: "code_rate." + event, Words: v.text("fields.code_rate", "event", eventName(v.lang, event)), Unit: "%", Hint: "code_rate"}
	fixed := field{Name: "code_fixed." + event, Words: v.text("fields.code_fixed", "event", eventName(v.lang, event)), Unit: string(c)}
	if p, ok := t.WithCode[event]; ok {
		rate.Value = p.Rate.String()
		if p.Fixed != 0 {
			fixed.Value = money.Of(p.Fixed, c).Decimal()
		}
	}
	return []field{rate, fixed}
}

// bindMonths are the months that can be chosen.
var bindMonths = []int64{0, 1, 3, 6, 12, 24, 36, contract.Lifelong}

// bindField asks for how long a customer stays with the partner who brought them.
func bindField(v *visit, t contract.Terms) field {
	f := field{Name: "bind_months", Type: "select", Value: strconv.FormatInt(t.BindMonths, 10), Hint: "bind_months"}
	months := bindMonths
	if !slices.Contains(months, t.BindMonths) {
		months = slices.Sorted(slices.Values(append([]int64{t.BindMonths}, bindMonths...)))
	}
	for _, n := range months {
		label := v.text("bind.months", "n", n)
		switch n {
		case 0:
			label = v.text("bind.none")
		case contract.Lifelong:
			label = v.text("bind.for_ever")
		}
		f.Choices = append(f.Choices, choice{strconv.FormatInt(n, 10), label})
	}
	return f
}

// readCodeTerms reads what codeFields and bindField ask.
func readCodeTerms(f form, p program.Program, t *contract.Terms, faults *[]*problem.Problem) {
	for _, event := range p.Events {
		rate := decimal(f.value("code_rate." + event))
		if rate == "" && f.value("code_fixed."+event) == "" {
			continue
		}
		special := contract.Payout{Fixed: readMinor(f, "code_fixed."+event, p.Currency, faults)}
		var err error
		if rate != "" {
			if special.Rate, err = money.ParseRate(rate); err != nil {
				*faults = append(*faults, problem.Wrong("code_rate."+event, "rate_invalid", "%v", err))
			}
		}
		if t.WithCode == nil {
			t.WithCode = map[string]contract.Payout{}
		}
		t.WithCode[event] = special
	}
	if text := f.value("bind_months"); text != "" {
		var err error
		if t.BindMonths, err = strconv.ParseInt(text, 10, 32); err != nil {
			*faults = append(*faults, problem.Invalid("bind_months", "%q is not a number of months", text))
		}
	}
}
