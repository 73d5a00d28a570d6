package web

import "github.com/tributary-hq/tributary/internal/auth"

// partnersRoutes are how a brand looks after its partners, and what partners say about themselves.
var partnersRoutes = []route{
	{"POST /console/{program}/partners", auth.WritePartners, (*site).treatPartners},
	{"GET /console/{program}/applications", auth.Read, (*site).applicants},
	{"POST /console/{program}/applications", auth.WritePartners, (*site).treatApplicants},
	{"GET /console/{program}/applications/{pts}", auth.Read, (*site).applicant},
	{"GET /console/{program}/groups", auth.Read, (*site).groups},
	{"POST /console/{program}/groups", auth.WritePartners, (*site).createGroup},
	{"POST /console/{program}/groups/{grp}", auth.WritePartners, (*site).changeGroup},
	{"POST /console/{program}/groups/{grp}/raise", auth.WritePartners, (*site).raiseGroup},
	{"POST /console/{program}/groups/{grp}/dissolve", auth.WritePartners, (*site).dissolveGroup},
	{"POST /console/{program}/partners/{pts}/care", auth.WritePartners, (*site).changeCare},
	{"POST /console/{program}/partners/{pts}/notes", auth.WritePartners, (*site).writeNote},
	{"POST /console/{program}/partners/{pts}/notes/{nte}", auth.WritePartners, (*site).editNote},
	{"POST /console/{program}/partners/{pts}/notes/{nte}/pin", auth.WritePartners, (*site).pinNote},
	{"POST /console/{program}/partners/{pts}/notes/{nte}/delete", auth.WritePartners, (*site).deleteNote},
	{"POST /console/{program}/partners/{pts}/properties/{ppt}/confirm", auth.WritePartners, (*site).confirmProperty},
	{"POST /console/{program}/partners/{pts}/properties/{ppt}/doubt", auth.WritePartners, (*site).doubtProperty},

	{"GET /partner/{pts}/profile/properties", auth.Read, (*site).myProperties},
	{"POST /partner/{pts}/profile/properties", auth.WriteLinks, (*site).addProperty},
	{"POST /partner/{pts}/profile/properties/{ppt}", auth.WriteLinks, (*site).changeProperty},
	{"POST /partner/{pts}/profile/properties/{ppt}/remove", auth.WriteLinks, (*site).removeProperty},
	{"GET /partner/{pts}/profile/contacts", auth.Read, (*site).myContacts},
	{"POST /partner/{pts}/profile/contacts", auth.WriteLinks, (*site).addContact},
	{"POST /partner/{pts}/profile/contacts/{pct}", auth.WriteLinks, (*site).changeContact},
	{"POST /partner/{pts}/profile/contacts/{pct}/remove", auth.WriteLinks, (*site).removeContact},
	{"GET /partner/{pts}/profile/team", auth.Read, (*site).myTeam},
	{"POST /partner/{pts}/profile/team", auth.WriteLinks, (*site).inviteColleague},
	{"POST /partner/{pts}/profile/team/{per}/remove", auth.WriteLinks, (*site).removeColleague},
	{"POST /partner/{pts}/profile/team/invitations/{inv}/withdraw", auth.WriteLinks, (*site).withdrawColleague},
}
