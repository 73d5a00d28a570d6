package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/program"
)

type teamPage struct {
	consolePage
	Me      string
	Members []auth.Member
	Roles   []choice
	Open    []mail.Invite
	Form    form
	Fate    mail.State
	Link    string // to hand over, where no mail leaves
}

func (s *site) team(v *visit) (answer, error) {
	data, err := s.readTeam(v)
	return s.page("console/mail/team", v.text("team.title"), data), err
}

func (s *site) readTeam(v *visit) (data teamPage, err error) {
	ctx, r, brand := v.Context(), v.read(), v.program.Brand
	data = teamPage{consolePage: v.console(), Me: v.person.ID, Fate: s.post.Fate(), Form: inviteForm(v)}
	data.Roles = data.Form.Fields[1].Choices
	if data.Members, err = auth.Members(ctx, r, brand); err != nil {
		return data, err
	}
	if data.May(string(auth.WriteTeam)) {
		data.Open, err = mail.OpenInvites(ctx, r, brand, v.db.Now())
	}
	return data, err
}

func inviteForm(v *visit) form {
	var names []string
	for _, r := range auth.Roles {
		names = append(names, string(r))
	}
	return form{Fields: []field{
		{Name: "email", Type: "email", Required: true},
		{Name: "role", Type: "select", Value: string(auth.Manager), Choices: choices(v.lang, "roles", names)},
	}}
}

// team are the people of the program's brand.
func (v *visit) team() crew {
	return crew{v.program.Brand, consoleBase(v.program) + "/settings/team", false}
}

// inviteMember writes to somebody who shall be in the team.
func (s *site) inviteMember(v *visit) (answer, error) {
	f := inviteForm(v)
	return s.inviteTo(v, v.team(), &f, "member_invited", func(ctx context.Context, tx *db.Tx) (string, error) {
		brand, err := program.GetBrand(ctx, tx, v.program.Brand)
		if err != nil {
			return "", err
		}
		link, err := mail.InviteMember(ctx, tx, s.base, brand, v.person, f.value("email"), auth.Role(f.value("role")))
		if err != nil {
			return "", err
		}
		return link, v.record(ctx, tx, audit.TeamInvite, brand.ID, audit.Note("email", f.value("email")), audit.Note("role", f.value("role")))
	}, func(link string) (page, error) {
		data, err := s.readTeam(v)
		if data.Link = link; f.Failed() {
			data.Form = f
		}
		return s.page("console/mail/team", v.text("team.title"), data), err
	})
}

func (s *site) changeRole(v *visit) (answer, error) {
	return s.onMember(v, v.team(), "member_changed", func(ctx context.Context, tx *db.Tx, person string) error {
		if err := auth.Join(ctx, tx, person, v.program.Brand, auth.Role(v.PostFormValue("role"))); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamRole, person)
	})
}

func (s *site) removeMember(v *visit) (answer, error) {
	return s.onMember(v, v.team(), "member_left", func(ctx context.Context, tx *db.Tx, person string) error {
		if err := auth.Leave(ctx, tx, person, v.program.Brand); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamRemove, person)
	})
}

func (s *site) withdrawInvitation(v *visit) (answer, error) {
	return s.withdraw(v, v.team(), audit.TeamWithdraw)
}
