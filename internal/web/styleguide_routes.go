package web

// styleguideRoutes is the page of all components.
var styleguideRoutes = []route{
	{"GET /styleguide", "", (*site).styleguide},
	{"POST /styleguide", "", (*site).styleguideSent},
}
