package web

import "github.com/tributary-hq/tributary/internal/auth"

// offlineRoutes are files of conversions and the like, phone numbers and enrolled cards.
var offlineRoutes = []route{
	{"GET /console/{program}/uploads", auth.Read, (*site).uploads},
	{"POST /console/{program}/uploads", auth.WriteConversions, (*site).sendUpload},
	{"GET /console/{program}/uploads/{upl}", auth.Read, (*site).upload},
	{"POST /console/{program}/uploads/{upl}", auth.WriteConversions, (*site).correctUpload},
	{"POST /console/{program}/uploads/{upl}/take", auth.WriteConversions, (*site).takeUpload},
	{"POST /console/{program}/uploads/{upl}/discard", auth.WriteConversions, (*site).discardUpload},
	{"GET /console/{program}/uploads/{upl}/file", auth.WriteConversions, (*site).uploadFile},
	{"GET /console/{program}/uploads/{upl}/refused", auth.WriteConversions, (*site).refusedLines},
	{"GET /console/{program}/samples/{kind}", auth.Read, (*site).sample},
	{"GET /console/{program}/numbers", auth.Read, (*site).numbers},
	{"POST /console/{program}/numbers", auth.WriteConversions, (*site).assignNumber},
	{"POST /console/{program}/numbers/rule", auth.WriteSettings, (*site).setCallRule},
	{"GET /console/{program}/cards", auth.Read, (*site).cards},

	{"GET /partner/{pts}/offline", auth.Read, (*site).myOffline},
	{"POST /partner/{pts}/offline", auth.WriteLinks, (*site).enrolCards},
	{"GET /partner/{pts}/offline/{upl}/refused", auth.WriteLinks, (*site).refusedLines},
	{"GET /partner/{pts}/samples/{kind}", auth.Read, (*site).sample},
}

// saleTabs are the pages of what came in: the list, and what no browser saw.
var saleTabs = []tab{{Name: "list", Path: "/conversions"}, {Name: "uploads", Path: "/uploads"}, {Name: "numbers", Path: "/numbers"}, {Name: "cards", Path: "/cards"}}

// SaleTabs are the pages beside the list of conversions.
func (c consolePage) SaleTabs(here string) []tab {
	list := make([]tab, len(saleTabs))
	for i, one := range saleTabs {
		one.Address, one.Here = c.Base+one.Path, one.Name == here
		list[i] = one
	}
	return list
}
