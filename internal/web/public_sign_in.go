package web

import (
	"cmp"
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

type signInPage struct {
	Form form
	To   string // where to go on; a path of this installation
}

func newSignInForm() form {
	return form{Fields: []field{
		{Name: "email", Type: "email", Required: true, Complete: "username"},
		{Name: "password", Type: "password", Required: true, Complete: "current-password"},
	}}
}

func (s *site) signInForm(v *visit) (answer, error) {
	to := local(v.query("to"))
	if v.signedIn {
		return s.to(to), nil
	}
	if inhabited, err := isInhabited(v.Context(), v.read()); err != nil || !inhabited {
		return s.to("/setup"), err
	}
	return s.page("public/sign-in", v.text("sign_in.title"), signInPage{newSignInForm(), to}), nil
}

// signIn begins a session and leads back to where its person wanted to go.
func (s *site) signIn(v *visit) (answer, error) {
	data := signInPage{newSignInForm(), local(v.PostFormValue("to"))}
	data.Form.read(v.PostForm)
	if err := s.begin(v, data.Form.value("email"), v.PostForm.Get("password")); err != nil {
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("public/sign-in", v.text("sign_in.title"), data), nil
	}
	return s.to(data.To), nil
}

// begin signs a person in on this device.
func (s *site) begin(v *visit, email, password string) error {
	proven, err := auth.Prove(v.Context(), v.db, email, password, v.from)
	if problem.Code(err) == "sign_in_failed" {
		return cmp.Or(v.write(func(ctx context.Context, tx *db.Tx) error { return audit.Refused(ctx, tx, email, v.from) }), err)
	}
	if err != nil {
		return err
	}
	var secret string
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if secret, err = auth.Begin(ctx, tx, proven, v.UserAgent()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, auth.Actor{ID: proven.ID, Name: proven.Name, From: v.from}, audit.SessionBegin, proven.ID)
	})
	if err == nil {
		s.setCookie(v.w, sessionCookie, secret, auth.SessionFor)
	}
	return err
}

func (s *site) signOut(v *visit) (answer, error) {
	if secret := v.cookie(sessionCookie); secret != "" {
		err := v.write(func(ctx context.Context, tx *db.Tx) error {
			if err := auth.SignOut(ctx, tx, secret); err != nil || !v.signedIn {
				return err
			}
			return v.record(ctx, tx, audit.SessionEnd, v.person.ID)
		})
		if err != nil {
			return nil, err
		}
		s.setCookie(v.w, sessionCookie, "", 0)
	}
	return s.to("/sign-in"), nil
}
