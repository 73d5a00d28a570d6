package web

import (
	"cmp"
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type acceptPage struct {
	Invite mail.Invite
	From   string // the brand or the program
	Author string
	Fault  string // why the link does not work: a message below "keys"
	How    string // new: with an account to be made; as: who is signed in; known: after signing in; foreign: by somebody else
	Person auth.Person
	Form   form
	Here   string
}

// readInvitation is the invitation as its reader sees it. One that does not hold is an error, and as much as is known of it.
func (s *site) readInvitation(v *visit) (data acceptPage, err error) {
	ctx, r := v.Context(), v.read()
	data = acceptPage{Here: v.URL.Path, Person: v.person, How: "new"}
	var held error
	if data.Invite, held = mail.Invited(ctx, r, v.PathValue("key"), v.db.Now()); data.Invite.ID == "" {
		return data, held
	}
	if err := v.inviting(&data); err != nil {
		return data, err
	}
	if data.Invite.Author != "" {
		author, err := auth.Get(ctx, r, data.Invite.Author)
		if data.Author = author.Name; err != nil {
			return data, err
		}
	}
	_, known, err := auth.ByEmail(ctx, r, data.Invite.Email)
	switch {
	case err != nil:
		return data, err
	case v.signedIn && v.person.Email == data.Invite.Email:
		data.How = "as"
	case v.signedIn:
		data.How = "foreign"
	case known:
		data.How = "known"
	}
	data.Form = form{Fields: []field{
		{Name: "name", Label: "person_name", Value: data.Invite.Name, Required: true, Complete: "name"},
		{Name: "password", Type: "password", Required: true, Complete: "new-password", Hint: "password"},
	}}
	return data, held
}

// inviting reads who invites: a program, a brand, or those who sign in for a partner.
func (v *visit) inviting(data *acceptPage) error {
	ctx, r := v.Context(), v.read()
	if data.Invite.Brand == "" {
		p, err := partner.Get(ctx, r, data.Invite.Scope)
		data.From, data.Author = p.Name, p.Name
		return err
	}
	brand, err := program.GetBrand(ctx, r, data.Invite.Brand)
	data.From, data.Author = brand.Name, brand.Name
	if err != nil || data.Invite.Program == "" {
		return err
	}
	p, err := program.Get(ctx, r, data.Invite.Program)
	data.From = p.Name
	return err
}

func (s *site) acceptForm(v *visit) (answer, error) {
	data, err := s.readInvitation(v)
	if err != nil {
		a := s.deadInvitation(v, data, err)
		return a, ifNot(a, err)
	}
	return s.page("public/invitation", v.text("invitation.title"), data), nil
}

func (s *site) deadInvitation(v *visit, data acceptPage, err error) answer {
	return s.dead("public/invitation", v.text("keys.title"), err, func(fault string) any {
		data.Fault = fault
		return data
	})
}

// acceptInvitation lets somebody in. A stranger becomes a person by it; the link proves that the address is theirs.
func (s *site) acceptInvitation(v *visit) (answer, error) {
	data, err := s.readInvitation(v)
	switch {
	case err != nil:
		a := s.deadInvitation(v, data, err)
		return a, ifNot(a, err)
	case data.How == "known", data.How == "foreign":
		return s.to(v.URL.Path), nil // the page says what to do first
	}
	data.Form.read(v.PostForm)
	typed := v.PostForm.Get("password")
	var password auth.Password
	if data.How == "new" {
		password, err = auth.NewPassword(v.Context(), typed) // slow, so in no transaction
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error { return s.join(ctx, tx, v, data, password) })
	}
	if err != nil {
		if a := s.deadInvitation(v, data, err); a != nil {
			return a, nil
		}
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("public/invitation", v.text("invitation.title"), data), nil
	}
	if data.How == "new" {
		if err := s.begin(v, data.Invite.Email, typed); err != nil {
			return nil, err
		}
	}
	if data.Invite.Role == auth.Partner {
		return s.done("/partner", "joined"), nil
	}
	return s.done("/console", "joined"), nil
}

func (s *site) join(ctx context.Context, tx *db.Tx, v *visit, data acceptPage, password auth.Password) error {
	who := v.person
	if data.How == "new" {
		var err error
		if who, err = auth.Create(ctx, tx, auth.Person{Name: data.Form.value("name"), Email: data.Invite.Email, Locale: v.lang.Tag}); err != nil {
			return err
		}
		if err := auth.SetPassword(ctx, tx, who.ID, password); err != nil {
			return err
		}
	}
	by, what, subject := auth.Actor{ID: who.ID, Name: who.Name, From: v.from}, audit.TeamJoin, who.ID
	i, err := mail.Join(ctx, tx, v.PathValue("key"), who, func(p partner.Partner, i mail.Invite) error {
		by.Partner = p.ID
		return s.letIn(ctx, tx, i.Program, p, i.Author)
	})
	if err != nil {
		return err
	}
	switch {
	case i.Brand == "":
		by.Partner, what, subject = i.Scope, audit.ColleagueJoin, i.Scope
	case i.Role == auth.Partner:
		by.Partner, what, subject = cmp.Or(by.Partner, i.Scope), audit.PartnershipJoin, i.Program
	default:
		by.Brand = i.Brand
	}
	return audit.Record(ctx, tx, by, what, subject)
}

// letIn makes a partner one of a program's, on its default terms.
func (s *site) letIn(ctx context.Context, tx *db.Tx, prog string, p partner.Partner, author string) error {
	into, err := program.Get(ctx, tx, prog)
	if err != nil {
		return err
	}
	partnership, in, err := partnershipIn(ctx, tx, into, p)
	if err != nil {
		return err
	}
	if !in {
		unasked := into
		unasked.Form, unasked.Status = nil, program.Active // the brand has asked, so nobody answers its questions
		if partnership, err = partner.Apply(ctx, tx, unasked, p, nil); err != nil {
			return err
		}
	}
	_, err = commission.Accept(ctx, tx, s.keys, partnership.ID, nil, author)
	return err
}

// partnershipIn is the partnership of a partner in a program, if there is one.
func partnershipIn(ctx context.Context, r db.Reader, prog program.Program, p partner.Partner) (partner.Partnership, bool, error) {
	all, err := partner.In(ctx, r, p.ID)
	for _, s := range all {
		if s.Program == prog.ID {
			return s, true, err
		}
	}
	return partner.Partnership{}, false, err
}
