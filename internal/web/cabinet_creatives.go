package web

import (
	"cmp"
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type myCreativesPage struct {
	cabinetPage
	Chips    []chip
	Filters  [][]chip
	Narrowed bool
	Cards    []myMaterial
	Open     bool // whether codes can be taken
}

// myMaterial is a creative with a partner's own code for it, if they have taken it, and what came by it.
type myMaterial struct {
	creative.Material
	Size     string
	Language string
	Link     creative.Link
	Address  string
	Code     string // the one that is copied first: HTML where there is any
	measures
	Earned money.Amount
}

// myMaterials are all creatives that a partner is offered or uses already.
func (s *site) myMaterials(v *visit) ([]myMaterial, error) {
	ctx, r, span := v.Context(), v.read(), v.span()
	library, err := creative.Library(ctx, r, v.program.ID)
	if err != nil {
		return nil, err
	}
	taken, err := creative.Taken(ctx, r, v.partnership.ID)
	if err != nil {
		return nil, err
	}
	came, err := v.cameBy(v.partnership.ID, span.now())
	var list []myMaterial
	for _, m := range library {
		link := taken[m.ID]
		if m.State(v.db.Now()) == creative.Offered || link.ID != "" {
			list = append(list, s.mine(v, m, link, came[link.ID]))
		}
	}
	return list, err
}

func (s *site) mine(v *visit, m creative.Material, link creative.Link, came measures) myMaterial {
	one := myMaterial{Material: m, Size: sizeOf(m), Language: tongue(m.Locale), Link: link, measures: came, Earned: money.Of(came.Earned, v.program.Currency)}
	if link.ID != "" {
		one.Address = s.linkBase(v.program.ID, v.partnership.ID) + link.Code
		one.Code = cmp.Or(m.HTML(one.Address, link.Code, s.base), m.Plain(one.Address))
	}
	return one
}

// cuts are the ways to narrow the gallery.
var cuts = []struct {
	name string
	of   func(m myMaterial) string
	say  func(v *visit, value string) string
}{
	{"kind", func(m myMaterial) string { return string(m.Kind) }, func(v *visit, value string) string { return v.text("creative_kinds." + value) }},
	{"size", func(m myMaterial) string { return m.Size }, func(_ *visit, value string) string { return value }},
	{"lang", func(m myMaterial) string { return m.Locale }, func(_ *visit, value string) string { return tongue(value) }},
}

// myCreatives is the gallery of what a partner can hand out.
func (s *site) myCreatives(v *visit) (answer, error) {
	list, err := s.myMaterials(v)
	if err != nil {
		return nil, err
	}
	data := myCreativesPage{cabinetPage: v.cabinet(), Chips: v.spanChips(v.span()), Cards: list, Open: v.mayTake()}
	for _, cut := range cuts {
		var values []string
		for _, m := range list {
			if value := cut.of(m); value != "" && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		wanted := v.query(cut.name)
		if wanted != "" {
			data.Narrowed = true
			data.Cards = slices.DeleteFunc(slices.Clone(data.Cards), func(m myMaterial) bool {
				return cut.of(m) != wanted && (cut.name != "lang" || m.Locale != "") // what has no language is for every one
			})
		}
		if len(values) < 2 && wanted == "" {
			continue
		}
		chips := []chip{{Label: v.text("library.every." + cut.name), Address: v.here(cut.name, ""), Here: wanted == ""}}
		for _, value := range values {
			chips = append(chips, chip{Label: cut.say(v, value), Address: v.here(cut.name, value), Here: wanted == value})
		}
		data.Filters = append(data.Filters, chips)
	}
	return s.page("cabinet/creatives/list", v.text("nav.creatives"), data), nil
}

// mayTake tells whether the partner can get codes now.
func (v *visit) mayTake() bool {
	return v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil
}

type myCreativePage struct {
	cabinetPage
	One        myMaterial
	HTML       string
	Plain      string
	Offered    bool
	Disclosure string
	Chips      []chip
	Open       bool
}

// myCreative is one creative with the partner's code for it.
func (s *site) myCreative(v *visit) (answer, error) {
	list, err := s.myMaterials(v)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(m myMaterial) bool { return m.ID == v.material.ID })
	if i < 0 {
		return nil, errNotFound
	}
	brand, err := program.GetBrand(v.Context(), v.read(), v.program.Brand)
	one := list[i]
	data := myCreativePage{cabinetPage: v.cabinet(), One: one, Chips: v.spanChips(v.span()), Open: v.mayTake(), Offered: one.State(v.db.Now()) == creative.Offered,
		Disclosure: v.text("snippet.disclosure", "brand", brand.Name)}
	if one.Link.ID != "" {
		data.HTML, data.Plain = one.HTML(one.Address, one.Link.Code, s.base), one.Plain(one.Address)
	}
	return s.page("cabinet/creatives/detail", one.Name, data), err
}

// takeCreative gives the partner their code for a creative, and leads to it.
func (s *site) takeCreative(v *visit) (answer, error) {
	if v.material.State(v.db.Now()) != creative.Offered {
		return nil, errNotFound
	}
	if v.partnership.Status != partner.Approved {
		return nil, problem.Conflict("partnership_moved", "the partnership is not active")
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		l, err := creative.Take(ctx, tx, v.program, v.material, v.partnership.ID)
		if err != nil || !l.Created.Equal(tx.Now) {
			return err // a link that was taken before is no change
		}
		return v.record(ctx, tx, audit.LinkCreate, l.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(cabinetBase(v.partnership)+"/creatives/"+v.material.ID, "code_ready"), nil
}
