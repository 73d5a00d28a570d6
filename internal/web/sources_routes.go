package web

import "github.com/tributary-hq/tributary/internal/auth"

// sourcesRoutes are the ways in which visitors come without a redirect: the browser tag, and partners' own domains.
var sourcesRoutes = []route{
	{"GET /console/{program}/settings/tag", auth.Read, settingsPart("tag")},
	{"POST /console/{program}/settings/tag", auth.WriteSettings, (*site).changeTag},
	{"GET /console/{program}/settings/direct", auth.Read, (*site).directDomains},
	{"POST /console/{program}/settings/direct/{drd}/approve", auth.WritePartners, (*site).approveDirect},
	{"POST /console/{program}/settings/direct/{drd}/refuse", auth.WritePartners, (*site).refuseDirect},
	{"GET /partner/{pts}/links/domains", auth.Read, (*site).myDirect},
	{"POST /partner/{pts}/links/domains", auth.WriteLinks, (*site).askDirect},
	{"POST /partner/{pts}/links/domains/{drd}/withdraw", auth.WriteLinks, (*site).withdrawDirect},
}
