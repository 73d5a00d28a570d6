package web

import "github.com/tributary-hq/tributary/internal/auth"

// tab is one of several pages beside each other. Its name is a message below "settings_tabs".
type tab struct {
	Name    string
	Path    string // below the console's base
	Group   string // a message below "settings_groups"; empty outside the settings
	needs   auth.Permission
	Address string
	Here    bool
}

// settingsTabs are the pages of the settings.
var settingsTabs = []tab{
	{Name: "program", Path: "/settings", Group: "program"},
	{Name: "terms", Path: "/settings/terms", Group: "program"},
	{Name: "questions", Path: "/settings/questions", Group: "program"},
	{Name: "orders", Path: "/settings/orders", Group: "program"},
	{Name: "tracking", Path: "/settings/tracking", Group: "tracking"},
	{Name: "tag", Path: "/settings/tag", Group: "tracking"},
	{Name: "test", Path: "/settings/test", Group: "tracking"},
	{Name: "keeping", Path: "/settings/keeping", Group: "tracking"},
	{Name: "domains", Path: "/settings/domains", Group: "links"},
	{Name: "direct", Path: "/settings/direct", Group: "links"},
	{Name: "brand", Path: "/settings/brand", Group: "access"},
	{Name: "team", Path: "/settings/team", Group: "access"},
	{Name: "tokens", Path: "/settings/tokens", Group: "access", needs: auth.WriteTeam},
	{Name: "mails", Path: "/settings/mails", Group: "records", needs: auth.WritePayouts},
	{Name: "postbacks", Path: "/settings/postbacks", Group: "records"},
	{Name: "audit", Path: "/settings/audit", Group: "records", needs: auth.ReadAudit},
}

// tabGroup is some pages of the settings that belong together.
type tabGroup struct {
	Name string
	Tabs []tab
}

// Tabs are the pages of the settings that the reader may see, by group.
func (c consolePage) Tabs(here string) []tabGroup {
	var list []tabGroup
	for _, one := range settingsTabs {
		if one.needs != "" && c.actor.May(one.needs) != nil {
			continue
		}
		one.Address, one.Here = c.Base+one.Path, one.Name == here
		if n := len(list); n == 0 || list[n-1].Name != one.Group {
			list = append(list, tabGroup{Name: one.Group})
		}
		last := &list[len(list)-1]
		last.Tabs = append(last.Tabs, one)
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
