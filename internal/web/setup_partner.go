package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type invitationPage struct {
	consolePage
	Form    form
	Public  string
	Invited string // the name of the partner who was just taken in
	Link    string
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
		data.Invited, data.Link = in.Partner.Name, s.base+"/c/"+links[0].Code
	}
	return err
}

// invite makes the partner, agrees the program's terms with them and gives them a first link.
func (s *site) invite(v *visit) (answer, error) {
	data := s.newInvitation(v)
	data.Form.read(v.PostForm)
	var in partner.Partnership
	err := problem.Join(data.Form.missing()...)
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := invited(ctx, tx, v, data.Form)
			if err != nil {
				return err
			}
			if in, err = v.joined(ctx, tx, p); err != nil {
				return err
			}
			if in, err = commission.Accept(ctx, tx, s.keys, in.ID, nil, v.person.ID); err != nil {
				return err
			}
			links, err := creative.Links(ctx, tx, in.ID, "", 1)
			if err == nil && len(links) == 0 {
				_, err = creative.CreateLink(ctx, tx, v.program, creative.Link{Partnership: in.ID})
			}
			if err != nil {
				return err
			}
			return v.record(ctx, tx, audit.PartnershipInvite, in.ID)
		})
	}
	if err != nil {
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("setup/partner", v.text("setup.partner.title"), data), nil
	}
	return s.to(consoleBase(v.program) + "/setup/partner?partner=" + in.ID), nil
}

// invited is the partner of the form. One who works with the brand already comes along; somebody else's is nobody to know of.
func invited(ctx context.Context, tx *db.Tx, v *visit, f form) (partner.Partner, error) {
	known, ok, err := partner.ByEmail(ctx, tx, f.value("email"))
	if err != nil {
		return known, err
	}
	if !ok {
		return partner.Create(ctx, tx, partner.Partner{Name: f.value("name"), Email: f.value("email"), Locale: v.program.Locale})
	}
	elsewhere, err := partner.In(ctx, tx, known.ID)
	if err != nil {
		return known, err
	}
	programs, err := program.All(ctx, tx, v.program.Brand)
	if err != nil {
		return known, err
	}
	ours := func(in partner.Partnership) bool {
		return slices.ContainsFunc(programs, func(p program.Program) bool { return p.ID == in.Program })
	}
	here := func(in partner.Partnership) bool { return in.Program == v.program.ID }
	if !slices.ContainsFunc(elsewhere, ours) || slices.ContainsFunc(elsewhere, here) {
		return known, problem.Wrong("email", "partner_known", "there is a partner with this address: let them apply on the program's page")
	}
	return known, nil
}
