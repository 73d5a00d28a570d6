package web

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type offerPage struct {
	offered
	Form    form
	Applied bool   // the signed-in person has applied already
	Cabinet string // the address of theirs, of somebody who is a partner here
	Known   bool   // is signed in, so that no account is to be made
	Partner string
	Address string
	Lang    string
}

// offer is a program's public page with its application form.
func (s *site) offer(v *visit) (answer, error) {
	data, mine, err := s.readOffer(v)
	if err != nil {
		return nil, err
	}
	data.Form = applicationForm(v, data.Program, mine)
	return s.page("public/program", data.Program.Name, data), nil
}

// readOffer is the program of the path as an applicant sees it, and the partner that the person is, if any.
func (s *site) readOffer(v *visit) (offerPage, *partner.Partner, error) {
	data := offerPage{Known: v.signedIn, Address: v.URL.Path}
	ctx := v.Context()
	var err error
	if data.Program, err = program.BySlug(ctx, v.read(), v.PathValue("slug")); err != nil {
		if problem.Code(err) == "program_unknown" {
			err = errNotFound
		}
		return data, nil, err
	}
	v.zone = data.Program.Zone()
	if !v.signedIn && v.cookie(languageCookie) == "" {
		v.lang = lang.Choose(v.Header.Get("Accept-Language"), data.Program.Locale)
	}
	data.Lang = v.lang.Tag
	if data.Terms, err = contract.Defaults(data.Program); err != nil {
		return data, nil, err
	}
	brand, err := program.GetBrand(ctx, v.read(), data.Program.Brand)
	if err != nil {
		return data, nil, err
	}
	data.Brand = brand.Name
	mine, err := v.partner()
	if err != nil || mine == nil {
		return data, nil, err
	}
	data.Partner = mine.Name
	partnerships, err := partner.In(ctx, v.read(), mine.ID)
	for _, s := range partnerships {
		if s.Program != data.Program.ID {
			continue
		}
		if data.Applied = true; s.Status == partner.Approved || s.Status == partner.Paused {
			data.Cabinet = cabinetBase(s)
		}
	}
	return data, mine, err
}

// partner is the one that the person is; nil when they are none.
func (v *visit) partner() (*partner.Partner, error) {
	for _, m := range v.memberships {
		if m.Role == auth.Partner {
			p, err := partner.Get(v.Context(), v.read(), m.Scope)
			return &p, err
		}
	}
	return nil, nil
}

// applicationForm asks only for what is not known yet.
func applicationForm(v *visit, p program.Program, mine *partner.Partner) form {
	var f form
	if mine == nil {
		f.Fields = append(f.Fields, field{Name: "name", Label: "partner_name", Required: true, Complete: "organization", Hint: "partner_name"})
		if !v.signedIn {
			f.Fields = append(f.Fields, field{Name: "email", Type: "email", Required: true, Complete: "email"})
		}
		f.Fields = append(f.Fields,
			field{Name: "website", Type: "url", Complete: "url", Hint: "website"},
			field{Name: "kind", Type: "select", Value: "blogger", Choices: choices(v.lang, "kinds", partner.Kinds)})
	}
	for _, q := range p.Form {
		f.Fields = append(f.Fields, field{Name: "form." + q.Name, Words: q.LabelIn(v.lang.Tag), Type: "textarea", Required: q.Required})
	}
	if !v.signedIn {
		f.Fields = append(f.Fields, field{Name: "password", Type: "password", Required: true, Complete: "new-password", Hint: "password"})
	}
	return f
}
