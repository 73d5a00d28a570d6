package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/touch"
)

type myLinksPage struct {
	cabinetPage
	Chips      []chip
	Form       form
	Links      listing
	Codes      listing
	Batches    listing
	HasBatches bool
	Caps       []capRow
	Open       bool // whether links can be made
}

type linkRow struct {
	creative.Link
	Address string
	Fate    badge
	Clicks  int64
	Sales   int64 // sales and leads that were not rejected
	Earned  money.Amount
}

// codeRow is a promo code with what came by it.
type codeRow struct {
	creative.Code
	Uses   int64
	Earned money.Amount
}

func linkForm(v *visit) form {
	return form{Fields: append([]field{
		{Name: "target", Type: "url", Hint: "target"},
		{Name: "code", Label: "link_code", Hint: "link_code"},
		{Name: "label", Hint: "label"},
	}, wordFields(v)...)}
}

// Page are the fields that make the link.
func (p myLinksPage) Page() form { return form{Fields: p.Form.Fields[:3]} }

// Words are the fields that only the finished address has.
func (p myLinksPage) Words() form { return form{Fields: p.Form.Fields[3:]} }

// Worded tells whether one of the latter was filled in.
func (p myLinksPage) Worded() bool {
	return slices.ContainsFunc(p.Form.Fields[3:], func(f field) bool { return f.Value != "" })
}

// myLinks are a partner's links and codes, with what came by each.
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
	data := myLinksPage{cabinetPage: v.cabinet(), Chips: v.spanChips(span), Form: linkForm(v),
		Open: v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil}
	links, err := creative.Links(ctx, r, v.partnership.ID, "", linksMost)
	if err != nil {
		return data, err
	}
	q := question{by: "link", cut: touch.Cut{Program: v.program.ID, Partnership: v.partnership.ID, From: span.From, To: span.To}}
	found, err := v.figure(q)
	if err != nil {
		return data, err
	}
	came := map[string]measures{}
	for name, m := range found.groups {
		came[name] = *m
	}
	dead, err := v.deadPages()
	if err != nil {
		return data, err
	}
	var rows []linkRow
	for _, l := range slices.Backward(links) {
		m := came[l.ID]
		rows = append(rows, linkRow{Link: l, Address: s.linkBase(v.program.ID, v.partnership.ID) + l.Code, Fate: v.plight(l, dead), Clicks: m.Clicks, Sales: m.Sales + m.Leads,
			Earned: money.Of(m.Earned, v.program.Currency)})
	}
	data.Links = v.linkTable().all(v, rows)
	codes, err := creative.Codes(ctx, r, v.partnership.ID)
	var given []codeRow
	for _, c := range codes {
		m := came[byCode+c.Code]
		given = append(given, codeRow{c, m.Sales + m.Leads, money.Of(m.Earned, v.program.Currency)})
	}
	data.Codes = v.codeTable().all(v, given)
	if err != nil {
		return data, err
	}
	batches, err := creative.Batches(ctx, r, v.partnership.ID)
	data.HasBatches, data.Batches = len(batches) > 0, v.codeBatchTable(data.Base).all(v, batches)
	if err != nil {
		return data, err
	}
	data.Caps, err = v.myCaps()
	return data, err
}

// createLink makes a link, and leads to it with the words that were given along.
func (s *site) createLink(v *visit) (answer, error) {
	f := linkForm(v)
	f.read(v.PostForm)
	var made creative.Link
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if made, err = creative.CreateLink(ctx, tx, v.program, creative.Link{Partnership: v.partnership.ID, Target: f.value("target"),
			Code: f.value("code"), Label: f.value("label")}); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.LinkCreate, made.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/links/"+made.ID+words(v.PostForm), "link_created"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readLinks(v)
	data.Form = f
	return s.again("cabinet/links/list", v.text("nav.links"), data), err
}
