package web

import "github.com/tributary-hq/tributary/internal/auth"

// trialRoutes are a test click, a test sale and its receipt.
var trialRoutes = []route{
	{"GET /console/{program}/settings/test", auth.Read, (*site).trials},
	{"POST /console/{program}/settings/test", auth.WriteSettings, (*site).makeTestLink},
	{"POST /console/{program}/settings/test/sale", auth.WriteSettings, (*site).sendTestSale},
	{"POST /console/{program}/settings/test/forget", auth.WriteSettings, (*site).forgetTests},
	{"GET /console/{program}/settings/test/{tst}", auth.Read, (*site).testReceipt},
}
