package web

import (
	"cmp"
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// apply takes an application. A stranger becomes a person and a partner by it; who is signed in applies as who they are. A
// stranger whose address is known is answered as any other, and written to: who is here is nobody's to find out.
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
	password, fault, err := readPassword(v, data.Form)
	if err != nil {
		return nil, err
	}
	err = v.write(func(ctx context.Context, tx *db.Tx) error { return enroll(ctx, tx, v, data, mine, password, fault) })
	if problem.Code(err) == "email_taken" && !v.signedIn {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			return mail.RemindApplicant(ctx, tx, s.base, data.Program, data.Form.value("email"), v.lang.Tag)
		})
	}
	switch {
	case err != nil && !data.Form.blame(v.lang, err):
		return nil, err
	case err != nil:
		return s.again("public/program", data.Program.Name, data), nil
	case v.signedIn:
		return s.done(status, "applied"), nil
	}
	return s.to(v.URL.Path + "/thanks"), nil
}

// thanks tells a stranger how to go on. It knows nothing of their application.
func (s *site) thanks(v *visit) (answer, error) {
	data, _, err := s.readOffer(v)
	return s.page("public/thanks", v.text("thanks.title"), data), err
}

// readPassword hashes a new person's password, and says what is missing of the form.
func readPassword(v *visit, f form) (password auth.Password, fault, err error) {
	fault = problem.Join(f.missing()...)
	if v.signedIn {
		return password, fault, nil
	}
	password, err = auth.NewPassword(v.Context(), v.PostForm.Get("password"))
	if _, ok := problem.As(err); ok {
		return password, both(fault, err), nil
	}
	return password, fault, err
}

// enroll makes what is missing of a person and a partner, and applies, unless the form has a fault; then it says all that is
// wrong.
func enroll(ctx context.Context, tx *db.Tx, v *visit, data offerPage, mine *partner.Partner, password auth.Password, fault error) error {
	who, f := v.person, data.Form
	var answers []partner.Answer
	for _, field := range f.Fields {
		if question, ok := strings.CutPrefix(field.Name, "form."); ok {
			answers = append(answers, partner.Answer{Question: question, Answer: field.Value})
		}
	}
	_, unfit := partner.ReadApplication(data.Program, answers)
	for _, q := range data.Program.Form {
		unfit = retold(unfit, q.Name, "form."+q.Name)
	}
	fault = both(fault, unfit)
	var taken error // said last: it must not be told apart from a form that is right
	note := func(err error) {
		if problem.Code(err) == "email_taken" {
			taken = err
		} else {
			fault = both(fault, err)
		}
	}
	if !v.signedIn {
		var err error
		who, err = auth.Create(ctx, tx, auth.Person{Name: f.value("name"), Email: f.value("email"), Locale: v.lang.Tag})
		note(err)
	}
	isNew := mine == nil
	if isNew {
		p, err := partner.Create(ctx, tx, partner.Partner{Name: f.value("name"), Email: cmp.Or(who.Email, f.value("email")), Website: f.value("website"),
			Kind: f.value("kind"), Locale: v.lang.Tag})
		note(err)
		mine = &p
	}
	if fault != nil {
		return fault
	}
	if taken != nil {
		return taken
	}
	if !v.signedIn {
		if err := auth.SetPassword(ctx, tx, who.ID, password); err != nil {
			return err
		}
	}
	if isNew {
		if err := auth.Join(ctx, tx, who.ID, mine.ID, auth.Partner); err != nil {
			return err
		}
	}
	s, err := partner.Apply(ctx, tx, data.Program, *mine, answers)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, auth.Actor{ID: who.ID, Name: who.Name, Partner: mine.ID}, audit.PartnershipApply, s.ID)
}
