package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/program"
)

type frontPage struct {
	Programs []offered
	Stranded bool // signed in, but nowhere a member
}

// offered is a program as a stranger sees it.
type offered struct {
	Program program.Program
	Brand   string
	Terms   contract.Terms
}

// front leads members to their own surface and shows the programs to everybody else.
func (s *site) front(v *visit) (answer, error) {
	if home := v.home(); home != "/" {
		return s.to(home), nil
	}
	ctx := v.Context()
	if inhabited, err := isInhabited(ctx, v.read()); err != nil || !inhabited {
		return s.to("/setup"), err
	}
	programs, err := program.All(ctx, v.read(), "")
	if err != nil {
		return nil, err
	}
	brands, err := program.Brands(ctx, v.read())
	if err != nil {
		return nil, err
	}
	data := frontPage{Stranded: v.signedIn}
	for _, p := range programs {
		if p.Status != program.Active {
			continue
		}
		terms, err := contract.Defaults(p)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(brands, func(b program.Brand) bool { return b.ID == p.Brand })
		data.Programs = append(data.Programs, offered{p, brands[i].Name, terms})
	}
	return s.page("public/front", v.text("front.title"), data), nil
}

// home is the surface of the person: the console for a brand's team, the cabinet for partners, the front page for others.
func (v *visit) home() string {
	for _, m := range v.memberships {
		if m.Role != auth.Partner {
			return "/console"
		}
	}
	if len(v.memberships) > 0 {
		return "/partner"
	}
	return "/"
}
