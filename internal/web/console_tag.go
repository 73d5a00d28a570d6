package web

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// tagForm asks what the browser tag reads and when it may remember.
func tagForm(v *visit) form {
	var modes []string
	for _, mode := range program.Consents {
		modes = append(modes, string(mode))
	}
	return form{Fields: []field{
		{Name: "params", Hint: "params"},
		{Name: "consent", Type: "select", Value: string(program.Full), Choices: choices(v.lang, "consents", modes), Hint: "consent"},
	}}
}

// filled is the form with values.
func (f form) filled(values map[string]string) form {
	for i, field := range f.Fields {
		if value, ok := values[field.Name]; ok {
			f.Fields[i].Value = value
		}
	}
	return f
}

// Consents are the modes of consent, for the page that explains them.
func (d settingsPage) Consents() []program.Consent { return program.Consents }

// Refs are all parameters that can name a partner.
func (d settingsPage) Refs() []string {
	return append(append([]string{}, program.RefParams...), d.Installed.Params...)
}

// changeTag writes what the browser tag reads anew.
func (s *site) changeTag(v *visit) (answer, error) {
	f := tagForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "tag", "saved", f, func(data *settingsPage) *form { return &data.Form }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		names := strings.FieldsFunc(f.value("params"), func(r rune) bool { return strings.ContainsRune(" ,;、，", r) })
		if err := program.SetTag(ctx, tx, p, program.Tag{Params: names, Consent: program.Consent(f.value("consent"))}); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramTag, p.ID)
	})
}
