package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/partner"
)

type statusPage struct {
	offered
	Partnership partner.Partnership
	Reason      string // why it was declined
	Cabinet     string
}

// application says how an application stands.
func (s *site) application(v *visit) (answer, error) {
	if !v.signedIn {
		return nil, errSignIn
	}
	data, mine, err := s.readOffer(v)
	if err != nil {
		return nil, err
	}
	if !data.Applied {
		return s.to("/p/" + data.Program.Slug), nil
	}
	ctx := v.Context()
	partnerships, err := partner.In(ctx, v.read(), mine.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(partnerships, func(p partner.Partnership) bool { return p.Program == data.Program.ID })
	shown := statusPage{offered: data.offered, Partnership: partnerships[i], Cabinet: cabinetBase(partnerships[i])}
	changes, err := partner.Changes(ctx, v.read(), []string{shown.Partnership.ID})
	if err != nil {
		return nil, err
	}
	if list := changes[shown.Partnership.ID]; len(list) > 0 {
		shown.Reason = list[len(list)-1].Reason
	}
	return s.page("public/status", v.text("status.title"), shown), nil
}
