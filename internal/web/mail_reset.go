package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/problem"
)

type forgotPage struct {
	Form  form
	Sent  bool
	Email string
	Fate  mail.State // of mails here
}

func (s *site) newForgotPage() forgotPage {
	return forgotPage{Fate: s.post.Fate(), Form: form{Fields: []field{{Name: "email", Type: "email", Required: true, Complete: "username"}}}}
}

func (s *site) forgotForm(v *visit) (answer, error) {
	return s.page("public/reset-ask", v.text("forgot.title"), s.newForgotPage()), nil
}

// forgot lets a mail go to an address. It answers the same whether somebody has the address or not.
func (s *site) forgot(v *visit) (answer, error) {
	data := s.newForgotPage()
	data.Form.read(v.PostForm)
	if data.Email = data.Form.value("email"); !mail.IsAddress(data.Email) {
		data.Form.blame(v.lang, problem.Invalid("email", "%q is not an e-mail address", data.Email))
		return s.again("public/reset-ask", v.text("forgot.title"), data), nil
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		return mail.AskReset(ctx, tx, data.Email, v.from)
	})
	data.Sent = true
	return s.page("public/reset-ask", v.text("forgot.sent"), data), err
}

type resetPage struct {
	Email string
	Fault string // why the link does not work: a message below "keys"
	Form  form
	Here  string
}

func newResetPage(v *visit, email string) resetPage {
	return resetPage{Email: email, Here: v.URL.Path, Form: form{Fields: []field{
		{Name: "password", Label: "new_password", Type: "password", Required: true, Complete: "new-password", Hint: "password"}}}}
}

// dead is the page of a link that does not work, or nil when the error is something else.
func (s *site) dead(name, title string, err error, data func(fault string) any) answer {
	switch p, _ := problem.As(err); problem.Code(err) {
	case "key_unknown", "key_used", "key_expired":
		return page{site: s, name: name, title: title, status: p.Status, data: data(p.Code)}
	}
	return nil
}

func (s *site) deadReset(v *visit, err error) answer {
	return s.dead("public/reset", v.text("keys.title"), err, func(fault string) any { return resetPage{Fault: fault} })
}

func (s *site) resetForm(v *visit) (answer, error) {
	who, err := mail.Resettable(v.Context(), v.read(), v.PathValue("key"), v.db.Now())
	if a := s.deadReset(v, err); a != nil || err != nil {
		return a, ifNot(a, err)
	}
	return s.page("public/reset", v.text("reset.title"), newResetPage(v, who.Email)), nil
}

// ifNot is the error, unless there is an answer to it.
func ifNot(a answer, err error) error {
	if a != nil {
		return nil
	}
	return err
}

// reset sets the new password. The person signs in with it like everybody.
func (s *site) reset(v *visit) (answer, error) {
	who, err := mail.Resettable(v.Context(), v.read(), v.PathValue("key"), v.db.Now())
	if a := s.deadReset(v, err); a != nil || err != nil {
		return a, ifNot(a, err)
	}
	password, err := auth.NewPassword(v.Context(), v.PostForm.Get("password")) // slow, so in no transaction
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			who, err := mail.Reset(ctx, tx, v.PathValue("key"), password)
			if err != nil {
				return err
			}
			if err := mail.PasswordChanged(ctx, tx, s.base+"/forgot", who); err != nil {
				return err
			}
			return audit.Record(ctx, tx, auth.Actor{ID: who.ID, Name: who.Name, From: v.from}, audit.PasswordChange, who.ID)
		})
	}
	if err == nil {
		return s.done("/sign-in", "password_changed"), nil
	}
	if a := s.deadReset(v, err); a != nil {
		return a, nil
	}
	data := newResetPage(v, who.Email)
	if !data.Form.blame(v.lang, err) {
		return nil, err
	}
	return s.again("public/reset", v.text("reset.title"), data), nil
}
