package web

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type contractsPage struct {
	consolePage
	Chips     []chip
	Show      string
	Search    string
	Keep      []choice
	Standard  contract.Terms
	Groups    []termsGroup
	Scheduled []partnerTerms
	Without   []partnerTerms
	Ended     []partnerTerms
}

// termsGroup are the partners who have the same terms today.
type termsGroup struct {
	Terms    contract.Terms
	Standard bool
	Changes  []change // from the standard terms
	Rows     []partnerTerms
	Since    time.Time // the longest
}

// firstMost is how many partners of a group are named at once.
const firstMost = 8

// First are the partners that are named at once.
func (g termsGroup) First() []partnerTerms { return g.Rows[:min(firstMost, len(g.Rows))] }

// Rest are the others.
func (g termsGroup) Rest() []partnerTerms { return g.Rows[len(g.First()):] }

// partnerTerms is a partnership with a version of its contract.
type partnerTerms struct {
	partner.Partnership
	contract.Version
	Changes []change // from the version before it
}

// partnershipsMost is how many partnerships the page groups.
const partnershipsMost = 20_000

// contractShows are the parts of the page that a reader can choose; the first is all.
var contractShows = []string{"", "standard", "own", "scheduled", "without", "ended"}

// contracts are who is on what terms.
func (s *site) contracts(v *visit) (answer, error) {
	data := contractsPage{consolePage: v.console(), Search: v.query("q"), Keep: kept(v.URL.Query(), "q")}
	if show := v.query("show"); slices.Contains(contractShows, show) {
		data.Show = show
	}
	var err error
	if data.Standard, err = contract.Defaults(v.program); err != nil {
		return nil, err
	}
	if err := data.gather(v); err != nil {
		return nil, err
	}
	data.count(v)
	data.narrow()
	return s.page("console/contracts/list", v.text("nav.contracts"), data), nil
}

// gather puts every partnership where it belongs.
func (p *contractsPage) gather(v *visit) error {
	ctx, r := v.Context(), v.read()
	list, err := partner.Search(ctx, r, partner.Filter{Program: v.program.ID, Words: p.Search, Limit: partnershipsMost})
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	all, err := contract.Versions(ctx, r, ids)
	if err != nil {
		return err
	}
	groups := map[string]*termsGroup{}
	for _, listed := range list {
		one := listed.Partnership
		versions := all[one.ID]
		now, agreed := contract.InForce(versions, v.db.Now(), program.Always)
		switch {
		case one.Status == partner.Ended:
			p.Ended = append(p.Ended, partnerTerms{Partnership: one, Version: now})
			continue
		case one.Status != partner.Approved && one.Status != partner.Paused:
			continue
		case !agreed:
			p.Without = append(p.Without, partnerTerms{Partnership: one})
		default:
			if err := p.join(v, groups, partnerTerms{Partnership: one, Version: now}); err != nil {
				return err
			}
		}
		for i, version := range versions {
			if version.Since.After(v.db.Now()) {
				next := partnerTerms{Partnership: one, Version: version}
				if i > 0 {
					next.Changes = fromOutside(changes(v.lang, versions[i-1].Terms, version.Terms, v.program.Currency))
				}
				p.Scheduled = append(p.Scheduled, next)
			}
		}
	}
	for _, group := range groups {
		slices.SortFunc(group.Rows, func(a, b partnerTerms) int { return strings.Compare(a.Partner.Name, b.Partner.Name) })
		p.Groups = append(p.Groups, *group)
	}
	slices.SortFunc(p.Groups, func(a, b termsGroup) int {
		return cmp.Or(cmp.Compare(len(b.Rows), len(a.Rows)), a.Since.Compare(b.Since), strings.Compare(a.Rows[0].Partner.Name, b.Rows[0].Partner.Name))
	})
	slices.SortFunc(p.Scheduled, func(a, b partnerTerms) int { return a.Since.Compare(b.Since) })
	return nil
}

// join puts a partnership to those with the same terms.
func (p *contractsPage) join(v *visit, groups map[string]*termsGroup, one partnerTerms) error {
	key, err := sameTerms(one.Terms)
	if err != nil {
		return err
	}
	standard, err := sameTerms(p.Standard)
	if err != nil {
		return err
	}
	group := groups[key]
	if group == nil {
		group = &termsGroup{Terms: one.Terms, Since: one.Since, Standard: key == standard}
		if !group.Standard {
			group.Changes = fromOutside(changes(v.lang, p.Standard, one.Terms, v.program.Currency))
		}
		groups[key] = group
	}
	if one.Since.Before(group.Since) {
		group.Since = one.Since
	}
	group.Rows = append(group.Rows, one)
	return nil
}

// sameTerms is a text that is the same for the same terms: an event that earns nothing is as good as none.
func sameTerms(t contract.Terms) (string, error) {
	payouts := map[string]contract.Payout{}
	for _, event := range paidEvents(t) {
		payouts[event] = t.Payouts[event]
	}
	t.Payouts = payouts
	text, err := json.Marshal(t) // in the order of the keys
	return string(text), err
}

// fromOutside says what a partner earns to somebody who is not the partner.
func fromOutside(list []change) []change {
	for i := range list {
		if list[i].Name == "pays" {
			list[i].Name = "paid"
		}
	}
	return list
}

func (p *contractsPage) count(v *visit) {
	n := map[string]int{"scheduled": len(p.Scheduled), "without": len(p.Without), "ended": len(p.Ended)}
	for _, group := range p.Groups {
		name := "own"
		if group.Standard {
			name = "standard"
		}
		n[name] += len(group.Rows)
	}
	n[""] = n["standard"] + n["own"] + n["without"] + n["ended"]
	for _, show := range contractShows {
		label := v.text("contracts.all")
		if show != "" {
			label = v.text("contracts.show." + show)
		}
		p.Chips = append(p.Chips, chip{label, v.lang.Number(int64(n[show])), v.here("show", show), p.Show == show})
	}
}

// narrow leaves what was chosen.
func (p *contractsPage) narrow() {
	if p.Show == "" {
		return
	}
	p.Groups = slices.DeleteFunc(p.Groups, func(g termsGroup) bool {
		return p.Show != "standard" && p.Show != "own" || g.Standard != (p.Show == "standard")
	})
	for name, list := range map[string]*[]partnerTerms{"scheduled": &p.Scheduled, "without": &p.Without, "ended": &p.Ended} {
		if p.Show != name {
			*list = nil
		}
	}
}

// Nothing tells whether nothing is left to show.
func (p contractsPage) Nothing() bool {
	return len(p.Groups)+len(p.Scheduled)+len(p.Without)+len(p.Ended) == 0
}

type contractPage struct {
	consolePage
	Partnership partner.Partnership
	Now         contract.Version
	Versions    []agreed // the latest first
	Today       time.Time
}

// contract is the history of one partner's contract.
func (s *site) contract(v *visit) (answer, error) {
	data := contractPage{consolePage: v.console(), Partnership: v.partnership, Today: v.db.Now()}
	versions, err := v.versions()
	data.Now, _ = contract.InForce(versions, data.Today, program.Always)
	data.Versions = v.compareVersions(versions)
	for i := range data.Versions {
		fromOutside(data.Versions[i].Changes)
	}
	return s.page("console/contracts/detail", v.partnership.Partner.Name, data), err
}
