package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// groupings are what the statistics can be divided by.
var groupings = []string{"day", "link", "page", "country", "sub1", "sub2", "sub3", "sub4", "sub5"}

// question is what a partner asks of the statistics.
type question struct {
	stretch stretch
	by      string
	cut     touch.Cut
}

func (v *visit) question() question {
	q := question{stretch: v.stretch("thirty"), by: v.query("by")}
	if !slices.Contains(groupings, q.by) {
		q.by = "day"
	}
	q.cut = touch.Cut{Program: v.program.ID, Partnership: v.partnership.ID, From: q.stretch.From, To: q.stretch.To, Link: v.query("link"), Page: v.query("page"), Country: v.query("country")}
	for i := range q.cut.Sub {
		q.cut.Sub[i] = v.query("sub" + strconv.Itoa(i+1))
	}
	return q
}

// filtered tells whether less than all of a partnership is asked for.
func (q question) filtered() bool {
	return q.cut.Link != "" || q.cut.Page != "" || q.cut.Country != "" || q.cut.Sub != [5]string{}
}

// needsTouches tells whether the touches themselves must be read, for a share knows only its link.
func (q question) needsTouches() bool {
	return q.cut.Page != "" || q.cut.Country != "" || q.cut.Sub != [5]string{} || q.by != "day" && q.by != "link"
}

// figuring is what the statistics have found: the numbers by day, and by what they are divided by.
type figuring struct {
	days   []statRow
	groups map[string]*measures
}

// figure answers a question. By day and without a filter the database counts; otherwise every commission's shares are
// looked at.
func (v *visit) figure(q question) (figuring, error) {
	f := figuring{groups: map[string]*measures{}}
	days := report.Calendar(q.cut.From, q.cut.To, v.zone)
	clicks, err := v.clicks(q, days)
	if err != nil {
		return f, err
	}
	came, err := v.came(q, days)
	if err != nil {
		return f, err
	}
	for n := range clicks {
		row := statRow{Date: days[n]}
		for name, count := range clicks[n] {
			row.Clicks += count
			f.group(name).Clicks += count
		}
		for name, m := range came[n] {
			row.add(m)
			f.group(name).add(m)
		}
		f.days = append(f.days, row)
	}
	return f, nil
}

// clicks are each day's, by what the question is divided by.
func (v *visit) clicks(q question, days report.Days) ([]map[string]int64, error) {
	switch {
	case q.by != "day":
		return v.book.Grouped(v.Context(), v.read(), q.cut, q.by, days)
	case q.filtered():
		return v.book.Grouped(v.Context(), v.read(), q.cut, "link", days)
	}
	all, err := v.book.Clicks(v.Context(), v.read(), v.program.ID, days)
	mine := make([]map[string]int64, len(all))
	for n, day := range all {
		mine[n] = map[string]int64{"": day[v.partnership.ID]}
	}
	return mine, err
}

// came is what came of each day's conversions, by what the question is divided by.
func (v *visit) came(q question, days report.Days) ([]map[string]measures, error) {
	if q.by != "day" || q.filtered() {
		return v.shares(q, days)
	}
	outcomes, err := v.book.Outcomes(v.Context(), v.read(), v.program.ID, v.partnership.ID, days)
	list := make([]map[string]measures, len(outcomes))
	for n, o := range outcomes {
		list[n] = map[string]measures{"": {Sales: o.Sales, Leads: o.Leads, Rejected: o.Rejected, Earned: o.Earned}}
	}
	return list, err
}

// figureBefore answers the same question for as many days before, by day.
func (v *visit) figureBefore(q question) (figuring, error) {
	days := 0
	for day := q.cut.From; day.Before(q.cut.To); day = day.AddDate(0, 0, 1) {
		days++
	}
	q.by, q.cut.From, q.cut.To = "day", q.cut.From.AddDate(0, 0, -days), q.cut.From
	return v.figure(q)
}

func (f *figuring) group(name string) *measures {
	if f.groups[name] == nil {
		f.groups[name] = &measures{}
	}
	return f.groups[name]
}

// shares are each day's shares of commissions within the question's cut, by what it is divided by. A touch that becomes known,
// or known better, derives its conversions again, so the marks of the orders are those of the shares too.
func (v *visit) shares(q question, days report.Days) ([]map[string]measures, error) {
	figure := fmt.Sprintf("shares of %s by %s: %q %q %q %q", v.partnership.ID, q.by, q.cut.Link, q.cut.Page, q.cut.Country, q.cut.Sub)
	return report.Recall(v.Context(), v.book, v.read(), report.Ask{Program: v.program.ID, Figure: figure, Of: program.Orders}, days,
		func(m map[string]measures) int { return 5 * len(m) },
		func(missing report.Days) ([]map[string]measures, error) { return v.readShares(q, missing) })
}

func (v *visit) readShares(q question, days report.Days) ([]map[string]measures, error) {
	ctx, r := v.Context(), v.read()
	shares, err := commission.Shares(ctx, r, commission.Filter{Partnership: v.partnership.ID, From: days[0], To: days[len(days)-1]})
	if err != nil {
		return nil, err
	}
	var known map[string]touch.Touch
	if q.needsTouches() {
		ids := make([]string, len(shares))
		for i, s := range shares {
			ids[i] = s.Step.Touch
		}
		if known, err = touch.Named(ctx, r, ids); err != nil {
			return nil, err
		}
	}
	list := make([]map[string]measures, len(days)-1)
	for n := range list {
		list[n] = map[string]measures{}
	}
	for _, s := range shares {
		t := known[s.Step.Touch] // nothing of a click that is known only by its id
		t.Link = s.Step.Link
		if !q.cut.Has(t) {
			continue
		}
		day, exact := slices.BinarySearchFunc(days, s.Commission.At, time.Time.Compare)
		if !exact {
			day--
		}
		name := ""
		if q.by != "day" {
			name = groupOf(q.by, s, t)
		}
		m := list[day][name]
		m.add(measuresOf(s))
		list[day][name] = m
	}
	return list, nil
}

func measuresOf(s commission.Share) measures {
	m := measures{Earned: s.Amount}
	switch {
	case !s.Counts:
	case s.Commission.State == commission.Reversed:
		m.Rejected = 1
	case s.Event == "sale":
		m.Sales = 1
	default:
		m.Leads = 1
	}
	return m
}

// byCode begins the name of what came by a promo code, which is no link's.
const byCode = "code:"

func groupOf(by string, s commission.Share, t touch.Touch) string {
	switch {
	case by == "link" && s.Step.Kind == touch.Code:
		return byCode + s.Step.Code
	case by == "link":
		return s.Step.Link
	case by == "page":
		return touch.PageOf(t.URL)
	case by == "country":
		return t.Country
	}
	return t.Sub[by[len(by)-1]-'1']
}

// rows are the table of the statistics.
func (v *visit) rows(q question, f figuring) ([]statRow, error) {
	if q.by == "day" {
		rows := slices.Clone(f.days)
		for i := range rows {
			rows[i].Name = rows[i].Date.Format("2006-01-02")
			rows[i].Label = v.lang.Date(rows[i].Date)
		}
		return rows, nil
	}
	var ids []string
	for name := range f.groups {
		ids = append(ids, name)
	}
	links := map[string]creative.Link{}
	if q.by == "link" {
		var err error
		if links, err = creative.LinksNamed(v.Context(), v.read(), ids); err != nil {
			return nil, err
		}
	}
	var rows []statRow
	for name, m := range f.groups {
		row := statRow{measures: *m, Name: name, Label: v.labelOf(q.by, name, links)}
		if name != "" && !strings.HasPrefix(name, byCode) {
			row.Inner = v.here(q.by, name, "by", "day", "sort", "")
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, byName)
	return rows, nil
}

// labelOf is what a row is called.
func (v *visit) labelOf(by, name string, links map[string]creative.Link) string {
	code, isCode := strings.CutPrefix(name, byCode)
	switch {
	case by == "link" && isCode:
		return v.text("statistics.by_code", "code", code)
	case by == "link" && links[name].Label != "":
		return links[name].Label
	case by == "link" && links[name].ID != "":
		return "/c/" + links[name].Code
	case by == "country":
		return v.countryName(name)
	case name == "" && by == "page":
		return v.text("statistics.no_page")
	case name == "":
		return v.text("statistics.no_sub")
	case by == "page":
		return strings.TrimPrefix(strings.TrimPrefix(name, "https://"), "http://")
	}
	return name
}
