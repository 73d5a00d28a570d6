package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

type partnersPage struct {
	consolePage
	Tabs    []chip
	Chips   []chip
	Periods []chip
	Days    int
	Search  string
	Filters form     // the selections beside the search
	Keep    []choice // what the form of the filters sends along
	Clear   string   // the address without filters; empty when there are none
	Table   listing
	Result  treatment
	Fault   string
	Shares  stack // empty ID: the list is narrowed, and they are not shown
}

// partnerRow is a partnership in the list, with what it brought in the days that the address asks for.
type partnerRow struct {
	partner.Listed
	standing
	Group   partner.Group // without an id when it is in none
	Manager string        // by name
	Tags    []string
}

// statuses are the filters of the list, in order; the first is all.
var statuses = []partner.Status{"", partner.Applied, partner.Approved, partner.Paused, partner.Declined, partner.Ended}

// partnerFilters are the parameters that narrow the list, besides the status.
var partnerFilters = []string{"q", "group", "tag", "kind", "country", "manager"}

// partners is the list of a program's partnerships.
func (s *site) partners(v *visit) (answer, error) {
	data, file, err := v.partners()
	if err != nil || file != nil {
		return file, err
	}
	return s.page("console/partners/list", v.text("nav.partners"), data), nil
}

// treatPartners does something to the partners that were selected, and says what became of it above the same list.
func (s *site) treatPartners(v *visit) (answer, error) {
	result, err := s.treat(v)
	p, refused := problem.As(err)
	if err != nil && !refused {
		return nil, err
	}
	data, _, err := v.partners()
	if data.Result = result; refused {
		data.Fault = detail(v.lang, p.Fields[0].Code, p.Fields[0].Detail)
		return s.again("console/partners/list", v.text("nav.partners"), data), err
	}
	return s.page("console/partners/list", v.text("nav.partners"), data), err
}

func (v *visit) partners() (data partnersPage, file answer, err error) {
	span := v.span()
	data = partnersPage{consolePage: v.console(), Search: v.query("q"), Days: span.Days, Periods: v.spanChips(span)}
	counts, err := v.statuses()
	if err != nil {
		return data, nil, err
	}
	data.Chips = v.statusChips(counts)
	known, err := v.partnerChoices()
	if err != nil {
		return data, nil, err
	}
	rows, err := v.partnerRows(span, known)
	if err != nil {
		return data, nil, err
	}
	var narrowed []string
	for _, name := range partnerFilters {
		if v.query(name) != "" {
			narrowed = append(narrowed, name, "")
		}
	}
	if len(narrowed) > 0 {
		data.Clear = v.here(narrowed...)
	}
	data.Filters = known.form(v)
	data.Keep = kept(v.URL.Query(), append([]string{"start", "file"}, partnerFilters...)...)
	t := v.partnerTable(known, len(narrowed) > 0 || v.query("status") != "")
	if t.isFile(v) {
		file, err = t.fileAll(v, rows)
		return data, file, err
	}
	data.Table = t.all(v, rows)
	if len(narrowed) == 0 && v.query("status") == "" && v.query("start") == "" {
		if data.Shares, err = v.earnedByPartner(span, bestFirst(rows)); err != nil {
			return data, nil, err
		}
	}
	data.Tabs, err = v.partnersTabs("partners")
	return data, nil, err
}

// bestFirst are what the partners brought, those first who earned most.
func bestFirst(rows []partnerRow) []standing {
	list := make([]standing, len(rows))
	for i, row := range rows {
		list[i] = row.standing
		list[i].Partnership, list[i].Name = row.ID, row.Partner.Name
	}
	slices.SortStableFunc(list, func(a, b standing) int { return cmp.Compare(b.Earned, a.Earned) })
	return list
}

// statuses counts the program's partners by their state.
func (v *visit) statuses() (map[partner.Status]int64, error) {
	return partner.ByStatus(v.Context(), v.read(), v.program.ID)
}

func (v *visit) statusChips(counts map[partner.Status]int64) []chip {
	var list []chip
	var total int64
	for _, n := range counts {
		total += n
	}
	for _, status := range statuses {
		n, label := total, v.text("partners.all")
		if status != "" {
			n, label = counts[status], v.text("states.partnership."+string(status))
		}
		list = append(list, chip{label, v.lang.Number(n), v.here("status", string(status), "start", ""), v.query("status") == string(status)})
	}
	return list
}

// partnerRows are the partnerships that the address asks for, with their numbers.
func (v *visit) partnerRows(span span, known partnerChoices) ([]partnerRow, error) {
	ctx, r := v.Context(), v.read()
	list, err := partner.Search(ctx, r, partner.Filter{Program: v.program.ID, Status: partner.Status(v.query("status")), Words: v.query("q"),
		Group: v.query("group"), Tag: v.query("tag"), Kind: v.query("kind"), Country: v.query("country"), Manager: v.query("manager")})
	if err != nil {
		return nil, err
	}
	numbers, err := v.standings(span)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]standing, len(numbers))
	for _, n := range numbers {
		byID[n.Partnership] = n
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	cares, err := partner.Cares(ctx, r, ids)
	rows := make([]partnerRow, len(list))
	for i, p := range list {
		rows[i] = partnerRow{p, byID[p.ID], known.group(p.Group), known.manager(p.Manager), cares[p.ID].Tags}
	}
	return rows, err
}

// partnerTable lists partnerships; narrowed tells that less than all is asked for.
func (v *visit) partnerTable(known partnerChoices, narrowed bool) table[partnerRow] {
	base := consoleBase(v.program) + "/partners/"
	byWords := func(of func(r partnerRow) string) func(a, b partnerRow) int {
		return func(a, b partnerRow) int {
			return cmp.Or(strings.Compare(strings.ToLower(of(a)), strings.ToLower(of(b))), strings.Compare(a.ID, b.ID))
		}
	}
	byNumber := func(of func(r partnerRow) int64) func(a, b partnerRow) int {
		return func(a, b partnerRow) int { return cmp.Compare(of(a), of(b)) }
	}
	words := func(of func(r partnerRow) string) func(v *visit, r partnerRow) cell {
		return func(_ *visit, r partnerRow) cell {
			if of(r) == "" {
				return none
			}
			return textCell(of(r), "")
		}
	}
	name := func(r partnerRow) string { return r.Partner.Name }
	kind := func(r partnerRow) string { return v.text("kinds." + r.Partner.Kind) }
	group := func(r partnerRow) string { return r.Group.Name }
	manager := func(r partnerRow) string { return r.Manager }
	country := func(r partnerRow) string { return r.Partner.Country }
	tags := func(r partnerRow) string { return strings.Join(r.Tags, ", ") }
	clicks := func(r partnerRow) int64 { return r.Clicks }
	sales := func(r partnerRow) int64 { return r.Sales }
	earned := func(r partnerRow) int64 { return r.Earned }
	t := table[partnerRow]{File: "partners", Sorted: "-commissions", Key: func(r partnerRow) string { return r.ID }, DoneAt: v.here(),
		Sums:  "list.total",
		Empty: emptiness{Icon: "partners", Title: v.text("partners.empty"), Text: v.text("partners.empty_text"), Step: v.text("invite.open"), Address: base + "invite"}}
	if narrowed {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("list.nothing_text")}
	}
	if v.actor.May(auth.WritePartners) == nil {
		t.Deeds = v.partnerDeeds(known)
	}
	filed := func(name string, of func(r partnerRow) string) column[partnerRow] {
		return column[partnerRow]{Name: name, Filed: true, Cell: func(_ *visit, r partnerRow) cell { return textCell(of(r), "") }}
	}
	t.Columns = []column[partnerRow]{
		filed("partnership", func(r partnerRow) string { return r.ID }),
		{Name: "partner", Head: "list.partner", Order: byWords(name), Cell: func(_ *visit, r partnerRow) cell {
			return nameCell(name(r), kind(r), base+r.ID)
		}},
		filed("email", func(r partnerRow) string { return r.Partner.Email }),
		filed("website", func(r partnerRow) string { return r.Partner.Website }),
		filed("kind", func(r partnerRow) string { return r.Partner.Kind }),
		{Name: "state", Head: "list.state", Order: byWords(func(r partnerRow) string { return string(r.Status) }), Cell: func(v *visit, r partnerRow) cell {
			return v.stateCell("partnership", string(r.Status))
		}},
		{Name: "group", Head: "partners.group", Order: byWords(group), Cell: func(v *visit, r partnerRow) cell {
			if r.Group.ID == "" {
				return none
			}
			return cell{Badge: badge{Word: r.Group.Name, Icon: "dot", Tone: "tint-" + r.Group.Colour}, Plain: r.Group.Name}
		}},
		{Name: "tags", Head: "partners.tags", Aside: true, Cell: words(tags)},
		{Name: "manager", Head: "partners.manager", Order: byWords(manager), Cell: words(manager), Spare: true},
		{Name: "country", Head: "partners.country", Order: byWords(country), Cell: words(country), Spare: true},
		{Name: "clicks", Head: "metrics.clicks", Number: true, Order: byNumber(clicks), Sum: sumOf(clicks),
			Cell: func(v *visit, r partnerRow) cell { return v.numberCell(r.Clicks) }},
		{Name: "conversions", Head: "metrics.conversions", Number: true, Order: byNumber(sales), Sum: sumOf(sales),
			Cell: func(v *visit, r partnerRow) cell { return v.numberCell(r.Sales) }},
		{Name: "commissions", Head: "metrics.commissions", Number: true, Order: byNumber(earned), Sum: sumIn(earned),
			Cell: func(v *visit, r partnerRow) cell { return v.moneyCell(money.Of(r.Earned, v.program.Currency)) }},
		filed("currency", func(partnerRow) string { return string(v.program.Currency) }),
		{Name: "since", Head: "list.since", Number: true, Aside: true, Order: byNumber(func(r partnerRow) int64 { return r.Created.UnixMilli() }),
			Cell: func(v *visit, r partnerRow) cell { return v.dateCell(r.Created) }},
	}
	return t
}
