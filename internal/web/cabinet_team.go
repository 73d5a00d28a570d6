package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
)

type myTeamPage struct {
	cabinetPage
	Tabs    []chip
	Me      string
	Members []auth.Member // who can sign in for the partner
	Open    []mail.Invite
	Form    form
	Fate    mail.State
	Link    string // to hand over, where no mail leaves
}

// ours are the people who sign in for the partner.
func (v *visit) ours() crew {
	return crew{v.partnership.Partner.ID, cabinetBase(v.partnership) + "/profile/team", true}
}

func colleagueForm() form {
	return form{Fields: []field{{Name: "email", Type: "email", Required: true}}}
}

func (s *site) myTeam(v *visit) (answer, error) {
	data, err := s.readMyTeam(v, colleagueForm())
	return s.page("cabinet/team", v.text("colleagues.title"), data), err
}

func (s *site) readMyTeam(v *visit, f form) (data myTeamPage, err error) {
	ctx, r, of := v.Context(), v.read(), v.ours()
	data = myTeamPage{cabinetPage: v.cabinet(), Tabs: v.profileTabs("team"), Me: v.person.ID, Form: f, Fate: s.post.Fate()}
	if data.Members, err = auth.Members(ctx, r, of.scope); err != nil {
		return data, err
	}
	data.Open, err = mail.OpenInvites(ctx, r, of.scope, v.db.Now())
	return data, err
}

// inviteColleague writes to somebody who shall sign in for the same partner.
func (s *site) inviteColleague(v *visit) (answer, error) {
	f := colleagueForm()
	return s.inviteTo(v, v.ours(), &f, "colleague_invited", func(ctx context.Context, tx *db.Tx) (string, error) {
		link, err := mail.InviteColleague(ctx, tx, s.base, v.partnership.Partner, v.person, f.value("email"))
		if err != nil {
			return "", err
		}
		return link, v.record(ctx, tx, audit.ColleagueInvite, v.partnership.Partner.ID, audit.Note("email", f.value("email")))
	}, func(link string) (page, error) {
		data, err := s.readMyTeam(v, f)
		data.Link = link
		return s.page("cabinet/team", v.text("colleagues.title"), data), err
	})
}

func (s *site) removeColleague(v *visit) (answer, error) {
	of := v.ours()
	return s.onMember(v, of, "colleague_left", func(ctx context.Context, tx *db.Tx, person string) error {
		who, err := auth.Get(ctx, tx, person)
		if err != nil {
			return err
		}
		if err := auth.Leave(ctx, tx, person, of.scope); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ColleagueRemove, of.scope, audit.Note("email", who.Email))
	})
}

func (s *site) withdrawColleague(v *visit) (answer, error) {
	return s.withdraw(v, v.ours(), audit.ColleagueWithdraw)
}
