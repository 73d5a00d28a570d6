package web

import "github.com/tributary-hq/tributary/internal/auth"

// sourcesRoutes are the ways in which visitors come without a redirect: the browser tag, and partners' own domains.
var sourcesRoutes = []route{
	{"GET /console/{program}/settings/tag", auth.Read, settingsPart("tag")},
	{"POST /console/{program}/settings/tag", auth.WriteSettings, (*site).changeTag},
	{"GET /console/{program}/settings/direct", auth.Read, (*site).domains},
	{"POST /console/{program}/settings/direct/{drd}/approve", auth.WritePartners, (*site).approveDomain},
	{"POST /console/{program}/settings/direct/{drd}/refuse", auth.WritePartners, (*site).refuseDomain},
	{"GET /partner/{pts}/links/domains", auth.Read, (*site).myDomains},
	{"POST /partner/{pts}/links/domains", auth.WriteLinks, (*site).askDomain},
	{"POST /partner/{pts}/links/domains/{drd}/withdraw", auth.WriteLinks, (*site).withdrawDomain},
}
