package web

import (
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// navItem is an entry of the navigation. Its name is a message below "nav", and of an icon. A phone's bar has the main ones;
// the others are in its menu.
type navItem struct {
	Name    string
	Path    string   // below the surface's base
	Also    []string // further paths whose pages belong to it
	Main    bool
	Address string
	Here    bool
}

var (
	consoleNav = []navItem{{Name: "overview", Main: true}, {Name: "partners", Path: "/partners", Also: []string{"/applications", "/groups"}, Main: true},
		{Name: "conversions", Path: "/conversions", Also: []string{"/customers", "/uploads", "/numbers", "/cards"}, Main: true}, {Name: "payouts", Path: "/payouts", Main: true},
		{Name: "contracts", Path: "/contracts"}, {Name: "creatives", Path: "/creatives", Also: []string{"/codes"}}, {Name: "traffic", Path: "/traffic"}, {Name: "health", Path: "/health"}, {Name: "redirects", Path: "/redirects"},
		{Name: "ledger", Path: "/ledger"},
		{Name: "settings", Path: "/settings"}}
	cabinetNav = []navItem{{Name: "overview", Main: true}, {Name: "statistics", Path: "/statistics", Main: true}, {Name: "links", Path: "/links", Main: true},
		{Name: "creatives", Path: "/creatives"}, {Name: "earnings", Path: "/earnings", Main: true}, {Name: "payouts", Path: "/payouts"},
		{Name: "contract", Path: "/contract"}, {Name: "postbacks", Path: "/postbacks"}, {Name: "offline", Path: "/offline"}, {Name: "profile", Path: "/profile"}}
)

// HereInMenu tells whether the page is one that a phone's bar does not have.
func (f frame) HereInMenu() bool {
	return slices.ContainsFunc(f.Nav, func(item navItem) bool { return item.Here && !item.Main })
}

// fill adds to a frame what its surface has: the navigation, and the programs to switch between.
func (s *site) fill(f *frame, v *visit, surface string) error {
	for _, m := range v.memberships {
		f.Console = f.Console || m.Role != auth.Partner
		f.Cabinet = f.Cabinet || m.Role == auth.Partner
	}
	var err error
	switch surface {
	case "console":
		f.Scope, f.Base = v.program.Name, consoleBase(v.program)
		f.Nav = navigation(consoleNav, f.Base, v.URL.Path)
		f.Scopes, err = s.consoleScopes(v)
		if err == nil {
			f.News, err = v.news()
		}
		f.MayAdd = v.actor.May(auth.WriteSettings) == nil
	case "cabinet":
		f.Scope, f.Base = v.program.Name, cabinetBase(v.partnership)
		f.Nav = navigation(cabinetNav, f.Base, v.URL.Path)
		f.Scopes, err = s.cabinetScopes(v)
	}
	return err
}

func navigation(items []navItem, base, path string) []navItem {
	list := make([]navItem, len(items))
	for i, item := range items {
		item.Address = base + item.Path
		item.Here = path == item.Address || item.Path != "" && strings.HasPrefix(path, item.Address+"/")
		for _, also := range item.Also {
			item.Here = item.Here || strings.HasPrefix(path+"/", base+also+"/")
		}
		list[i] = item
	}
	return list
}

func consoleBase(p program.Program) string { return "/console/" + p.Slug }

func cabinetBase(s partner.Partnership) string { return "/partner/" + s.ID }

// consoleScopes are the programs of the brands whose team the person is in.
func (s *site) consoleScopes(v *visit) ([]crumb, error) {
	var list []crumb
	for _, m := range v.memberships {
		if m.Role == auth.Partner {
			continue
		}
		programs, err := program.All(v.Context(), v.read(), m.Scope)
		if err != nil {
			return nil, err
		}
		for _, p := range programs {
			list = append(list, crumb{p.Name, consoleBase(p), p.ID == v.program.ID})
		}
	}
	return list, nil
}

// cabinetScopes are the partnerships of the partners that the person is.
func (s *site) cabinetScopes(v *visit) ([]crumb, error) {
	var list []crumb
	for _, m := range v.memberships {
		if m.Role != auth.Partner {
			continue
		}
		partnerships, err := partner.In(v.Context(), v.read(), m.Scope)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(partnerships))
		for i, p := range partnerships {
			ids[i] = p.Program
		}
		programs, err := program.Several(v.Context(), v.read(), ids)
		if err != nil {
			return nil, err
		}
		for _, p := range partnerships {
			list = append(list, crumb{programs[p.Program].Name, cabinetBase(p), p.ID == v.partnership.ID})
		}
	}
	return list, nil
}
