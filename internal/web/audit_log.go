package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type auditPage struct {
	consolePage
	Stretch stretch
	People  []choice // who can be asked for, and with them what was
	Who     string
	Nouns   []choice
	Noun    string
	Keep    []choice // what the form must send along
	Subject string   // the title of the one thing that is asked for
	Whole   string   // the address without filters; empty when there are none
	File    string
	Rows    []auditRow
	Next    string
}

// auditRow is an entry in words.
type auditRow struct {
	audit.Entry
	What    string
	Address string // of the page of what was changed; empty where there is none
	ByThem  string // the log of the same actor
	Place   string // the name of another program of the brand
	Changed []auditChange
}

type auditChange struct{ Field, Before, After string }

// wanted are the entries that the address asks for. A partnership is asked for together with its partner and links.
func (v *visit) wantedEntries(s stretch) (audit.Filter, error) {
	f := audit.Filter{Brand: v.program.Brand, Who: v.query("who"), Noun: v.query("noun"), From: s.From, To: s.To, Before: v.query("before")}
	subject := v.query("subject")
	if subject == "" {
		return f, nil
	}
	f.Subjects = []string{subject}
	if !strings.HasPrefix(subject, "pts_") {
		return f, nil
	}
	in, err := partner.Named(v.Context(), v.read(), []string{subject})
	if err != nil {
		return f, err
	}
	if s, ok := in[subject]; ok && s.Program == v.program.ID {
		f.Subjects = append(f.Subjects, s.Partner.ID)
		said, err := v.saidBy(s)
		f.Subjects = append(f.Subjects, said...)
		return f, err
	}
	return f, nil
}

// saidBy are the ids of a partnership's links, and of the properties and contacts of its partner.
func (v *visit) saidBy(s partner.Partnership) (ids []string, err error) {
	links, err := creative.Links(v.Context(), v.read(), s.ID, "", linksMost)
	for _, l := range links {
		ids = append(ids, l.ID)
	}
	if err != nil {
		return nil, err
	}
	properties, err := partner.Properties(v.Context(), v.read(), s.Partner.ID)
	for _, p := range properties {
		ids = append(ids, p.ID)
	}
	if err != nil {
		return nil, err
	}
	contacts, err := partner.Contacts(v.Context(), v.read(), s.Partner.ID)
	for _, c := range contacts {
		ids = append(ids, c.ID)
	}
	return ids, err
}

// auditLog is who changed what in the brand's programs, the newest first.
func (s *site) auditLog(v *visit) (answer, error) {
	data := auditPage{consolePage: v.console(), Stretch: v.stretch(anyTime), Who: v.query("who"), Noun: v.query("noun")}
	data.Keep = kept(v.URL.Query(), "who", "noun", "before")
	data.File = data.Base + "/settings/audit.csv"
	if q := v.URL.RawQuery; q != "" {
		data.File, data.Whole = data.File+"?"+q, data.Base+"/settings/audit"
	}
	f, err := v.wantedEntries(data.Stretch)
	if err != nil {
		return nil, err
	}
	f.Limit = perPage + 1
	list, err := audit.List(v.Context(), v.read(), f)
	if err != nil {
		return nil, err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", list[perPage-1].ID)
	}
	if data.Rows, err = v.auditRows(list); err != nil {
		return nil, err
	}
	if err := v.auditChoices(&data); err != nil {
		return nil, err
	}
	return s.page("console/audit", v.text("audit.title"), data), nil
}

// auditChoices are what the list can be narrowed to.
func (v *visit) auditChoices(data *auditPage) error {
	members, err := auth.Members(v.Context(), v.read(), v.program.Brand)
	if err != nil {
		return err
	}
	tokens, err := auth.Tokens(v.Context(), v.read(), v.program.Brand)
	if err != nil {
		return err
	}
	data.People = []choice{{"", v.text("audit.anybody")}}
	for _, m := range members {
		data.People = append(data.People, choice{m.Person.ID, m.Person.Name})
	}
	for _, t := range tokens {
		data.People = append(data.People, choice{t.ID, v.text("audit.token", "name", t.Name)})
	}
	for _, kind := range []audit.Kind{audit.Command, audit.System} {
		data.People = append(data.People, choice{string(kind), v.text("audit.by." + string(kind))})
	}
	if !slices.ContainsFunc(data.People, func(c choice) bool { return c.Value == data.Who }) { // a partner, or who has left
		name := data.Who
		if len(data.Rows) > 0 {
			name = data.Rows[0].Name
		}
		data.People = append(data.People, choice{data.Who, name})
	}
	data.Nouns = append([]choice{{"", v.text("audit.anything")}}, choices(v.lang, "audit.nouns", audit.Nouns)...)
	if subject := v.query("subject"); subject != "" {
		data.Subject = subject
		for _, row := range data.Rows {
			if row.Subject == subject {
				data.Subject = row.Title
				break
			}
		}
	}
	return nil
}

func (v *visit) auditRows(list []audit.Entry) ([]auditRow, error) {
	programs, err := program.All(v.Context(), v.read(), v.program.Brand)
	if err != nil {
		return nil, err
	}
	rows := make([]auditRow, len(list))
	for i, e := range list {
		row := auditRow{Entry: e, What: v.text("audit.actions." + string(e.Action)), ByThem: v.here("who", e.Who)}
		home := v.program
		for _, p := range programs {
			if p.ID == e.Program {
				if home = p; p.ID != v.program.ID {
					row.Place = p.Name
				}
			}
		}
		if day, err := time.Parse(time.DateOnly, e.Title); err == nil && strings.HasPrefix(e.Subject, "bat_") {
			row.Title = v.text("payouts.batch", "date", day)
		}
		row.Address = v.auditAddress(consoleBase(home), e)
		for _, c := range e.Changes {
			row.Changed = append(row.Changed, auditChange{v.auditField(c.Field), v.auditValue(e, c.Field, c.Before), v.auditValue(e, c.Field, c.After)})
		}
		rows[i] = row
	}
	return rows, nil
}

// auditAddress is the page of a thing, if it has one.
func (v *visit) auditAddress(base string, e audit.Entry) string {
	switch prefix, _, _ := strings.Cut(e.Subject, "_"); {
	case prefix == "pts":
		return base + "/partners/" + e.Subject
	case prefix == "grp":
		return base + "/groups"
	case prefix == "lnk":
		return base + "/links/" + e.Subject
	case prefix == "crv":
		return base + "/creatives/" + e.Subject
	case prefix == "bat":
		return base + "/payouts/" + e.Subject
	case prefix == "prg":
		return base + "/settings"
	case prefix == "tok" && v.actor.May(auth.WriteTeam) == nil:
		return base + "/settings/tokens"
	case e.Action.Noun() == "brand":
		return base + "/settings/brand"
	case prefix == "per", prefix == "brd":
		return base + "/settings/team"
	case prefix == "pbk":
		return base + "/settings/postbacks"
	case prefix == "mal":
		return base + "/settings/mails/" + e.Subject
	}
	return ""
}

// auditField is the name of a field. What stands behind its point is the event, the state or the language of which it tells.
func (v *visit) auditField(name string) string {
	switch of, which, _ := strings.Cut(name, "."); of {
	case "pays":
		return v.text("audit.fields.pays", "event", eventName(v.lang, which))
	case "payouts":
		return v.text("audit.fields.payouts", "state", v.text("states.payout."+which))
	}
	of, tag, translated := strings.Cut(name, ".")
	if !translated {
		return v.text("audit.fields." + name)
	}
	return v.text("audit.fields.in_language", "field", v.text("audit.fields."+of), "language", lang.Of(tag).Name)
}

// auditWords are where the words for a field's values stand: for those of one sort of thing, else for those of any.
var auditWords = map[string]string{"prg.status": "states.program.", "pts.status": "states.partnership.", "com.state": "states.commission.", "mal.state": "states.mail.",
	"crv.kind": "creative_kinds.", "ppt.kind": "property_kinds.", "kind": "kinds.", "role": "roles.", "cycle": "cycles.", "rail": "rails.", "mode": "states.token.",
	"colour": "colours.", "way": "postback_ways.", "signed": "audit.", "tag_sales": "audit.", "consent": "consents.", "direct_state": "states.direct.", "revoked": "audit.", "pinned": "audit.", "archived": "audit."}

// auditValue is a field's value in words where there are some, and as it was kept where not.
func (v *visit) auditValue(e audit.Entry, field, value string) string {
	if name, numbers, _ := strings.Cut(value, ","); field == "model" && v.lang.Has("models."+name) {
		return strings.TrimSuffix(v.text("models."+name)+","+numbers, ",")
	}
	prefix, _, _ := strings.Cut(e.Subject, "_")
	family := cmp.Or(auditWords[prefix+"."+field], auditWords[field])
	switch {
	case field == "why" && e.Action == audit.CommissionHold:
		family = "holds."
	case field == "why":
		family = "reasons."
	}
	if family != "" && v.lang.Has(family+value) {
		return v.text(family + value)
	}
	return value
}

// auditFile are the entries that the list shows, all of them, a line for each field.
func (s *site) auditFile(v *visit) (answer, error) {
	table := sheet{head: []string{"at", "actor_kind", "actor", "actor_name", "from", "action", "subject", "title", "program", "field", "before", "after"}}
	f, err := v.wantedEntries(v.stretch(anyTime))
	if err != nil {
		return nil, err
	}
	f.Limit = filePage
	for len(table.rows) < fileMost {
		list, err := audit.List(v.Context(), v.read(), f)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			line := []string{e.At.In(v.zone).Format(time.RFC3339), string(e.Kind), e.Who, e.Name, e.From, string(e.Action), e.Subject, e.Title, e.Program}
			for _, c := range e.Changes {
				table.rows = append(table.rows, append(slices.Clone(line), c.Field, c.Before, c.After))
			}
			if len(e.Changes) == 0 {
				table.rows = append(table.rows, append(line, "", "", ""))
			}
			f.Before = e.ID
		}
		if len(list) < filePage {
			break
		}
	}
	return table.file("changes-" + v.now().Format("20060102") + ".csv")
}
