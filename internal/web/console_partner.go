package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type partnerPage struct {
	consolePage
	Partnership partner.Partnership
	Test        bool // it is the one with whom the brand tries things
	Chips       []chip
	Cards       []card
	Trend       trend
	Balances    balances
	Now         contract.Version // in force; zero when nothing was agreed
	Versions    []contract.Version
	Terms       form
	Links       []creative.Link
	LinkBase    string
	Codes       []creative.Code
	Code        form             // to give one
	Answers     []partner.Answer // with the questions in words
	Changes     []partner.StatusChange
	Commissions []commission.Commission
	Offer       contract.Terms // what accepting agrees
}

// balances are what a partnership has at each stage.
type balances struct {
	Currency                         money.Currency
	Pending, Payable, InPayout, Paid int64
}

func (v *visit) balances() (balances, error) {
	p, s := v.program.ID, v.partnership.ID
	of, err := ledger.Of(v.Context(), v.read(), v.program.Currency, ledger.Pending(p, s), ledger.Payable(p, s), ledger.InPayout(p, s), ledger.Paid(p, s))
	return balances{v.program.Currency, of[ledger.Pending(p, s)], of[ledger.Payable(p, s)], of[ledger.InPayout(p, s)], of[ledger.Paid(p, s)]}, err
}

// partner is all about one partnership.
func (s *site) partner(v *visit) (answer, error) {
	data, err := s.readPartner(v)
	if err != nil {
		return nil, err
	}
	return s.page("console/partners/detail", data.Partnership.Partner.Name, data), nil
}

func (s *site) readPartner(v *visit) (partnerPage, error) {
	ctx, r, id := v.Context(), v.read(), v.partnership.ID
	data := partnerPage{consolePage: v.console(), Partnership: v.partnership, Test: v.partnership.Partner.Email == testAddress(v.program.Brand), LinkBase: s.base + "/c/", Code: codeForm()}
	span := v.span()
	data.Chips = v.spanChips(span)
	all, err := v.partnershipSeries(span)
	if err != nil {
		return data, err
	}
	data.Cards, data.Trend = v.figures(all)
	if data.Balances, err = v.balances(); err != nil {
		return data, err
	}
	if data.Links, err = creative.Links(ctx, r, id, "", 100); err != nil {
		return data, err
	}
	if data.Codes, err = creative.Codes(ctx, r, id); err != nil {
		return data, err
	}
	if data.Commissions, err = commission.List(ctx, r, commission.Filter{Partnership: id, Limit: 8}); err != nil {
		return data, err
	}
	changes, err := partner.Changes(ctx, r, []string{id})
	if err != nil {
		return data, err
	}
	data.Changes = changes[id]
	slices.Reverse(data.Changes)
	data.Answers = inWords(v.program, v.partnership.Answers)
	if data.Offer, err = contract.Defaults(v.program); err != nil {
		return data, err
	}
	versions, err := contract.Versions(ctx, r, []string{id})
	if err != nil {
		return data, err
	}
	data.Versions = versions[id]
	data.Now, _ = contract.InForce(data.Versions, v.db.Now(), program.Always)
	slices.Reverse(data.Versions)
	start := data.Offer
	if data.Now.ID != "" {
		start = data.Now.Terms
	}
	data.Terms = termsForm(v, start, true)
	return data, nil
}

// inWords puts the form's labels in place of its names.
func inWords(p program.Program, answers []partner.Answer) []partner.Answer {
	list := slices.Clone(answers)
	for i, a := range list {
		for _, q := range p.Form {
			if q.Name == a.Question {
				list[i].Question = q.Label
			}
		}
	}
	return list
}
