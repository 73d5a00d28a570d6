package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/creative"
)

type myStatisticsPage struct {
	cabinetPage
	Stretch stretch
	By      string
	Groups  []chip
	Filters []chip // each leads to the page without it
	Cards   []card
	Trend   trend
	Table   listing
	Bars    string // what the rows' bars compare
}

// myStatistics are a partner's numbers by day, link, landing page or sub-id.
func (s *site) myStatistics(v *visit) (answer, error) {
	q := v.question()
	data := myStatisticsPage{cabinetPage: v.cabinet(), Stretch: q.stretch, By: q.by}
	var err error
	if data.Filters, err = v.filters(q); err != nil {
		return nil, err
	}
	found, err := v.figure(q)
	if err != nil {
		return nil, err
	}
	rows, err := v.rows(q, found)
	if err != nil {
		return nil, err
	}
	table := v.statTable(q, found.days)
	if table.isFile(v) {
		return table.fileAll(v, rows)
	}
	before, err := v.figureBefore(q)
	if err != nil {
		return nil, err
	}
	compared := measuredAs(v.query("show"))
	shareRows(rows, compared)
	data.Bars = v.text("statistics.bars", "what", v.text("columns."+compared.Name))
	data.Table = table.all(v, rows)
	for _, by := range groupings {
		data.Groups = append(data.Groups, chip{Label: v.groupingName(by), Address: v.here("by", by, "sort", ""), Here: by == q.by})
	}
	data.Cards, data.Trend = v.figures(v.statSeries(found.days, before.days))
	return s.page("cabinet/statistics", v.text("nav.statistics"), data), nil
}

// groupingName is what the rows are.
func (v *visit) groupingName(by string) string {
	if n, ok := strings.CutPrefix(by, "sub"); ok {
		return v.text("statistics.sub", "which", n)
	}
	return v.text("groupings." + by)
}

// filters are what the numbers are narrowed to.
func (v *visit) filters(q question) ([]chip, error) {
	var list []chip
	add := func(name, value string) {
		list = append(list, chip{Label: v.text("statistics.only", "what", v.groupingName(name), "value", value), Address: v.here(name, ""), Here: true})
	}
	if q.cut.Link != "" {
		links, err := creative.LinksNamed(v.Context(), v.read(), []string{q.cut.Link})
		if err != nil {
			return nil, err
		}
		if links[q.cut.Link].Partnership != v.partnership.ID {
			return nil, errNotFound
		}
		add("link", v.labelOf("link", q.cut.Link, links))
	}
	if q.cut.Page != "" {
		add("page", v.labelOf("page", q.cut.Page, nil))
	}
	if q.cut.Country != "" {
		add("country", v.country(q.cut.Country))
	}
	for i, sub := range q.cut.Sub {
		if sub != "" {
			add("sub"+strconv.Itoa(i+1), sub)
		}
	}
	return list, nil
}

// statSeries are the measures by day.
func (v *visit) statSeries(days, before []statRow) []series {
	var all []series
	for _, m := range charted() {
		one := series{Name: m.Name}
		if m.Name == "earnings" {
			one.Money = v.program.Currency
		}
		for _, day := range days {
			one.Days, one.Values = append(one.Days, day.Date), append(one.Values, m.of(day.measures))
		}
		for _, day := range before {
			one.Before = append(one.Before, m.of(day.measures))
		}
		all = append(all, one)
	}
	return all
}

// charted are the measures that a chart can show.
func charted() []measure { return measured[:5] }

// measuredAs is the measure that a chart shows by the name, or the first.
func measuredAs(name string) measure {
	return charted()[max(0, slices.IndexFunc(charted(), func(m measure) bool { return m.Name == name }))]
}

// shareRows says how long each row's bar is, by one measure.
func shareRows(rows []statRow, by measure) {
	var most int64 = 1
	for _, row := range rows {
		most = max(most, by.of(row.measures))
	}
	for i := range rows {
		rows[i].Share = max(0, by.of(rows[i].measures)*1000/most)
	}
}
