package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type firstPage struct {
	Form  form
	Known bool // the code is right
}

func newFirstForm(v *visit) form {
	return form{Fields: []field{
		{Name: "code", Label: "setup_code", Required: true, Hint: "setup_code"},
		{Name: "name", Label: "your_name", Required: true, Complete: "name"},
		{Name: "email", Type: "email", Required: true, Complete: "username", Hint: "your_email"},
		{Name: "password", Type: "password", Required: true, Complete: "new-password", Hint: "password"},
		{Name: "locale", Type: "select", Value: v.lang.Tag, Choices: languageChoices(), Hint: "your_locale"},
		{Name: "brand", Required: true, Complete: "organization", Hint: "brand"},
		{Name: "slug", Label: "brand_slug", Hint: "slug"},
	}}
}

func languageChoices() []choice {
	var list []choice
	for _, l := range lang.All() {
		list = append(list, choice{l.Tag, l.Name})
	}
	return list
}

// firstForm asks the first person who they are, once they have shown the code. Nobody else finds anything here.
func (s *site) firstForm(v *visit) (answer, error) {
	if inhabited, err := isInhabited(v.Context(), v.read()); err != nil || inhabited {
		return nil, orNotFound(err)
	}
	data := firstPage{Form: newFirstForm(v)}
	code := v.query("code")
	data.Form.set("code", code)
	err := checkCode(v.Context(), v.read(), code)
	data.Known = err == nil
	if code == "" || err == nil {
		return s.page("setup/first", v.text("setup.title"), data), nil
	}
	if !data.Form.blame(v.lang, err) {
		return nil, err
	}
	return s.again("setup/first", v.text("setup.title"), data), nil
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errNotFound
}

// set gives a field its value.
func (f *form) set(name, value string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Value = value
		}
	}
}

// setUp makes the first person and their brand, signs them in and leads on to the first program.
func (s *site) setUp(v *visit) (answer, error) {
	ctx := v.Context()
	if inhabited, err := isInhabited(ctx, v.read()); err != nil || inhabited {
		return nil, orNotFound(err)
	}
	data := firstPage{Form: newFirstForm(v)}
	data.Form.read(v.PostForm)
	err := checkCode(ctx, v.read(), data.Form.value("code"))
	data.Known = err == nil
	typed := v.PostForm.Get("password")
	if err == nil {
		err = v.found(data.Form, typed)
	}
	if err == nil {
		err = s.begin(v, data.Form.value("email"), typed)
	}
	if err != nil {
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("setup/first", v.text("setup.title"), data), nil
	}
	return s.to("/console/new"), nil
}

// found makes the owner and the brand of an empty installation.
func (v *visit) found(f form, typed string) error {
	password, fault := auth.NewPassword(v.Context(), typed)
	faults := append([]error{problem.Join(f.missing()...)}, fault)
	slug := f.value("slug")
	if slug == "" {
		slug = slugOf(f.value("brand"), "brand")
	}
	return v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := spendCode(ctx, tx, f.value("code")); err != nil {
			return err
		}
		if inhabited, err := isInhabited(ctx, tx); err != nil || inhabited {
			return orNotFound(err)
		}
		owner, wrong := auth.Create(ctx, tx, auth.Person{Name: f.value("name"), Email: f.value("email"), Locale: lang.Of(f.value("locale")).Tag})
		brand, bad := program.CreateBrand(ctx, tx, f.value("brand"), slug)
		if err := both(append(faults, wrong, retold(bad, "name", "brand"))...); err != nil {
			return err
		}
		if err := auth.SetPassword(ctx, tx, owner.ID, password); err != nil {
			return err
		}
		if err := auth.Join(ctx, tx, owner.ID, brand.ID, auth.Owner); err != nil {
			return err
		}
		return audit.Record(ctx, tx, auth.Actor{ID: owner.ID, Name: owner.Name, Brand: brand.ID, From: v.from}, audit.BrandCreate, brand.ID)
	})
}
