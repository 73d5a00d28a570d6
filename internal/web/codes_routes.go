package web

import "github.com/tributary-hq/tributary/internal/auth"

// codesRoutes are the promo codes, what they count for, and the customers who belong to somebody.
var codesRoutes = []route{
	{"GET /console/{program}/codes", auth.Read, (*site).codes},
	{"POST /console/{program}/codes/policy", auth.WriteSettings, (*site).decideCodes},
	{"GET /console/{program}/codes/{code}", auth.Read, (*site).code},
	{"POST /console/{program}/codes/{code}", auth.WriteLinks, (*site).standCode},
	{"POST /console/{program}/codes/{code}/replace", auth.WriteLinks, (*site).replaceCode},
	{"POST /console/{program}/partners/{pts}/batches", auth.WriteLinks, (*site).makeCodes},
	{"GET /console/{program}/codes/batches/{cba}/codes.csv", auth.WriteLinks, (*site).batchOfCodes},
	{"GET /partner/{pts}/batches/{cba}/codes.csv", auth.Read, (*site).batchOfCodes},

	{"GET /console/{program}/customers", auth.Read, (*site).customers},
	{"POST /console/{program}/customers/split", auth.WriteCommissions, (*site).splitCustomer},
	{"POST /console/{program}/customers/same", auth.WriteCommissions, (*site).rejoinCustomer},
	{"POST /console/{program}/customers/bind", auth.WriteCommissions, (*site).bindCustomer},
}
