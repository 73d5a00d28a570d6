package web

import "github.com/tributary-hq/tributary/internal/auth"

// steerRoutes are redirect rules, caps and split tests, and the ends of partners' links.
var steerRoutes = []route{
	{"GET /console/{program}/redirects", auth.Read, (*site).redirects},
	{"GET /console/{program}/redirects/rules/new", auth.WriteSettings, (*site).newRule},
	{"POST /console/{program}/redirects", auth.WriteSettings, (*site).addRule},
	{"GET /console/{program}/redirects/rules/{rul}", auth.Read, (*site).rule},
	{"POST /console/{program}/redirects/rules/{rul}", auth.WriteSettings, (*site).changeRule},
	{"POST /console/{program}/redirects/rules/{rul}/move", auth.WriteSettings, (*site).moveRule},
	{"POST /console/{program}/redirects/rules/{rul}/remove", auth.WriteSettings, (*site).removeRule},
	{"GET /console/{program}/redirects/caps", auth.Read, (*site).caps},
	{"POST /console/{program}/redirects/caps", auth.WriteSettings, (*site).addCap},
	{"POST /console/{program}/redirects/caps/{cap}", auth.WriteSettings, (*site).changeCap},
	{"POST /console/{program}/redirects/caps/{cap}/remove", auth.WriteSettings, (*site).removeCap},
	{"GET /console/{program}/redirects/tests", auth.Read, (*site).splits},
	{"POST /console/{program}/redirects/tests", auth.WriteSettings, (*site).beginSplit},
	{"GET /console/{program}/redirects/tests/{spl}", auth.Read, (*site).split},
	{"POST /console/{program}/redirects/tests/{spl}/end", auth.WriteSettings, (*site).endSplit},
	{"POST /partner/{pts}/links/{lnk}/end", auth.WriteLinks, (*site).endLink},
}

// redirectTabs are the pages about where visitors are sent.
func (v *visit) redirectTabs(here string) []chip {
	base := consoleBase(v.program) + "/redirects"
	var list []chip
	for _, one := range []struct{ name, path string }{{"rules", ""}, {"caps", "/caps"}, {"splits", "/tests"}} {
		list = append(list, chip{Label: v.text("steer.tabs." + one.name), Address: base + one.path, Here: one.name == here})
	}
	return list
}
