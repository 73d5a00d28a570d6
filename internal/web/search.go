package web

import (
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
)

// command is a place to go by its name: a page, or where something is begun. Its words are a message.
type command struct {
	Words string
	Icon  string
	Path  string // below the surface's base
	May   auth.Permission
}

var consoleCommands = []command{
	{"nav.overview", "overview", "", auth.Read},
	{"nav.partners", "partners", "/partners", auth.Read},
	{"search.applications", "partners", "/applications", auth.Read},
	{"groups.title", "partners", "/groups", auth.Read},
	{"invite.open", "plus", "/partners/invite", auth.WritePartners},
	{"nav.conversions", "conversions", "/conversions", auth.Read},
	{"uploads.title", "conversions", "/uploads", auth.Read},
	{"sale_tabs.numbers", "offline", "/numbers", auth.Read},
	{"sale_tabs.cards", "offline", "/cards", auth.Read},
	{"nav.payouts", "payouts", "/payouts", auth.Read},
	{"nav.contracts", "contracts", "/contracts", auth.Read},
	{"nav.creatives", "creatives", "/creatives", auth.Read},
	{"library.add", "plus", "/creatives/new", auth.WriteLinks},
	{"search.links", "links", "/links", auth.Read},
	{"nav.codes", "coin", "/codes", auth.Read},
	{"customers.title", "partners", "/customers", auth.Read},
	{"nav.redirects", "redirects", "/redirects", auth.Read},
	{"steer.new_rule", "plus", "/redirects/rules/new", auth.WriteSettings},
	{"steer.tabs.caps", "redirects", "/redirects/caps", auth.Read},
	{"steer.tabs.splits", "redirects", "/redirects/tests", auth.Read},
	{"nav.ledger", "ledger", "/ledger", auth.Read},
	{"nav.settings", "settings", "/settings", auth.Read},
	{"search.terms", "settings", "/settings/terms", auth.Read},
	{"tag.title", "settings", "/settings/tag", auth.Read},
	{"trial.title", "check", "/settings/test", auth.Read},
	{"direct.title", "globe", "/settings/direct", auth.Read},
	{"keeping.title", "settings", "/settings/keeping", auth.Read},
	{"search.tokens", "settings", "/settings/tokens", auth.WriteTeam},
	{"search.team", "settings", "/settings/team", auth.Read},
	{"mails.title", "mail", "/settings/mails", auth.WritePayouts},
	{"nav.postbacks", "postbacks", "/settings/postbacks", auth.Read},
	{"audit.title", "clock", "/settings/audit", auth.ReadAudit},
	{"search.shop", "settings", "/setup", auth.WriteSettings},
}

var cabinetCommands = []command{
	{"nav.overview", "overview", "", auth.Read},
	{"nav.statistics", "statistics", "/statistics", auth.Read},
	{"nav.links", "links", "/links", auth.Read},
	{"links.new", "plus", "/links#new", auth.WriteLinks},
	{"direct.mine", "globe", "/links/domains", auth.Read},
	{"nav.creatives", "creatives", "/creatives", auth.Read},
	{"nav.earnings", "earnings", "/earnings", auth.Read},
	{"nav.payouts", "payouts", "/payouts", auth.Read},
	{"nav.contract", "contract", "/contract", auth.Read},
	{"nav.offline", "offline", "/offline", auth.Read},
	{"nav.postbacks", "postbacks", "/postbacks", auth.Read},
	{"postbacks.new", "plus", "/postbacks/new", auth.WriteLinks},
	{"nav.profile", "profile", "/profile", auth.Read},
	{"properties.title", "profile", "/profile/properties", auth.Read},
	{"contacts.title", "profile", "/profile/contacts", auth.Read},
	{"colleagues.title", "partners", "/profile/team", auth.Read},
}

type searchPage struct {
	Base   string
	Search string
	Found  []foundGroup
}

// foundGroup is what was found of one kind; its name is a message below "found".
type foundGroup struct {
	Name  string
	Items []found
}

type found struct {
	Icon, Text, Note, Address string
}

// foundMost is how many of each kind are shown.
const foundMost = 6

// search finds pages, partners and orders of a program by a few letters.
func (s *site) search(v *visit) (answer, error) {
	base, words := consoleBase(v.program), v.query("q")
	data := searchPage{Base: base, Search: words}
	data.add("pages", v.commands(consoleCommands, base, words))
	if words != "" {
		partners, err := partner.Search(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Words: words, Limit: foundMost})
		if err != nil {
			return nil, err
		}
		var items []found
		for _, p := range partners {
			items = append(items, found{"partners", p.Partner.Name, v.text("states.partnership." + string(p.Status)), base + "/partners/" + p.ID})
		}
		data.add("partners", items)
		sales, err := commission.Conversions(v.Context(), v.read(), commission.Wanted{Program: v.program.ID, Search: words, Limit: foundMost})
		if err != nil {
			return nil, err
		}
		items = nil
		for _, c := range sales {
			items = append(items, found{"conversions", c.Order, eventName(v.lang, c.Event) + " · " + v.lang.Date(c.At.In(v.zone)), base + "/conversions/" + c.ID})
		}
		data.add("orders", items)
		if err := v.searchMore(&data); err != nil {
			return nil, err
		}
	}
	return s.page("console/search", v.text("search.title"), data), nil
}

// mySearch is the same among what is the partner's own.
func (s *site) mySearch(v *visit) (answer, error) {
	base, words := cabinetBase(v.partnership), v.query("q")
	data := searchPage{Base: base, Search: words}
	data.add("pages", v.commands(cabinetCommands, base, words))
	if words != "" {
		links, err := creative.Links(v.Context(), v.read(), v.partnership.ID, "", linksMost)
		if err != nil {
			return nil, err
		}
		var items []found
		for _, l := range links {
			if matches(words, l.Label, l.Code, l.Target) && len(items) < foundMost {
				items = append(items, found{"links", linkRow{Link: l}.called(), l.Target, base + "/links/" + l.ID})
			}
		}
		data.add("links", items)
		earned, err := v.earningRows(commission.Filter{Partnership: v.partnership.ID, Limit: foundMost}, words)
		if err != nil {
			return nil, err
		}
		items = nil
		for _, e := range earned {
			items = append(items, found{"earnings", e.Sale.Order, v.lang.Money(e.Amount) + " · " + v.text("states.commission."+string(e.State)), base + "/earnings/" + e.ID})
		}
		data.add("orders", items)
	}
	return s.page("cabinet/search", v.text("search.title"), data), nil
}

func (p *searchPage) add(name string, items []found) {
	if len(items) > 0 {
		p.Found = append(p.Found, foundGroup{name, items})
	}
}

// commands are those that the reader may follow and whose words hold all that is looked for.
func (v *visit) commands(all []command, base, words string) []found {
	var items []found
	for _, c := range all {
		if text := v.text(c.Words); v.actor.May(c.May) == nil && matches(words, text) {
			items = append(items, found{Icon: c.Icon, Text: text, Address: base + c.Path})
		}
	}
	return items
}

// matches tells whether every word is somewhere in one of the texts, with capitals and marks or without.
func matches(words string, texts ...string) bool {
	all := lang.Fold(strings.Join(texts, "\n"))
	for word := range strings.FieldsSeq(lang.Fold(words)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}
