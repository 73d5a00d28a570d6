package web

import "github.com/tributary-hq/tributary/internal/auth"

// trafficRoutes show which touches count, and let people judge them again.
var trafficRoutes = []route{
	{"GET /console/{program}/traffic", auth.Read, (*site).traffic},
	{"POST /console/{program}/traffic/judge", auth.WriteCommissions, (*site).judgeTraffic},
	{"POST /console/{program}/traffic/rules", auth.WriteSettings, (*site).changeTrafficRules},
}
