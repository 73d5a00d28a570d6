package web

import (
	"strconv"
	"time"

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

// span is a stretch of whole days, and the one of the same length before it.
type span struct {
	Days             int
	Before, From, To time.Time
}

// spans are the lengths that a reader may choose from.
var spans = []int{7, 30, 90}

// span reads the stretch that the address asks for: so many days until today.
func (v *visit) span() span {
	s := span{Days: 30, To: v.today().AddDate(0, 0, 1)}
	for _, days := range spans {
		if v.query("days") == strconv.Itoa(days) {
			s.Days = days
		}
	}
	s.From = s.To.AddDate(0, 0, -s.Days)
	s.Before = s.From.AddDate(0, 0, -s.Days)
	return s
}

// chip is a filter that lives in the address.
type chip struct {
	Label   string
	Count   string
	Address string
	Here    bool
}

// spanChips choose the stretch.
func (v *visit) spanChips(now span) []chip {
	list := make([]chip, len(spans))
	for i, days := range spans {
		list[i] = chip{Label: v.text("period.days", "n", days), Address: v.here("days", strconv.Itoa(days)), Here: days == now.Days}
	}
	return list
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
