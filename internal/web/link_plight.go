package web

import (
	"cmp"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/landing"
	"github.com/tributary-hq/tributary/internal/program"
)

// deadPages are the pages of links that were not there when they were last asked, by their address.
func (v *visit) deadPages() (map[string]landing.Page, error) {
	missed, err := landing.Of(v.Context(), v.read(), v.program.ID)
	dead := map[string]landing.Page{}
	for _, p := range missed {
		if p.Dead() {
			dead[p.Address] = p
		}
	}
	return dead, err
}

// pageOf is where a link leads.
func pageOf(p program.Program, l creative.Link) string { return cmp.Or(l.Target, p.Landing) }

// plight is what is wrong with a link: it has ended, or its page is gone. Most links have none.
func (v *visit) plight(l creative.Link, dead map[string]landing.Page) badge {
	if !l.Ends.IsZero() && !v.now().Before(l.Ends) {
		return badge{Word: v.text("links.ended", "date", v.lang.Date(l.Ends.Add(-1).In(v.zone))), Icon: "clock", Tone: "plain"}
	}
	if p, gone := dead[pageOf(v.program, l)]; gone {
		return badge{Word: v.text("links.dead", "date", v.lang.Date(p.Since.In(v.zone))), Icon: "cross", Tone: "bad"}
	}
	return badge{}
}
