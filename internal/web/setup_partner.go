package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type invitationPage struct {
	consolePage
	Form     form
	Public   string
	Invited  string // the name of the partner who was just taken in
	Link     string // by which visitors come
	Handover string // by which the partner comes in, where no mail leaves
}

func invitationForm() form {
	return form{Fields: []field{
		{Name: "name", Label: "invited_name", Required: true, Hint: "invited_name"},
		{Name: "email", Type: "email", Required: true, Hint: "invited_email"},
	}}
}

// invitation asks for the first partner, and shows the one who was just made with their link.
func (s *site) invitation(v *visit) (answer, error) {
	data := s.newInvitation(v)
	if err := s.showInvited(v, &data, v.query("partner")); err != nil {
		return nil, err
	}
	return s.page("setup/partner", v.text("setup.partner.title"), data), nil
}

func (s *site) newInvitation(v *visit) invitationPage {
	return invitationPage{consolePage: v.console(), Form: invitationForm(), Public: s.base + "/p/" + v.program.Slug}
}

func (s *site) showInvited(v *visit, data *invitationPage, partnership string) error {
	if partnership == "" {
		return nil
	}
	in, err := partner.GetPartnership(v.Context(), v.read(), partnership)
	if err != nil || in.Program != v.program.ID {
		return errNotFound
	}
	links, err := creative.Links(v.Context(), v.read(), in.ID, "", 1)
	if err == nil && len(links) > 0 {
		data.Invited, data.Link = in.Partner.Name, s.linkBase(v.program.ID, in.ID)+links[0].Code
	}
	return err
}

// invite makes somebody a partner, writes to them and gives them a first link.
func (s *site) invite(v *visit) (answer, error) {
	data := s.newInvitation(v)
	data.Form.read(v.PostForm)
	var in partner.Partnership
	var key string
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		who := partner.Partner{Name: data.Form.value("name"), Email: data.Form.value("email"), Locale: v.program.Locale}
		var fault error
		if key, fault = s.recruit(ctx, tx, v.person, v.program, who); fault == nil {
			in, fault = withLink(ctx, tx, v.program, who.Email)
		}
		if fault = both(problem.Join(data.Form.missing()...), fault); fault != nil {
			return fault
		}
		return v.record(ctx, tx, audit.PartnershipInvite, v.program.ID, audit.Note("email", who.Email))
	})
	title := v.text("setup.partner.title")
	switch {
	case err != nil && !data.Form.blame(v.lang, err):
		return nil, err
	case err != nil:
		return s.again("setup/partner", title, data), nil
	case s.post.Fate() == mail.Unsent:
		data.Handover = key // on this answer and never again, so there is no redirect
		err = s.showInvited(v, &data, in.ID)
		return s.page("setup/partner", title, data), err
	case in.ID == "": // of another program, and in this one when they accept
		return s.done(consoleBase(v.program)+"/setup/partner", "member_invited"), nil
	}
	return s.done(consoleBase(v.program)+"/setup/partner?partner="+in.ID, "member_invited"), nil
}

// withLink is the place in the program of who has the address, with a link; empty when they are not in it.
func withLink(ctx context.Context, tx *db.Tx, prog program.Program, email string) (partner.Partnership, error) {
	p, _, err := partner.ByEmail(ctx, tx, email)
	if err != nil {
		return partner.Partnership{}, err
	}
	in, ok, err := partnershipIn(ctx, tx, prog, p)
	if err != nil || !ok {
		return in, err
	}
	links, err := creative.Links(ctx, tx, in.ID, "", 1)
	if err == nil && len(links) == 0 {
		_, err = creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: in.ID})
	}
	return in, err
}
