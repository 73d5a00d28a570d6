package web

import (
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// partnerPage is all about one partnership: its head, and one of its tabs.
type partnerPage struct {
	consolePage
	Me          string
	Partnership partner.Partnership
	Care        partner.Care
	Group       partner.Group // without an id when it is in none
	Groups      []partner.Group
	Team        []auth.Member // who can be its manager
	Balances    balances
	Month       commission.Sum // what it brought in the last thirty days
	Tab         string
	Tabs        []chip
	Offer       contract.Terms // what accepting agrees
	Reasons     []choice

	Chips       []chip
	Cards       []card
	Trend       trend
	Tops        listing
	Commissions listing
	Next        string           // address of the next page of notes, or of the timeline
	Now         contract.Version // in force; zero when nothing was agreed
	Versions    []contract.Version
	Terms       form
	Proposal    *proposal // terms that were filled in, to be agreed
	Changing    bool      // what was filled in is not right yet
	Links       []creative.Link
	LinkBase    string
	Codes       []creative.Code
	Code        form // to give one
	Single      form // to make those that can be used once
	Batches     listing
	Notes       []partner.Note
	Note        form // to write one
	Moments     []moment
	Answers     []partner.Answer // with the questions in words
	Properties  []partner.Property
	Confirmed   map[string]partner.Confirmation
	Contacts    []partner.Contact
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

// partnerTabs are the parts of the page, and what each reads.
var partnerTabs = []struct {
	name string
	read func(s *site, v *visit, data *partnerPage) error
}{
	{"performance", (*site).readPerformance},
	{"commissions", (*site).readCommissions},
	{"contract", (*site).readContract},
	{"links", (*site).readPartnerLinks},
	{"notes", (*site).readNotes},
	{"timeline", (*site).readTimeline},
	{"profile", (*site).readProfile},
}

// tabIn is the tab with the name. Of somebody who is not a partner yet, the application is what there is to read.
func tabIn(name string, p partner.Partnership) string {
	for _, tab := range partnerTabs {
		if tab.name == name {
			return name
		}
	}
	if p.Status == partner.Applied || p.Status == partner.Declined {
		return "profile"
	}
	return partnerTabs[0].name
}

func (s *site) partner(v *visit) (answer, error) {
	data, err := s.readPartner(v, v.query("tab"))
	if err != nil {
		return nil, err
	}
	return s.page("console/partners/detail", data.Partnership.Partner.Name, data), nil
}

// readPartner reads the head of the page, and the tab.
func (s *site) readPartner(v *visit, tab string) (data partnerPage, err error) {
	ctx, r, id := v.Context(), v.read(), v.partnership.ID
	data = partnerPage{consolePage: v.console(), Me: v.person.ID, Partnership: v.partnership, Tab: tabIn(tab, v.partnership), Reasons: v.reasons()}
	for _, one := range partnerTabs {
		data.Tabs = append(data.Tabs, chip{Label: v.text("partner.tabs." + one.name), Address: partnerBase(v) + "?tab=" + one.name, Here: one.name == data.Tab})
	}
	if data.Care, err = partner.CareOf(ctx, r, id); err != nil {
		return data, err
	}
	if data.Groups, err = partner.Groups(ctx, r, v.program.ID); err != nil {
		return data, err
	}
	if i := slices.IndexFunc(data.Groups, func(g partner.Group) bool { return g.ID == data.Care.Group }); i >= 0 {
		data.Group = data.Groups[i]
	}
	if data.Team, err = auth.Members(ctx, r, v.program.Brand); err != nil {
		return data, err
	}
	if data.Balances, err = v.balances(); err != nil {
		return data, err
	}
	today := v.today()
	sums, err := commission.ByPartnership(ctx, r, commission.Filter{Partnership: id, From: today.AddDate(0, 0, -29), To: today.AddDate(0, 0, 1)})
	if err != nil {
		return data, err
	}
	if len(sums) > 0 {
		data.Month = sums[0]
	}
	if data.Offer, err = contract.Defaults(v.program); err != nil {
		return data, err
	}
	for _, one := range partnerTabs {
		if one.name == data.Tab {
			err = one.read(s, v, &data)
		}
	}
	return data, err
}

// Manager is the name of who looks after the partner, or empty.
func (p partnerPage) Manager() string {
	for _, m := range p.Team {
		if m.Person.ID == p.Care.Manager {
			return m.Person.Name
		}
	}
	return ""
}

// Labels are the partner's tags as a form shows them.
func (p partnerPage) Labels() string { return strings.Join(p.Care.Tags, ", ") }

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
