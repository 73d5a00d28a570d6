package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

type myContactsPage struct {
	cabinetPage
	Tabs     []chip
	Contacts []partner.Contact
	Form     form
	Edit     string // the id of the one that is changed; empty for a new one
}

func contactForm(c partner.Contact) form {
	return form{Fields: []field{
		{Name: "name", Value: c.Name, Required: true, Complete: "name"},
		{Name: "role", Label: "contact_role", Value: c.Role, Hint: "contact_role", Complete: "organization-title"},
		{Name: "email", Type: "email", Value: c.Email, Complete: "email"},
		{Name: "phone", Type: "tel", Value: c.Phone, Complete: "tel"},
	}}
}

func (s *site) myContacts(v *visit) (answer, error) {
	var c partner.Contact
	if id := v.query("edit"); id != "" {
		var err error
		if c, err = partner.GetContact(v.Context(), v.read(), id); err != nil || c.Partner != v.partnership.Partner.ID {
			return nil, errNotFound
		}
	}
	data, err := v.contacts(contactForm(c), c.ID)
	return s.page("cabinet/contacts", v.text("contacts.title"), data), err
}

func (v *visit) contacts(f form, edit string) (myContactsPage, error) {
	list, err := partner.Contacts(v.Context(), v.read(), v.partnership.Partner.ID)
	return myContactsPage{v.cabinet(), v.profileTabs("contacts"), list, f, edit}, err
}

func (s *site) addContact(v *visit) (answer, error) {
	return s.keepContact(v, partner.Contact{Partner: v.partnership.Partner.ID}, audit.ContactAdd, partner.AddContact)
}

func (s *site) changeContact(v *visit) (answer, error) {
	return s.keepContact(v, v.contact, audit.ContactChange, partner.ChangeContact)
}

func (s *site) keepContact(v *visit, c partner.Contact, what audit.Action, keep func(context.Context, *db.Tx, partner.Contact) (partner.Contact, error)) (answer, error) {
	f := contactForm(c)
	f.read(v.PostForm)
	c.Name, c.Role, c.Email, c.Phone = f.value("name"), f.value("role"), f.value("email"), f.value("phone")
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		kept, err := keep(ctx, tx, c)
		if err != nil {
			return err
		}
		return v.record(ctx, tx, what, kept.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/profile/contacts", "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := v.contacts(f, c.ID)
	return s.again("cabinet/contacts", v.text("contacts.title"), data), err
}

func (s *site) removeContact(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.RemoveContact(ctx, tx, v.contact.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ContactRemove, v.contact.ID)
	})
	return s.done(cabinetBase(v.partnership)+"/profile/contacts", "contact_gone"), err
}
