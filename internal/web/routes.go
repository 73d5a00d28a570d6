package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/auth"
)

// route is an address and who may call it. A route with a permission is behind the sign-in, and what its path names is
// loaded and judged by admit before its handler runs.
type route struct {
	pattern string
	may     auth.Permission // empty: anybody
	handle  func(s *site, v *visit) (answer, error)
}

// routes are all addresses.
var routes = slices.Concat([]route{
	{"GET /{$}", "", (*site).front},
	{"GET /p/{slug}", "", (*site).offer},
	{"POST /p/{slug}", "", (*site).apply},
	{"GET /p/{slug}/thanks", "", (*site).thanks},
	{"GET /p/{slug}/status", "", (*site).application},
	{"GET /sign-in", "", (*site).signInForm},
	{"POST /sign-in", "", (*site).signIn},
	{"POST /sign-out", "", (*site).signOut},
	{"POST /language", "", (*site).chooseLanguage},
	{"POST /theme", "", (*site).chooseTheme},

	{"GET /console", auth.Read, (*site).consoleHome},
	{"GET /console/{program}", auth.Read, (*site).overview},
	{"GET /console/{program}/partners", auth.Read, (*site).partners},
	{"GET /console/{program}/partners/{pts}", auth.Read, (*site).partner},
	{"POST /console/{program}/partners/{pts}/accept", auth.WritePartners, (*site).acceptPartner},
	{"POST /console/{program}/partners/{pts}/decline", auth.WritePartners, (*site).declinePartner},
	{"POST /console/{program}/partners/{pts}/pause", auth.WritePartners, (*site).pausePartner},
	{"POST /console/{program}/partners/{pts}/resume", auth.WritePartners, (*site).resumePartner},
	{"POST /console/{program}/partners/{pts}/terms", auth.WriteContracts, (*site).addTerms},
	{"GET /console/{program}/conversions", auth.Read, (*site).conversions},
	{"GET /console/{program}/conversions/{cnv}", auth.Read, (*site).conversion},
	{"GET /console/{program}/payouts", auth.Read, (*site).payouts},
	{"POST /console/{program}/payouts", auth.WritePayouts, (*site).makeBatch},
	{"GET /console/{program}/payouts/{batch}", auth.Read, (*site).batch},
	{"POST /console/{program}/payouts/{batch}/approve", auth.ApprovePayouts, (*site).approveBatch},
	{"POST /console/{program}/payouts/{batch}/send", auth.WritePayouts, (*site).sendBatch},
	{"GET /console/{program}/payouts/{batch}/files/{file}", auth.WritePayouts, (*site).batchFile},
	{"POST /console/{program}/payouts/{batch}/results", auth.WritePayouts, (*site).settleBatch},
	{"POST /console/{program}/payouts/{batch}/cancel/{pay}", auth.WritePayouts, (*site).cancelPayout},
	{"GET /console/{program}/ledger", auth.Read, (*site).books},

	{"GET /partner", auth.Read, (*site).cabinetHome},
	{"GET /partner/{pts}", auth.Read, (*site).myOverview},
	{"GET /partner/{pts}/links", auth.Read, (*site).myLinks},
	{"POST /partner/{pts}/links", auth.WriteLinks, (*site).createLink},
	{"GET /partner/{pts}/earnings", auth.Read, (*site).myEarnings},
	{"GET /partner/{pts}/earnings/{com}", auth.Read, (*site).myReceipt},
	{"GET /partner/{pts}/payouts", auth.Read, (*site).myPayouts},
	{"GET /partner/{pts}/contract", auth.Read, (*site).myContract},
	{"GET /partner/{pts}/profile", auth.Read, (*site).myProfile},
	{"POST /partner/{pts}/profile", auth.WriteLinks, (*site).changeProfile}, // the one right to write that a partner has
}, setupRoutes, cabinetRoutes, mailRoutes, auditRoutes, searchRoutes, checkRoutes, settingsRoutes, creativeRoutes, styleguideRoutes, decideRoutes, partnersRoutes,
	postbackRoutes, trafficRoutes, codesRoutes, domainsRoutes, healthRoutes, offlineRoutes, steerRoutes, orderRoutes, sourcesRoutes, keepingRoutes, trialRoutes)
