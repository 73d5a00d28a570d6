package web

import (
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/partner"
)

type linksPage struct {
	consolePage
	Library []tab
	Chips   []chip
	Search  string
	Keep    []choice
	Table   listing
}

// programLink is a link with whose it is and what came by it.
type programLink struct {
	creative.Link
	Partner partner.Partnership
	Fate    badge
	measures
}

func (l programLink) id() string { return l.ID }

// libraryTabs are the two halves of what partners hand out.
func (v *visit) libraryTabs(here string) []tab {
	base := consoleBase(v.program)
	return []tab{{Name: "creatives", Address: base + "/creatives", Here: here == "creatives"}, {Name: "links", Address: base + "/links", Here: here == "links"},
		{Name: "codes", Address: base + "/codes", Here: here == "codes"}}
}

func (s *site) linkTable(v *visit) table[programLink] {
	base := consoleBase(v.program)
	t := table[programLink]{File: "links", Empty: emptiness{Icon: "links", Title: v.text("links.empty"), Text: v.text("library.no_links")}}
	if v.query("q") != "" {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("list.nothing_text")}
	}
	t.Columns = append([]column[programLink]{
		{Name: "code", Head: "links.link", Cell: func(_ *visit, l programLink) cell {
			return cell{Text: "/c/" + l.Code, Plain: s.linkBase(v.program.ID, l.Partnership) + l.Code, Address: base + "/links/" + l.ID, Note: l.Label, Fate: l.Fate}
		}},
		{Name: "partner", Head: "list.partner", Cell: func(_ *visit, l programLink) cell {
			return textCell(l.Partner.Partner.Name, base+"/partners/"+l.Partnership)
		}},
		{Name: "target", Head: "fields.target", Aside: true, Cell: func(v *visit, l programLink) cell {
			if l.Target == "" {
				return cell{Text: v.text("library.landing"), Plain: v.program.Landing}
			}
			return textCell(l.Target, "")
		}},
		{Name: "created", Head: "library.made", Spare: true, Cell: func(v *visit, l programLink) cell { return v.dateCell(l.Created) }},
	}, resultColumns(func(l programLink) measures { return l.measures })...)
	return t
}

// links are all links of the program's partners.
func (s *site) links(v *visit) (answer, error) {
	span := v.span()
	data := linksPage{consolePage: v.console(), Library: v.libraryTabs("links"), Chips: v.spanChips(span), Search: v.query("q"), Keep: kept(v.URL.Query(), "q", "before")}
	came, err := v.cameBy("", span.now())
	if err != nil {
		return nil, err
	}
	dead, err := v.deadPages()
	if err != nil {
		return nil, err
	}
	read := func(before string, limit int) ([]programLink, error) {
		list, err := creative.Search(v.Context(), v.read(), creative.LinkFilter{Program: v.program.ID, Words: data.Search, Before: before, Limit: limit})
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(list))
		for i, l := range list {
			ids[i] = l.Partnership
		}
		names, err := v.names(ids)
		rows := make([]programLink, len(list))
		for i, l := range list {
			rows[i] = programLink{l, names[l.Partnership], v.plight(l, dead), came[l.ID]}
		}
		return rows, err
	}
	table := s.linkTable(v)
	if table.isFile(v) {
		return table.file(v, read, programLink.id)
	}
	if data.Table, err = table.page(v, read, programLink.id); err != nil {
		return nil, err
	}
	return s.page("console/links/list", v.text("nav.links"), data), nil
}

type linkPage struct {
	consolePage
	Link    creative.Link
	Address string
	Partner partner.Partnership
	Fate    badge
	Chips   []chip
	Cards   []card
	Trend   trend
}

// link is one link: whose it is, where it leads and what came by it.
func (s *site) link(v *visit) (answer, error) {
	span := v.span()
	data := linkPage{consolePage: v.console(), Link: v.link, Address: s.linkBase(v.program.ID, v.link.Partnership) + v.link.Code, Chips: v.spanChips(span)}
	var err error
	if data.Partner, err = partner.GetPartnership(v.Context(), v.read(), v.link.Partnership); err != nil {
		return nil, err
	}
	dead, err := v.deadPages()
	if err != nil {
		return nil, err
	}
	data.Fate = v.plight(v.link, dead)
	all, err := v.linkSeries(span)
	if err != nil {
		return nil, err
	}
	data.Cards, data.Trend = v.figures(all)
	return s.page("console/links/detail", v.text("links.link"), data), nil
}
