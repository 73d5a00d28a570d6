package web

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/partner"
)

// searchMore finds what a brand has few of, so that all can be looked through: creatives, groups and the team.
func (v *visit) searchMore(data *searchPage) error {
	ctx, r := v.Context(), v.read()
	library, err := creative.Library(ctx, r, v.program.ID)
	if err != nil {
		return err
	}
	groups, err := partner.Groups(ctx, r, v.program.ID)
	if err != nil {
		return err
	}
	team, err := auth.Members(ctx, r, v.program.Brand)
	if err != nil {
		return err
	}
	var creatives, sorted, people []found
	for _, m := range library {
		if matches(data.Search, m.Name) && len(creatives) < foundMost {
			creatives = append(creatives, found{"creatives", m.Name, v.text("creative_kinds." + string(m.Kind)), data.Base + "/creatives/" + m.ID})
		}
	}
	for _, g := range groups {
		if matches(data.Search, g.Name) && len(sorted) < foundMost {
			sorted = append(sorted, found{"partners", g.Name, v.text("search.members", "n", g.Members), data.Base + "/partners?group=" + g.ID})
		}
	}
	for _, m := range team {
		if matches(data.Search, m.Person.Name, m.Person.Email) && len(people) < foundMost {
			people = append(people, found{"settings", m.Person.Name, v.text("roles." + string(m.Role)), data.Base + "/settings/team"})
		}
	}
	data.add("creatives", creatives)
	data.add("groups", sorted)
	data.add("team", people)
	return nil
}
