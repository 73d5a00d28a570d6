package web

import (
	"context"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// trackingForm asks what the program takes and how visitors carry it: the event types that the field knows as boxes to tick,
// others by name.
func trackingForm(v *visit) form {
	p := v.program
	var f form
	for _, event := range program.EventTypes {
		ticked := ""
		if p.Accepts(event) {
			ticked = "1"
		}
		f.Fields = append(f.Fields, field{Name: "event." + event, Words: eventName(v.lang, event), Type: "check", Value: ticked})
	}
	taking := "no"
	if p.TagSales {
		taking = "yes"
	}
	own := slices.DeleteFunc(slices.Clone(p.Events), func(e string) bool { return slices.Contains(program.EventTypes, e) })
	f.Fields = append(f.Fields,
		field{Name: "events", Value: strings.Join(own, " "), Hint: "events"},
		field{Name: "click_param", Value: p.ClickParam, Required: true, Hint: "click_param"},
		field{Name: "tag_sales", Type: "select", Value: taking, Choices: choices(v.lang, "tag_sales", []string{"no", "yes"}), Hint: "tag_sales"})
	return f
}

// Ticks are the boxes of a form.
func (f form) Ticks() (list []field) {
	for _, field := range f.Fields {
		if field.Type == "check" {
			list = append(list, field)
		}
	}
	return list
}

// changeTracking writes the event types, the click parameter, and whether the tag may report orders.
func (s *site) changeTracking(v *visit) (answer, error) {
	f := trackingForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "tracking", "saved", f, func(data *settingsPage) *form { return &data.Form }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		p.Events = nil
		for _, box := range f.Ticks() {
			if box.Value != "" {
				p.Events = append(p.Events, strings.TrimPrefix(box.Name, "event."))
			}
		}
		for _, own := range strings.FieldsFunc(f.value("events"), func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '、' || r == '，' }) {
			if !slices.Contains(p.Events, own) {
				p.Events = append(p.Events, own)
			}
		}
		p.ClickParam, p.TagSales = f.value("click_param"), f.value("tag_sales") == "yes"
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
}
