package web

import "github.com/tributary-hq/tributary/internal/auth"

// decideRoutes are where people decide about commissions.
var decideRoutes = []route{
	{"POST /console/{program}/commissions/decide", auth.WriteCommissions, (*site).decideCommissions},
}
