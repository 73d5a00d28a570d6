package web

import "github.com/tributary-hq/tributary/internal/auth"

// settingsRoutes are the pages of a program's settings, but for the team and the mails.
var settingsRoutes = []route{
	{"GET /console/{program}/settings", auth.Read, settingsPart("program")},
	{"POST /console/{program}/settings", auth.WriteSettings, (*site).changeSettings},
	{"GET /console/{program}/settings/terms", auth.Read, settingsPart("terms")},
	{"POST /console/{program}/settings/terms", auth.WriteSettings, (*site).changeDefaults},
	{"POST /console/{program}/settings/model", auth.WriteSettings, (*site).changeModel},
	{"GET /console/{program}/settings/questions", auth.Read, settingsPart("questions")},
	{"POST /console/{program}/settings/questions", auth.WriteSettings, (*site).changeQuestions},
	{"POST /console/{program}/settings/languages", auth.WriteSettings, (*site).changeTranslations},
	{"GET /console/{program}/settings/tracking", auth.Read, settingsPart("tracking")},
	{"POST /console/{program}/settings/tracking", auth.WriteSettings, (*site).changeTracking},
	{"POST /console/{program}/settings/secret", auth.WriteSettings, (*site).renewSecret},
	{"GET /console/{program}/settings/tokens", auth.WriteTeam, settingsPart("tokens")},
	{"POST /console/{program}/settings/tokens", auth.WriteTeam, (*site).createToken},
	{"POST /console/{program}/settings/tokens/{tok}/revoke", auth.WriteTeam, (*site).revokeToken},
	{"GET /console/{program}/settings/brand", auth.Read, settingsPart("brand")},
	{"POST /console/{program}/settings/brand", auth.WriteSettings, (*site).renameBrand},
}
