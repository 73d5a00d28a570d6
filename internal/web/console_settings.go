package web

import (
	"context"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/track"
)

// settingsPage is what the pages of the settings show, each a part of it.
type settingsPage struct {
	consolePage
	Part      string
	Form      form // of a page that has one
	Languages form // of the public page and its questions
	Terms     form
	Default   contract.Terms
	Model     form
	Policies  []program.Policy
	InForce   string // the id of the policy of today
	Tokens    []auth.Token
	Secret    string // of the token that was just made, shown this once
	Tag       string
	Pinned    string // the same, held against its sum
	Order     string // how a page reports an order
	Installed program.Tag
	Postback  string
	Public    string
	Brand     program.Brand
}

// settingsPart is the handler of a page of the settings.
func settingsPart(name string) func(s *site, v *visit) (answer, error) {
	return func(s *site, v *visit) (answer, error) {
		data, err := s.readSettings(v, name)
		if err != nil {
			return nil, err
		}
		return s.page("console/settings/"+name, v.text("nav.settings"), data), nil
	}
}

// settingsForms are the forms of the pages that have one.
var settingsForms = map[string]func(v *visit) form{"program": generalForm, "questions": questionsForm, "tracking": trackingForm, "tag": tagForm, "tokens": tokenForm}

func (s *site) readSettings(v *visit, part string) (settingsPage, error) {
	ctx, r, p := v.Context(), v.read(), v.program
	installed, err := program.TagOf(ctx, r, p.ID)
	if err != nil {
		return settingsPage{}, err
	}
	data := settingsPage{consolePage: v.console(), Part: part, Public: s.base + "/p/" + p.Slug, Postback: s.postback(p), Order: orderCall(p), Installed: installed,
		Tag: track.Snippet(s.base, p, installed, false), Pinned: track.Snippet(s.base, p, installed, true)}
	if make := settingsForms[part]; make != nil {
		data.Form = make(v)
	}
	switch part {
	case "tag":
		data.Form = data.Form.filled(map[string]string{"params": strings.Join(installed.Params, " "), "consent": string(installed.Consent)})
	case "questions":
		data.Languages = translationForm(v)
	case "terms":
		err = data.readTerms(v)
	case "tokens":
		data.Tokens, err = auth.Tokens(ctx, r, p.Brand)
	case "brand":
		data.Brand, err = program.GetBrand(ctx, r, p.Brand)
		data.Form = brandForm(data.Brand)
	}
	return data, err
}

func (d *settingsPage) readTerms(v *visit) (err error) {
	if d.Default, err = contract.Defaults(v.program); err != nil {
		return err
	}
	d.Terms, d.Model = termsForm(v, d.Default, false), modelForm(v)
	all, err := program.Policies(v.Context(), v.read(), []string{v.program.ID})
	if err != nil {
		return err
	}
	d.Policies = all[v.program.ID]
	now, err := program.InForce(d.Policies, v.db.Now(), program.Always)
	d.InForce = now.ID
	slices.Reverse(d.Policies)
	return err
}

func generalForm(v *visit) form {
	p := v.program
	return form{Fields: []field{
		{Name: "name", Label: "program_name", Value: p.Name, Required: true},
		{Name: "description", Type: "textarea", Value: p.Description, Hint: "description"},
		{Name: "landing", Type: "url", Value: p.Landing, Required: true, Hint: "landing"},
		{Name: "domains", Type: "textarea", Value: strings.Join(p.Domains, "\n"), Hint: "domains"},
		{Name: "timezone", Value: p.Timezone, Required: true, Hint: "timezone"},
		{Name: "locale", Label: "program_locale", Type: "select", Value: p.Locale, Choices: languageChoices(), Hint: "program_locale"},
		{Name: "status", Type: "select", Value: string(p.Status), Choices: choices(v.lang, "states.program", []string{"active", "paused"})},
	}}
}

// changeSettings writes the program's settings anew.
func (s *site) changeSettings(v *visit) (answer, error) {
	f := generalForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "program", "saved", f, func(data *settingsPage) *form { return &data.Form }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		p.Name, p.Description, p.Landing, p.Timezone = f.value("name"), f.value("description"), f.value("landing"), f.value("timezone")
		p.Domains, p.Status, p.Locale = strings.Fields(f.value("domains")), program.Status(f.value("status")), lang.Of(f.value("locale")).Tag
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
}

// saveSettings writes what one form of a page says, or shows the page with what was wrong in that form.
func (s *site) saveSettings(v *visit, part, notice string, f form, place func(*settingsPage) *form,
	write func(ctx context.Context, tx *db.Tx) error) (answer, error) {
	err := v.write(write)
	if err == nil {
		return s.done(settingsPath(v, part), notice), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readSettings(v, part)
	*place(&data) = f
	return s.again("console/settings/"+part, v.text("nav.settings"), data), err
}

// renewSecret gives the program another key for its postbacks.
func (s *site) renewSecret(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := program.RenewSecret(ctx, tx, v.program.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramSecret, v.program.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(settingsPath(v, "tracking"), "secret_renewed"), nil
}

func brandForm(b program.Brand) form {
	return form{Fields: []field{{Name: "name", Label: "brand", Value: b.Name, Required: true, Hint: "brand"}}}
}

// renameBrand gives the brand another name.
func (s *site) renameBrand(v *visit) (answer, error) {
	f := brandForm(program.Brand{})
	f.read(v.PostForm)
	return s.saveSettings(v, "brand", "saved", f, func(data *settingsPage) *form { return &data.Form }, func(ctx context.Context, tx *db.Tx) error {
		if err := program.RenameBrand(ctx, tx, v.program.Brand, f.value("name")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.BrandChange, v.program.Brand)
	})
}
