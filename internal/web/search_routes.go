package web

import "github.com/tributary-hq/tributary/internal/auth"

// searchRoutes find things by a few letters.
var searchRoutes = []route{
	{"GET /console/{program}/search", auth.Read, (*site).search},
	{"GET /partner/{pts}/search", auth.Read, (*site).mySearch},
}
