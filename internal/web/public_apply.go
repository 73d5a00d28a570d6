package web

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// apply takes an application. A stranger becomes a person and a partner by it; who is signed in applies as who they are.
func (s *site) apply(v *visit) (answer, error) {
	data, mine, err := s.readOffer(v)
	if err != nil {
		return nil, err
	}
	status := v.URL.Path + "/status"
	if data.Applied {
		return s.to(status), nil
	}
	data.Form = applicationForm(v, data.Program, mine)
	data.Form.read(v.PostForm)
	typed := v.PostForm.Get("password")
	password, err := checkApplication(v, data.Form, typed)
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			return enroll(ctx, tx, v, data, mine, password)
		})
	}
	if err != nil {
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("public/program", data.Program.Name, data), nil
	}
	if v.signedIn {
		return s.done(status, "applied"), nil
	}
	if err := s.begin(v, data.Form.value("email"), typed); err != nil {
		return nil, err
	}
	return s.done(status, "applied"), nil
}

// checkApplication says what is missing, before a person is made for nothing, and hashes a new person's password.
func checkApplication(v *visit, f form, typed string) (password auth.Password, err error) {
	var faults []*problem.Problem
	for _, field := range f.Fields {
		if field.Required && field.Value == "" && field.Type != "password" {
			faults = append(faults, problem.Wrong(field.Name, "answer_missing", "an answer is needed"))
		}
	}
	if !v.signedIn {
		password, err = auth.NewPassword(v.Context(), typed)
		p, ok := problem.As(err)
		if err != nil && !ok {
			return password, err
		}
		faults = append(faults, p)
	}
	return password, problem.Join(faults...)
}

// enroll makes what is missing of a person and a partner, and applies.
func enroll(ctx context.Context, tx *db.Tx, v *visit, data offerPage, mine *partner.Partner, password auth.Password) error {
	who := v.person
	var err error
	if !v.signedIn {
		if who, err = auth.Create(ctx, tx, auth.Person{Name: data.Form.value("name"), Email: data.Form.value("email"), Locale: v.lang.Tag}); err != nil {
			return err
		}
		if err := auth.SetPassword(ctx, tx, who.ID, password); err != nil {
			return err
		}
	}
	if mine == nil {
		p, err := partner.Create(ctx, tx, partner.Partner{Name: data.Form.value("name"), Email: who.Email, Website: data.Form.value("website"),
			Kind: data.Form.value("kind"), Locale: v.lang.Tag})
		if err != nil {
			return err
		}
		if err := auth.Join(ctx, tx, who.ID, p.ID, auth.Partner); err != nil {
			return err
		}
		mine = &p
	}
	var answers []partner.Answer
	for _, f := range data.Form.Fields {
		if question, ok := strings.CutPrefix(f.Name, "form."); ok {
			answers = append(answers, partner.Answer{Question: question, Answer: f.Value})
		}
	}
	s, err := partner.Apply(ctx, tx, data.Program, *mine, answers)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, auth.Actor{ID: who.ID, Name: who.Name, Partner: mine.ID}, audit.PartnershipApply, s.ID)
}
