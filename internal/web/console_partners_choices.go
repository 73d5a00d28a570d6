package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/partner"
)

// partnerChoices are what the partners of a program can be narrowed to, and sorted into.
type partnerChoices struct {
	groups    []partner.Group
	tags      []partner.TagCount
	team      []auth.Member
	countries []string
}

func (v *visit) partnerChoices() (c partnerChoices, err error) {
	ctx, r, p := v.Context(), v.read(), v.program
	if c.groups, err = partner.Groups(ctx, r, p.ID); err != nil {
		return c, err
	}
	if c.tags, err = partner.TagsIn(ctx, r, p.ID); err != nil {
		return c, err
	}
	if c.countries, err = partner.Countries(ctx, r, p.ID); err != nil {
		return c, err
	}
	c.team, err = auth.Members(ctx, r, p.Brand)
	return c, err
}

func (c partnerChoices) group(id string) partner.Group {
	if i := slices.IndexFunc(c.groups, func(g partner.Group) bool { return g.ID == id }); i >= 0 {
		return c.groups[i]
	}
	return partner.Group{}
}

// manager is the name of somebody of the team; of who has left it nothing is said.
func (c partnerChoices) manager(id string) string {
	if i := slices.IndexFunc(c.team, func(m auth.Member) bool { return m.Person.ID == id }); i >= 0 {
		return c.team[i].Person.Name
	}
	return ""
}

func (c partnerChoices) groupChoices(first ...choice) []choice {
	for _, g := range c.groups {
		first = append(first, choice{g.ID, g.Name})
	}
	return first
}

func (c partnerChoices) managerChoices(first ...choice) []choice {
	for _, m := range c.team {
		first = append(first, choice{m.Person.ID, m.Person.Name})
	}
	return first
}

// form are the selections that narrow the list. One that has nothing to choose from is left out.
func (c partnerChoices) form(v *visit) form {
	var f form
	add := func(name string, list []choice, least int) {
		if len(list) >= least || v.query(name) != "" {
			f.Fields = append(f.Fields, field{Name: name, Words: v.text("partners." + name), Type: "select", Value: v.query(name), Choices: list})
		}
	}
	every := func(name string) choice { return choice{"", v.text("partners.every." + name)} }
	add("group", c.groupChoices(every("group"), choice{partner.None, v.text("partners.no_group")}), 3)
	tags := []choice{every("tag")}
	for _, t := range c.tags {
		tags = append(tags, choice{t.Tag, t.Tag})
	}
	add("tag", tags, 2)
	add("kind", append([]choice{every("kind")}, choices(v.lang, "kinds", partner.Kinds)...), 2)
	countries := []choice{every("country")}
	for _, code := range c.countries {
		countries = append(countries, choice{code, code})
	}
	add("country", countries, 3)
	add("manager", c.managerChoices(every("manager"), choice{partner.None, v.text("partners.no_manager")}), 3)
	return f
}

// partnerDeeds are what can be done with the partners that are selected.
func (v *visit) partnerDeeds(c partnerChoices) []deed {
	reason := func(of string) field { return field{Name: of + ".reason", Label: "reason", Type: "textarea"} }
	tags := func(of string) field { return field{Name: of + ".tags", Label: "tags", Hint: "tags"} }
	why := reason("decline")
	why.Hint = "declined"
	list := []deed{
		{Name: "accept", Icon: "check", Text: v.text("partners.accept_text")},
		{Name: "decline", Risky: true, Fields: []field{{Name: "decline.why", Label: "reason_prepared", Type: "select", Choices: v.reasons()}, why}},
		{Name: "pause", Icon: "pause", Text: v.text("partner.pause_text"), Fields: []field{reason("pause")}},
		{Name: "resume"},
		{Name: "group", Fields: []field{{Name: "group.group", Label: "group", Type: "select", Choices: c.groupChoices(choice{"", v.text("partners.no_group")})}}},
		{Name: "tag", Fields: []field{tags("tag")}},
		{Name: "untag", Fields: []field{tags("untag")}},
		{Name: "manager", Fields: []field{{Name: "manager.manager", Label: "manager", Type: "select", Choices: c.managerChoices(choice{"", v.text("partners.no_manager")})}}},
	}
	for i := range list {
		list[i].Label = v.text("doing." + list[i].Name)
	}
	return list
}
