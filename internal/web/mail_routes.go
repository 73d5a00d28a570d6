package web

import "github.com/tributary-hq/tributary/internal/auth"

// mailRoutes are the addresses of what goes by mail: resets, invitations, the team and the log.
var mailRoutes = []route{
	{"GET /forgot", "", (*site).forgotForm},
	{"POST /forgot", "", (*site).forgot},
	{"GET /reset/{key}", "", (*site).resetForm},
	{"POST /reset/{key}", "", (*site).reset},
	{"GET /invitation/{key}", "", (*site).acceptForm},
	{"POST /invitation/{key}", "", (*site).acceptInvitation},

	{"GET /console/{program}/partners/invite", auth.WritePartners, (*site).invitePartnerForm},
	{"POST /console/{program}/partners/invite", auth.WritePartners, (*site).invitePartner},
	{"GET /console/{program}/settings/team", auth.Read, (*site).team},
	{"POST /console/{program}/settings/team", auth.WriteTeam, (*site).inviteMember},
	{"POST /console/{program}/settings/team/{per}/role", auth.WriteTeam, (*site).changeRole},
	{"POST /console/{program}/settings/team/{per}/remove", auth.WriteTeam, (*site).removeMember},
	{"POST /console/{program}/settings/team/invitations/{inv}/withdraw", auth.WriteTeam, (*site).withdrawInvitation},
	// mails tell to which account somebody was paid: who pays may read them
	{"GET /console/{program}/settings/mails", auth.WritePayouts, (*site).mails},
	{"GET /console/{program}/settings/mails/{mal}", auth.WritePayouts, (*site).mail},
	{"GET /console/{program}/settings/mails/{mal}/html", auth.WritePayouts, (*site).mailBody},
	{"POST /console/{program}/settings/mails/{mal}/resend", auth.WriteSettings, (*site).resendMail},
}
