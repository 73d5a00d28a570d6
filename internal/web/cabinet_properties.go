package web

import (
	"context"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

type myPropertiesPage struct {
	cabinetPage
	Tabs       []chip
	Properties []partner.Property
	Confirmed  map[string]partner.Confirmation // by this program's brand
	Form       form
	Edit       string // the id of the one that is changed; empty for a new one
}

func propertyForm(v *visit, p partner.Property) form {
	audience := ""
	if p.Audience > 0 {
		audience = strconv.FormatInt(p.Audience, 10)
	}
	return form{Fields: []field{
		{Name: "kind", Label: "property_kind", Type: "select", Value: p.Kind, Choices: choices(v.lang, "property_kinds", partner.PropertyKinds)},
		{Name: "address", Type: "url", Value: p.Address, Required: true, Hint: "address"},
		{Name: "audience", Value: audience, Hint: "audience"},
	}}
}

// readProperty is what a form says of a property. People write their audience with spaces and points.
func readProperty(f form, p partner.Property) (partner.Property, error) {
	p.Kind, p.Address, p.Audience = f.value("kind"), f.value("address"), 0
	if text := strings.NewReplacer(" ", "", " ", "", " ", "", ".", "", ",", "", "'", "", "’", "").Replace(f.value("audience")); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return p, problem.Invalid("audience", "%q is not a number of people", f.value("audience"))
		}
		p.Audience = n
	}
	return p, nil
}

// profileTabs lead between the parts of a partner's profile.
func (v *visit) profileTabs(here string) []chip {
	base := cabinetBase(v.partnership) + "/profile"
	return []chip{
		{Label: v.text("nav.profile"), Address: base, Here: here == "profile"},
		{Label: v.text("properties.title"), Address: base + "/properties", Here: here == "properties"},
		{Label: v.text("domains.title"), Address: cabinetBase(v.partnership) + "/domains", Here: here == "domains"},
		{Label: v.text("contacts.title"), Address: base + "/contacts", Here: here == "contacts"},
		{Label: v.text("colleagues.title"), Address: base + "/team", Here: here == "team"},
	}
}

func (s *site) myProperties(v *visit) (answer, error) {
	f, edit := propertyForm(v, partner.Property{}), v.query("edit")
	if edit != "" {
		p, err := partner.GetProperty(v.Context(), v.read(), edit)
		if err != nil || p.Partner != v.partnership.Partner.ID {
			return nil, errNotFound
		}
		f = propertyForm(v, p)
	}
	data, err := v.properties(f, edit)
	return s.page("cabinet/properties", v.text("properties.title"), data), err
}

func (v *visit) properties(f form, edit string) (data myPropertiesPage, err error) {
	ctx, r, of := v.Context(), v.read(), v.partnership.Partner.ID
	data = myPropertiesPage{cabinetPage: v.cabinet(), Tabs: v.profileTabs("properties"), Form: f, Edit: edit}
	if data.Properties, err = partner.Properties(ctx, r, of); err != nil {
		return data, err
	}
	data.Confirmed, err = partner.Confirmed(ctx, r, of, v.program.ID)
	return data, err
}

func (s *site) addProperty(v *visit) (answer, error) {
	return s.keepProperty(v, partner.Property{Partner: v.partnership.Partner.ID}, audit.PropertyAdd, partner.AddProperty)
}

func (s *site) changeProperty(v *visit) (answer, error) {
	return s.keepProperty(v, v.property, audit.PropertyChange, partner.ChangeProperty)
}

func (s *site) keepProperty(v *visit, p partner.Property, what audit.Action, keep func(context.Context, *db.Tx, partner.Property) (partner.Property, error)) (answer, error) {
	f := propertyForm(v, p)
	f.read(v.PostForm)
	said, err := readProperty(f, p)
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			kept, err := keep(ctx, tx, said)
			if err != nil {
				return err
			}
			return v.record(ctx, tx, what, kept.ID)
		})
	}
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/profile/properties", "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := v.properties(f, p.ID)
	return s.again("cabinet/properties", v.text("properties.title"), data), err
}

func (s *site) removeProperty(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.RemoveProperty(ctx, tx, v.property.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PropertyRemove, v.property.ID)
	})
	return s.done(cabinetBase(v.partnership)+"/profile/properties", "property_gone"), err
}
