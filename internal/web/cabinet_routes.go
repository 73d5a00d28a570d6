package web

import "github.com/tributary-hq/tributary/internal/auth"

// cabinetRoutes are what a partner can do beyond reading the first pages of the cabinet, and what the brand does for them.
var cabinetRoutes = []route{
	{"GET /partner/{pts}/statistics", auth.Read, (*site).myStatistics},
	{"GET /partner/{pts}/links/{lnk}", auth.Read, (*site).myLink},
	{"POST /partner/{pts}/links/{lnk}", auth.WriteLinks, (*site).relabelLink},
	{"GET /partner/{pts}/links/{lnk}/qr.svg", auth.Read, (*site).linkQRDrawing},
	{"GET /partner/{pts}/links/{lnk}/qr.png", auth.Read, (*site).linkQRPicture},
	{"GET /partner/{pts}/payouts/{pay}", auth.Read, (*site).myPayout},
	{"POST /console/{program}/partners/{pts}/codes", auth.WriteLinks, (*site).giveCode},
}
