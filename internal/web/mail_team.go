package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/problem"
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

// inviteMember writes to somebody who shall be in the team.
func (s *site) inviteMember(v *visit) (answer, error) {
	f := inviteForm(v)
	f.read(v.PostForm)
	var link string
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.GetBrand(ctx, tx, v.program.Brand)
		if err != nil {
			return err
		}
		if link, err = mail.InviteMember(ctx, tx, s.base, brand, v.person, f.value("email"), auth.Role(f.value("role"))); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamInvite, brand.ID, audit.Note("email", f.value("email")), audit.Note("role", f.value("role")))
	})
	if err == nil && s.post.Fate() != mail.Unsent {
		return s.done(teamBase(v), "member_invited"), nil
	}
	if err != nil && !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readTeam(v)
	if data.Link = link; f.Failed() {
		data.Form = f
		return s.again("console/mail/team", v.text("team.title"), data), err
	}
	return s.page("console/mail/team", v.text("team.title"), data), err // the link is on this answer and never again
}

func teamBase(v *visit) string { return consoleBase(v.program) + "/settings/team" }

// onMember does something to a member of the team, and to nobody else.
func (s *site) onMember(v *visit, notice string, do func(ctx context.Context, tx *db.Tx, person string) error) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		members, err := auth.Members(ctx, tx, v.program.Brand)
		if err != nil {
			return err
		}
		person := v.PathValue("per")
		if !slices.ContainsFunc(members, func(m auth.Member) bool { return m.Person.ID == person }) {
			return problem.NotFound("member", person)
		}
		return do(ctx, tx, person)
	})
	if err != nil {
		return nil, err
	}
	return s.done(teamBase(v), notice), nil
}

func (s *site) changeRole(v *visit) (answer, error) {
	return s.onMember(v, "member_changed", func(ctx context.Context, tx *db.Tx, person string) error {
		if err := auth.Join(ctx, tx, person, v.program.Brand, auth.Role(v.PostFormValue("role"))); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamRole, person)
	})
}

func (s *site) removeMember(v *visit) (answer, error) {
	return s.onMember(v, "member_left", func(ctx context.Context, tx *db.Tx, person string) error {
		if err := auth.Leave(ctx, tx, person, v.program.Brand); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamRemove, person)
	})
}

func (s *site) withdrawInvitation(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		i, err := mail.Withdraw(ctx, tx, v.program.Brand, v.PathValue("inv"))
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TeamWithdraw, v.program.Brand, audit.Note("email", i.Email), audit.Note("role", string(i.Role)))
	})
	if err != nil {
		return nil, err
	}
	return s.done(teamBase(v), "invitation_withdrawn"), nil
}
