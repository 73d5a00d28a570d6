package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/problem"
)

// crew is whose people a page is about: a brand's team, or those who sign in for a partner.
type crew struct {
	scope string // of their memberships
	page  string // its address
	blind bool   // no page of theirs has the mails that a demonstration keeps
}

// inviteTo writes to somebody who shall be one of them. Where no mail leaves, or they could not read the one that is kept, the answer has the link, once and never again.
func (s *site) inviteTo(v *visit, c crew, f *form, notice string, invite func(context.Context, *db.Tx) (string, error), show func(link string) (page, error)) (answer, error) {
	f.read(v.PostForm)
	var link string
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		link, err = invite(ctx, tx)
		return err
	})
	if fate := s.post.Fate(); err == nil && fate != mail.Unsent && !(c.blind && fate == mail.Caught) {
		return s.done(c.page, notice), nil
	}
	if err != nil && !f.blame(v.lang, err) {
		return nil, err
	}
	shown, err := show(link)
	if f.Failed() {
		shown.status = http.StatusUnprocessableEntity
	}
	return shown, err
}

// onMember does something to one of them, and to nobody else.
func (s *site) onMember(v *visit, c crew, notice string, do func(ctx context.Context, tx *db.Tx, person string) error) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		members, err := auth.Members(ctx, tx, c.scope)
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
	return s.done(c.page, notice), nil
}

// withdraw ends an invitation to be one of them.
func (s *site) withdraw(v *visit, c crew, what audit.Action) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		i, err := mail.Withdraw(ctx, tx, c.scope, v.PathValue("inv"))
		if err != nil {
			return err
		}
		return v.record(ctx, tx, what, c.scope, audit.Note("email", i.Email), audit.Note("role", string(i.Role)))
	})
	if err != nil {
		return nil, err
	}
	return s.done(c.page, "invitation_withdrawn"), nil
}
