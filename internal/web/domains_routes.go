package web

import "github.com/tributary-hq/tributary/internal/auth"

// domainsRoutes are the tracking domains of a program and of partners in it.
var domainsRoutes = []route{
	{"GET /console/{program}/settings/domains", auth.Read, (*site).domainsOfProgram},
	{"POST /console/{program}/settings/domains", auth.WriteSettings, (*site).addDomain},
	{"POST /console/{program}/settings/domains/rule", auth.WriteSettings, (*site).ruleDomains},
	{"POST /console/{program}/settings/domains/{dom}/check", auth.WriteSettings, (*site).checkDomain},
	{"POST /console/{program}/settings/domains/{dom}/remove", auth.WriteSettings, (*site).removeDomain},

	{"GET /partner/{pts}/domains", auth.Read, (*site).myDomains},
	{"POST /partner/{pts}/domains", auth.WriteLinks, (*site).addMyDomain},
	{"POST /partner/{pts}/domains/{dom}/check", auth.WriteLinks, (*site).checkMyDomain},
	{"POST /partner/{pts}/domains/{dom}/remove", auth.WriteLinks, (*site).removeMyDomain},
}
