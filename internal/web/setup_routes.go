package web

import "github.com/tributary-hq/tributary/internal/auth"

// setupRoutes are the first run, and the steps from a new program to its first partner.
var setupRoutes = []route{
	{"GET /setup", "", (*site).firstForm},
	{"POST /setup", "", (*site).setUp},
	{"GET /console/new", auth.WriteSettings, (*site).newProgramForm},
	{"POST /console/new", auth.WriteSettings, (*site).createProgram},
	{"GET /console/{program}/setup", auth.WriteSettings, (*site).connectShop},
	{"POST /console/{program}/setup/tag", auth.WriteSettings, (*site).letTagSell},
	{"POST /console/{program}/setup/token", auth.WriteTeam, (*site).createShopToken},
	{"GET /console/{program}/setup/order", auth.WriteSettings, (*site).awaitOrder},
	{"POST /console/{program}/setup/order", auth.WriteSettings, (*site).sendTestOrder},
	{"GET /console/{program}/setup/partner", auth.WritePartners, (*site).invitation},
	{"POST /console/{program}/setup/partner", auth.WritePartners, (*site).invite},
	{"POST /console/{program}/setup/dismiss", auth.WriteSettings, (*site).dismissChecklist},
}
