package web

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// consolePage is what every page of the console knows.
type consolePage struct {
	Base    string
	Program program.Program
	actor   auth.Actor
}

func (v *visit) console() consolePage {
	return consolePage{consoleBase(v.program), v.program, v.actor}
}

// May tells whether the reader has the permission, so that a page offers only what will be allowed.
func (c consolePage) May(permission string) bool {
	return c.actor.May(auth.Permission(permission)) == nil
}

// Account is where a partner is paid, as far as it is for the reader's eyes.
func (c consolePage) Account(payTo string) string {
	if c.actor.SeesAccounts() {
		return payTo
	}
	return partner.Masked(payTo)
}

// perPage is how many rows a list has.
const perPage = 50

// chip is a filter that lives in the address.
type chip struct {
	Label   string
	Count   string
	Address string
	Here    bool
}

// consoleHome leads to the first program of the person's brands.
func (s *site) consoleHome(v *visit) (answer, error) {
	scopes, err := s.consoleScopes(v)
	if err != nil {
		return nil, err
	}
	if len(scopes) == 0 && v.home() == "/console" {
		return s.to("/console/new"), nil
	}
	if len(scopes) == 0 {
		return nil, errNotFound
	}
	return s.to(scopes[0].Address), nil
}

// names are those of partners, by partnership.
func (v *visit) names(partnerships []string) (map[string]partner.Partnership, error) {
	return partner.Named(v.Context(), v.read(), partnerships)
}
