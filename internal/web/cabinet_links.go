package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/touch"
)

type myLinksPage struct {
	cabinetPage
	Form  form
	Rows  []linkRow
	Codes []creative.Code
	Open  bool // whether links can be made
	Days  int
}

type linkRow struct {
	creative.Link
	Address string
	Clicks  int64
	Sales   int64
}

func linkForm() form {
	return form{Fields: []field{
		{Name: "target", Type: "url", Hint: "target"},
		{Name: "code", Label: "link_code", Hint: "link_code"},
		{Name: "label", Hint: "label"},
	}}
}

// myLinks are a partner's links, with what came by each.
func (s *site) myLinks(v *visit) (answer, error) {
	data, err := s.readLinks(v)
	if err != nil {
		return nil, err
	}
	return s.page("cabinet/links/list", v.text("nav.links"), data), nil
}

const linksMost = 500

func (s *site) readLinks(v *visit) (myLinksPage, error) {
	ctx, r := v.Context(), v.read()
	span := v.span()
	data := myLinksPage{cabinetPage: v.cabinet(), Form: linkForm(), Days: span.Days,
		Open: v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil}
	links, err := creative.Links(ctx, r, v.partnership.ID, "", linksMost)
	if err != nil {
		return data, err
	}
	clicks, err := touch.ByLink(ctx, r, v.program.ID, v.partnership.ID, span.From, span.To)
	if err != nil {
		return data, err
	}
	sales, err := v.salesByLink(span)
	if err != nil {
		return data, err
	}
	for _, l := range slices.Backward(links) {
		data.Rows = append(data.Rows, linkRow{Link: l, Address: s.base + "/c/" + l.Code, Clicks: clicks[l.ID], Sales: sales[l.ID]})
	}
	data.Codes, err = creative.Codes(ctx, r, v.partnership.ID)
	return data, err
}

// salesByLink counts the conversions that each link has a share in.
func (v *visit) salesByLink(span span) (map[string]int64, error) {
	const most = 2000
	ctx, r := v.Context(), v.read()
	earned, err := commission.List(ctx, r, commission.Filter{Partnership: v.partnership.ID, From: span.From, To: span.To, Limit: most})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(earned))
	for i, c := range earned {
		ids[i] = c.Conversion
	}
	explained, err := commission.Explanations(ctx, r, ids)
	sales := map[string]int64{}
	for _, e := range explained {
		counted := map[string]bool{}
		for _, step := range e.Steps {
			if step.Weight > 0 && step.Partnership == v.partnership.ID && !counted[step.Link] {
				counted[step.Link] = true
				sales[step.Link]++
			}
		}
	}
	return sales, err
}

// createLink makes a link.
func (s *site) createLink(v *visit) (answer, error) {
	f := linkForm()
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := creative.CreateLink(ctx, tx, v.program, creative.Link{Partnership: v.partnership.ID, Target: f.value("target"),
			Code: f.value("code"), Label: f.value("label")})
		return err
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/links", "link_created"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readLinks(v)
	data.Form = f
	return s.again("cabinet/links/list", v.text("nav.links"), data), err
}
