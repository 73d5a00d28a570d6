package web

import "github.com/tributary-hq/tributary/internal/auth"

// tab is one of several pages beside each other. Its name is a message below "settings_tabs".
type tab struct {
	Name    string
	Path    string // below the console's base
	needs   auth.Permission
	Address string
	Here    bool
}

// settingsTabs are the pages of the settings.
var settingsTabs = []tab{
	{Name: "program", Path: "/settings"},
	{Name: "terms", Path: "/settings/terms"},
	{Name: "questions", Path: "/settings/questions"},
	{Name: "tracking", Path: "/settings/tracking"},
	{Name: "keeping", Path: "/settings/keeping"},
	{Name: "domains", Path: "/settings/domains"},
	{Name: "orders", Path: "/settings/orders"},
	{Name: "tag", Path: "/settings/tag"},
	{Name: "test", Path: "/settings/test"},
	{Name: "direct", Path: "/settings/direct"},
	{Name: "tokens", Path: "/settings/tokens", needs: auth.WriteTeam},
	{Name: "team", Path: "/settings/team"},
	{Name: "mails", Path: "/settings/mails", needs: auth.WritePayouts},
	{Name: "postbacks", Path: "/settings/postbacks"},
	{Name: "brand", Path: "/settings/brand"},
	{Name: "audit", Path: "/settings/audit", needs: auth.ReadAudit},
}

// Tabs are the pages of the settings that the reader may see.
func (c consolePage) Tabs(here string) []tab {
	var list []tab
	for _, one := range settingsTabs {
		if one.needs != "" && c.actor.May(one.needs) != nil {
			continue
		}
		one.Address, one.Here = c.Base+one.Path, one.Name == here
		list = append(list, one)
	}
	return list
}

// settingsPath is the page of the settings with the name.
func settingsPath(v *visit, name string) string {
	for _, one := range settingsTabs {
		if one.Name == name {
			return consoleBase(v.program) + one.Path
		}
	}
	panic("web: there are no settings named " + name)
}
