package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/touch"
)

type trafficPage struct {
	consolePage
	partnerPick
	Periods []chip
	Chips   []chip
	Also    []choice // what the filter must send along
	Link    string
	Network string
	Marks   listing
	Places  listing // clicks that count, by country
	Known   bool    // whether countries are known
	Table   listing
	Rules   form
	Trusts  bool
	Lost    touch.Lost
}

// touchRow is a touch in the list, with whose it is.
type touchRow struct {
	touch.Touch
	Partner partner.Partnership
	Link    creative.Link
	Judged  []touch.Judgement
}

func (r touchRow) cursor() string { return r.Cursor() }

func (r touchRow) key() string { return r.ID }

// markCount is how many clicks have a mark.
type markCount struct {
	Mark   touch.Mark
	Clicks int64
	All    int64
}

// markName is a mark in an address and below "marks": the one that counts has no name of its own.
func markName(m touch.Mark) string { return cmp.Or(string(m), "counts") }

// traffic is which clicks count and why the others do not.
func (s *site) traffic(v *visit) (answer, error) {
	span := v.span()
	data := trafficPage{consolePage: v.console(), Periods: v.spanChips(span), Link: v.query("link"), Network: v.query("network"),
		Also: kept(v.URL.Query(), "partner", "link", "network", "before", "file"), Rules: trafficForm(v), Trusts: v.program.TrustDatacentres}
	counts, err := touch.ByMark(v.Context(), v.read(), v.program.ID, span.From, span.To)
	if err != nil {
		return nil, err
	}
	if data.Lost, err = touch.LostBetween(v.Context(), v.read(), v.program.ID, span.From, span.To); err != nil {
		return nil, err
	}
	f := touch.Filter{Program: v.program.ID, From: span.From, To: span.To, Network: data.Network, Marks: touch.Marks}
	asked := v.query("mark")
	if asked == "counts" {
		f.Marks = []touch.Mark{touch.Counts}
	} else if slices.Contains(touch.Marks, touch.Mark(asked)) {
		f.Marks = []touch.Mark{touch.Mark(asked)}
	} else {
		asked = ""
	}
	data.Chips = v.markChips(counts, asked)
	if f.Partnership, err = v.choosePartner(&data.partnerPick); err != nil {
		return nil, err
	}
	if f.Link, err = v.linkNamed(data.Link); err != nil {
		return nil, err
	}
	read := func(before string, limit int) ([]touchRow, error) {
		f.After, f.Limit = before, limit
		list, err := touch.List(v.Context(), v.read(), f)
		if err != nil {
			return nil, err
		}
		return v.touchRows(list)
	}
	table := v.touchTable(asked + f.Partnership + f.Link + f.Network)
	if table.isFile(v) {
		return table.file(v, read, touchRow.cursor)
	}
	if data.Table, err = table.page(v, read, touchRow.cursor); err != nil {
		return nil, err
	}
	data.Marks = v.markTable().all(v, countsOf(counts))
	data.Known = s.places
	if data.Places, err = v.placesIn(span.From, span.To); err != nil {
		return nil, err
	}
	return s.page("console/traffic", v.text("nav.traffic"), data), nil
}

// countsOf are the marks that there are, the most frequent first after what counts.
func countsOf(counts map[touch.Mark]int64) (list []markCount) {
	var all int64
	for _, n := range counts {
		all += n
	}
	for mark, n := range counts {
		list = append(list, markCount{mark, n, all})
	}
	slices.SortFunc(list, func(a, b markCount) int {
		if counts := cmp.Compare(min(1, len(a.Mark)), min(1, len(b.Mark))); counts != 0 {
			return counts
		}
		return cmp.Or(cmp.Compare(b.Clicks, a.Clicks), strings.Compare(string(a.Mark), string(b.Mark)))
	})
	return list
}

// markTable is how many clicks of the days have which mark.
func (v *visit) markTable() table[markCount] {
	return table[markCount]{Name: "marks", Sums: "list.total", Empty: emptiness{Icon: "traffic", Title: v.text("traffic.no_clicks"), Text: v.text("traffic.no_clicks_text")},
		Columns: []column[markCount]{
			{Name: "mark", Head: "traffic.why", Cell: func(v *visit, c markCount) cell {
				name := markName(c.Mark)
				return cell{Text: v.text("marks." + name), Plain: name, Address: v.here("mark", name, "before", "")}.barBelow(c.Clicks * 1000 / max(1, c.All))
			}},
			{Name: "clicks", Head: "metrics.clicks", Number: true, Cell: func(v *visit, c markCount) cell { return v.numberCell(c.Clicks) },
				Sum: sumOf(func(c markCount) int64 { return c.Clicks })},
			{Name: "share", Head: "traffic.share", Number: true, Cell: func(v *visit, c markCount) cell {
				return textCell(v.lang.Percent((c.Clicks*1000+c.All/2)/max(1, c.All)), "")
			}},
		}}
}

func (v *visit) markChips(counts map[touch.Mark]int64, asked string) []chip {
	list := []chip{{Label: v.text("traffic.none_count"), Address: v.here("mark", "", "before", ""), Here: asked == ""}}
	for _, mark := range append([]touch.Mark{touch.Counts}, touch.Marks...) {
		if name := markName(mark); counts[mark] > 0 || name == asked {
			list = append(list, chip{Label: v.text("marks." + name), Address: v.here("mark", name, "before", ""), Here: name == asked})
		}
	}
	return list
}

// linkNamed is the id of the program's link that is asked for by id, or by its code; something that no link has when there
// is none.
func (v *visit) linkNamed(asked string) (string, error) {
	if asked == "" || strings.HasPrefix(asked, "lnk_") {
		return asked, nil
	}
	code := asked[strings.LastIndex(asked, "/")+1:]
	list, err := creative.Search(v.Context(), v.read(), creative.LinkFilter{Program: v.program.ID, Words: code, Limit: 20})
	for _, l := range list {
		if l.Code == code {
			return l.ID, err
		}
	}
	return asked, err
}

// touchRows adds to touches whose they are, by which link, and what was judged.
func (v *visit) touchRows(list []touch.Touch) ([]touchRow, error) {
	var whose, links, ids []string
	for _, t := range list {
		whose, links, ids = append(whose, t.Partnership), append(links, t.Link), append(ids, t.ID)
	}
	names, err := v.names(whose)
	if err != nil {
		return nil, err
	}
	known, err := creative.LinksNamed(v.Context(), v.read(), links)
	if err != nil {
		return nil, err
	}
	judged, err := touch.Judgements(v.Context(), v.read(), ids)
	rows := make([]touchRow, len(list))
	for i, t := range list {
		rows[i] = touchRow{t, names[t.Partnership], known[t.Link], judged[t.ID]}
	}
	return rows, err
}

// touchTable lists touches with why they do not count.
func (v *visit) touchTable(narrowed string) table[touchRow] {
	base := consoleBase(v.program)
	t := table[touchRow]{File: "traffic", Empty: emptiness{Icon: "traffic", Title: v.text("traffic.empty"), Text: v.text("traffic.empty_text")}}
	if narrowed != "" {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("traffic.nothing_text")}
	}
	if v.actor.May(auth.WriteCommissions) == nil {
		t.Key, t.Deeds = touchRow.key, v.judgements()
		t.DoneAt = base + "/traffic/judge?back=" + url.QueryEscape(v.URL.RequestURI())
	}
	t.Columns = []column[touchRow]{
		{Name: "why", Head: "traffic.why", Cell: func(v *visit, r touchRow) cell {
			c := cell{Text: v.text("marks." + markName(r.Mark)), Plain: markName(r.Mark)}
			if n := len(r.Judged); n > 0 {
				c.Note = v.text("traffic.judged", "mark", v.text("marks."+markName(r.Judged[0].Was)))
				if reason := r.Judged[n-1].Reason; reason != "" {
					c.Note += " · " + reason
				}
			}
			return c
		}},
		{Name: "when", Head: "list.when", Cell: func(v *visit, r touchRow) cell { return v.momentCell(r.At) }},
		{Name: "partner", Head: "list.partner", Cell: func(_ *visit, r touchRow) cell {
			if r.Partnership == "" {
				return none
			}
			return textCell(r.Partner.Partner.Name, base+"/partners/"+r.Partnership)
		}},
		{Name: "link", Head: "links.link", Aside: true, Cell: func(_ *visit, r touchRow) cell {
			if r.Link.ID == "" {
				return none
			}
			return cell{Text: "/c/" + r.Link.Code, Address: base + "/links/" + r.Link.ID, Note: r.Link.Label}
		}},
		{Name: "network", Head: "traffic.network", Cell: func(v *visit, r touchRow) cell {
			if r.Address == "" {
				return none
			}
			return textCell(r.Address, v.here("network", r.Address, "before", ""))
		}},
		{Name: "country", Head: "steer.country", Aside: true, Cell: func(v *visit, r touchRow) cell {
			if r.Country == "" {
				return none
			}
			return cell{Text: v.country(r.Country), Plain: r.Country, Note: strings.TrimSpace(r.Region + " " + r.ASN)}
		}},
		{Name: "sent", Head: "steer.sent", Spare: true, Cell: func(v *visit, r touchRow) cell {
			if r.Sent == "" {
				return none
			}
			return v.sentCell(r.Sent, r.Variant)
		}},
		{Name: "agent", Head: "traffic.agent", Aside: true, Cell: func(_ *visit, r touchRow) cell {
			return cell{Text: cmp.Or(clip(r.Agent, 56), none.Text), Plain: r.Agent, Note: hostOf(r.Referrer)}
		}},
		{Name: "referrer", Filed: true, Cell: func(_ *visit, r touchRow) cell { return textCell(r.Referrer, "") }},
		{Name: "id", Filed: true, Cell: func(_ *visit, r touchRow) cell { return textCell(r.ID, "") }},
	}
	return t
}

// hostOf is the host of an address, or nothing.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// clip is the beginning of a text that is too long.
func clip(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
