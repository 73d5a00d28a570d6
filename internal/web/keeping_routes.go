package web

import "github.com/tributary-hq/tributary/internal/auth"

// keepingRoutes are how a program keeps touches.
var keepingRoutes = []route{
	{"GET /console/{program}/settings/keeping", auth.Read, (*site).keeping},
	{"POST /console/{program}/settings/keeping", auth.WriteSettings, (*site).changeKeeping},
}
