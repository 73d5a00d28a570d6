package web

import "github.com/tributary-hq/tributary/internal/auth"

// postbackRoutes are what a partner wants to be told of and where, and what the brand sees of it.
var postbackRoutes = []route{
	{"GET /partner/{pts}/postbacks", auth.Read, (*site).myPostbacks},
	{"GET /partner/{pts}/postbacks/new", auth.WriteLinks, (*site).newPostback},
	{"POST /partner/{pts}/postbacks", auth.WriteLinks, (*site).addPostback},
	{"GET /partner/{pts}/postbacks/{pbk}", auth.Read, (*site).myPostback},
	{"GET /partner/{pts}/postbacks/{pbk}/edit", auth.WriteLinks, (*site).editPostback},
	{"POST /partner/{pts}/postbacks/{pbk}", auth.WriteLinks, (*site).changePostback},
	{"POST /partner/{pts}/postbacks/{pbk}/test", auth.WriteLinks, (*site).testPostback},
	{"POST /partner/{pts}/postbacks/{pbk}/pause", auth.WriteLinks, (*site).pausePostback},
	{"POST /partner/{pts}/postbacks/{pbk}/resume", auth.WriteLinks, (*site).resumePostback},
	{"POST /partner/{pts}/postbacks/{pbk}/remove", auth.WriteLinks, (*site).removePostback},
	{"POST /partner/{pts}/postbacks/{pbk}/sign", auth.WriteLinks, (*site).signPostback},
	{"POST /partner/{pts}/postbacks/{pbk}/replay", auth.WriteLinks, (*site).replayPostback},
	{"POST /partner/{pts}/postbacks/{pbk}/replay/{dlv}", auth.WriteLinks, (*site).replayDelivery},

	{"GET /console/{program}/settings/postbacks", auth.Read, (*site).postbacks},
	{"POST /console/{program}/settings/postbacks", auth.WritePartners, (*site).treatPostbacks},
}
