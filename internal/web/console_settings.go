package web

import (
	"context"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

type settingsPage struct {
	consolePage
	General   form
	Questions form
	Tracking  form
	Terms     form
	Default   contract.Terms
	Model     form
	Policies  []program.Policy
	Token     form
	Tokens    []auth.Token
	Secret    string // of the token that was just made, shown this once
	Tag       string
	Postback  string
	Public    string
}

func (s *site) settings(v *visit) (answer, error) {
	data, err := s.readSettings(v)
	if err != nil {
		return nil, err
	}
	return s.page("console/settings", v.text("nav.settings"), data), nil
}

func (s *site) readSettings(v *visit) (settingsPage, error) {
	ctx, r, p := v.Context(), v.read(), v.program
	data := settingsPage{consolePage: v.console(), General: generalForm(v), Model: modelForm(v), Token: tokenForm(v), Public: s.base + "/p/" + p.Slug,
		Tag:      s.tag(p),
		Postback: s.postback(p), Questions: questionsForm(v), Tracking: trackingForm(v)}
	var err error
	if data.Default, err = contract.Defaults(p); err != nil {
		return data, err
	}
	data.Terms = termsForm(v, data.Default, false)
	policies, err := program.Policies(ctx, r, []string{p.ID})
	if err != nil {
		return data, err
	}
	data.Policies = policies[p.ID]
	slices.Reverse(data.Policies)
	if data.May(string(auth.WriteTeam)) {
		data.Tokens, err = auth.Tokens(ctx, r, p.Brand)
	}
	return data, err
}

// tag is the snippet that a shop puts on its pages.
func (s *site) tag(p program.Program) string {
	param := ""
	if p.ClickParam != "tclid" {
		param = ` data-param="` + p.ClickParam + `"`
	}
	return `<script async src="` + s.base + `/tag.js" data-program="` + p.Slug + `"` + param + `></script>`
}

func generalForm(v *visit) form {
	p := v.program
	return form{Fields: []field{
		{Name: "name", Label: "program_name", Value: p.Name, Required: true},
		{Name: "description", Type: "textarea", Value: p.Description, Hint: "description"},
		{Name: "landing", Type: "url", Value: p.Landing, Required: true, Hint: "landing"},
		{Name: "domains", Type: "textarea", Value: strings.Join(p.Domains, "\n"), Hint: "domains"},
		{Name: "timezone", Value: p.Timezone, Required: true, Hint: "timezone"},
		{Name: "status", Type: "select", Value: string(p.Status), Choices: choices(v.lang, "states.program", []string{"active", "paused"})},
	}}
}

// changeSettings writes the program's settings anew.
func (s *site) changeSettings(v *visit) (answer, error) {
	f := generalForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "saved", f, func(data *settingsPage) *form { return &data.General }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		p.Name, p.Description, p.Landing, p.Timezone = f.value("name"), f.value("description"), f.value("landing"), f.value("timezone")
		p.Domains, p.Status = strings.Fields(f.value("domains")), program.Status(f.value("status"))
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
}

// saveSettings writes what one form of the page says, or shows the page with what was wrong in that form.
func (s *site) saveSettings(v *visit, notice string, f form, place func(*settingsPage) *form,
	write func(ctx context.Context, tx *db.Tx) error) (answer, error) {
	err := v.write(write)
	if err == nil {
		return s.done(consoleBase(v.program)+"/settings", notice), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readSettings(v)
	*place(&data) = f
	return s.again("console/settings", v.text("nav.settings"), data), err
}
