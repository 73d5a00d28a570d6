package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type invitePage struct {
	consolePage
	Form  form
	Offer contract.Terms
	Link  string // to hand over, where no mail leaves
}

func (s *site) readInvite(v *visit) (data invitePage, err error) {
	data = invitePage{consolePage: v.console(), Form: form{Fields: []field{
		{Name: "name", Label: "partner_name_theirs", Required: true, Hint: "invite_name"},
		{Name: "email", Type: "email", Required: true, Hint: "invite_email"},
		{Name: "kind", Type: "select", Value: "blogger", Choices: choices(v.lang, "kinds", partner.Kinds)},
		{Name: "locale", Type: "select", Value: v.program.Locale, Hint: "invite_locale"},
	}}}
	for _, l := range lang.All() {
		data.Form.Fields[3].Choices = append(data.Form.Fields[3].Choices, choice{l.Tag, l.Name})
	}
	data.Offer, err = contract.Defaults(v.program)
	return data, err
}

func (s *site) invitePartnerForm(v *visit) (answer, error) {
	data, err := s.readInvite(v)
	return s.page("console/mail/invite", v.text("invite.title"), data), err
}

// invitePartner makes somebody a partner of the program and writes to them.
func (s *site) invitePartner(v *visit) (answer, error) {
	data, err := s.readInvite(v)
	if err != nil {
		return nil, err
	}
	data.Form.read(v.PostForm)
	var link string
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		link, err = s.recruit(ctx, tx, v.person, v.program, partner.Partner{Name: data.Form.value("name"), Email: data.Form.value("email"),
			Kind: data.Form.value("kind"), Locale: lang.Of(data.Form.value("locale")).Tag})
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipInvite, v.program.ID, audit.Note("email", data.Form.value("email")))
	})
	switch {
	case err != nil && !data.Form.blame(v.lang, err):
		return nil, err
	case err != nil:
		return s.again("console/mail/invite", v.text("invite.title"), data), nil
	case s.post.Fate() == mail.Unsent:
		data.Link = link // on this answer and never again, so there is no redirect
		return s.page("console/mail/invite", v.text("invite.title"), data), nil
	}
	return s.done(consoleBase(v.program)+"/partners", "member_invited"), nil
}

// recruit lets a new partner in at once. One of another program is not shown to this brand before they accept, and one who
// is in the program and has never accepted is written to again.
func (s *site) recruit(ctx context.Context, tx *db.Tx, author auth.Person, prog program.Program, who partner.Partner) (link string, err error) {
	p, known, err := partner.ByEmail(ctx, tx, who.Email)
	if err != nil {
		return "", err
	}
	if !known {
		if p, err = partner.Create(ctx, tx, who); err != nil {
			return "", err
		}
	}
	partnership, in, err := partnershipIn(ctx, tx, prog, p)
	if err != nil {
		return "", err
	}
	members, err := auth.Members(ctx, tx, p.ID)
	if err != nil {
		return "", err
	}
	scope := p.ID
	switch {
	case in && partnership.Status != partner.Declined && len(members) > 0:
		return "", problem.Wrong("email", "partner_in_program", "%s is in the program already", p.Email)
	case known && !in:
		scope = ""
	}
	if link, err = mail.InvitePartner(ctx, tx, s.base, prog, author, scope, p.Name, p.Email, who.Locale); err != nil || scope == "" {
		return link, err
	}
	return link, s.letIn(ctx, tx, prog.ID, p, author.ID)
}
