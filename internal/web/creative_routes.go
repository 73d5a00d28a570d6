package web

import "github.com/tributary-hq/tributary/internal/auth"

// creativeRoutes are the library of creatives, the links and the contracts of a program.
var creativeRoutes = []route{
	{"GET /console/{program}/creatives", auth.Read, (*site).creatives},
	{"GET /console/{program}/creatives/new", auth.WriteLinks, (*site).newCreative},
	{"POST /console/{program}/creatives", auth.WriteLinks, (*site).addCreative},
	{"GET /console/{program}/creatives/{crv}", auth.Read, (*site).creative},
	{"POST /console/{program}/creatives/{crv}", auth.WriteLinks, (*site).changeCreative},
	{"POST /console/{program}/creatives/{crv}/archive", auth.WriteLinks, (*site).archiveCreative},
	{"POST /console/{program}/creatives/{crv}/restore", auth.WriteLinks, (*site).restoreCreative},
	{"GET /console/{program}/links", auth.Read, (*site).links},
	{"GET /console/{program}/links/{lnk}", auth.Read, (*site).link},
	{"GET /console/{program}/contracts", auth.Read, (*site).contracts},
	{"GET /console/{program}/contracts/{pts}", auth.Read, (*site).contract},
	{"GET /partner/{pts}/creatives", auth.Read, (*site).myCreatives},
	{"GET /partner/{pts}/creatives/{crv}", auth.Read, (*site).myCreative},
	{"POST /partner/{pts}/creatives/{crv}", auth.WriteLinks, (*site).takeCreative},
}
