package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
)

type myProfilePage struct {
	cabinetPage
	Tabs []chip
	Form form
}

func profileForm(v *visit, p partner.Partner) form {
	rails := append([]choice{{"", v.text("rails.none")}}, choices(v.lang, "rails", partner.Rails)...)
	var tongues []choice
	for _, l := range lang.All() {
		tongues = append(tongues, choice{l.Tag, l.Name})
	}
	return form{Fields: []field{
		{Name: "name", Label: "partner_name", Value: p.Name, Required: true, Complete: "organization"},
		{Name: "website", Type: "url", Value: p.Website, Complete: "url"},
		{Name: "kind", Type: "select", Value: p.Kind, Choices: choices(v.lang, "kinds", partner.Kinds)},
		{Name: "rail", Type: "select", Value: p.Rail, Choices: rails, Hint: "rail"},
		{Name: "pay_to", Type: "email", Value: p.PayTo, Hint: "pay_to", Complete: "email"},
		{Name: "locale", Type: "select", Value: lang.Of(p.Locale).Tag, Choices: tongues, Hint: "locale"},
	}}
}

// myProfile is who the partner is and how they are paid.
func (s *site) myProfile(v *visit) (answer, error) {
	return s.page("cabinet/profile", v.text("nav.profile"), v.profile(profileForm(v, v.partnership.Partner))), nil
}

func (v *visit) profile(f form) myProfilePage {
	return myProfilePage{v.cabinet(), v.profileTabs("profile"), f}
}

// changeProfile writes the partner's profile anew, for all programs.
func (s *site) changeProfile(v *visit) (answer, error) {
	f := profileForm(v, v.partnership.Partner)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		was, err := partner.Get(ctx, tx, v.partnership.Partner.ID)
		if err != nil {
			return err
		}
		p := was
		p.Name, p.Website, p.Kind = f.value("name"), f.value("website"), f.value("kind")
		p.Rail, p.PayTo, p.Locale = f.value("rail"), f.value("pay_to"), f.value("locale")
		if p, err = partner.Change(ctx, tx, p); err != nil {
			return err
		}
		if err := auth.SetLocale(ctx, tx, v.person.ID, lang.Of(p.Locale).Tag); err != nil {
			return err
		}
		if err := mail.PayoutMethodChanged(ctx, tx, s.base+"/partner", was, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnerChange, p.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/profile", "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	return s.again("cabinet/profile", v.text("nav.profile"), v.profile(f)), nil
}
