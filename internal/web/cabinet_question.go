package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/touch"
)

// groupings are what the statistics can be divided by.
var groupings = []string{"day", "link", "page", "sub1", "sub2", "sub3", "sub4", "sub5"}

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
	q.cut = touch.Cut{Program: v.program.ID, Partnership: v.partnership.ID, From: q.stretch.From, To: q.stretch.To, Link: v.query("link"), Page: v.query("page")}
	for i := range q.cut.Sub {
		q.cut.Sub[i] = v.query("sub" + strconv.Itoa(i+1))
	}
	return q
}

// filtered tells whether less than all of a partnership is asked for.
func (q question) filtered() bool {
	return q.cut.Link != "" || q.cut.Page != "" || q.cut.Sub != [5]string{}
}

// needsTouches tells whether the touches themselves must be read, for a share knows only its link.
func (q question) needsTouches() bool {
	return q.cut.Page != "" || q.cut.Sub != [5]string{} || q.by != "day" && q.by != "link"
}

// figuring is what the statistics have found: the numbers by day, and by what they are divided by.
type figuring struct {
	days   []statRow
	groups map[string]*measures
}

// figure answers a question. By day and without a filter the database counts; otherwise every commission's shares are
// looked at.
func (v *visit) figure(q question) (figuring, error) {
	ctx, r := v.Context(), v.read()
	f := figuring{groups: map[string]*measures{}}
	clicks, err := touch.DailyIn(ctx, r, q.cut, v.zone)
	if err != nil {
		return f, err
	}
	for _, day := range clicks {
		f.days = append(f.days, statRow{Date: day.Date, measures: measures{Clicks: day.Clicks}})
	}
	if q.by != "day" {
		groups, err := touch.Grouped(ctx, r, q.cut, q.by)
		if err != nil {
			return f, err
		}
		for name, n := range groups {
			f.group(name).Clicks += n
		}
	}
	if q.by == "day" && !q.filtered() {
		outcomes, err := commission.Outcomes(ctx, r, v.partnership.ID, q.cut.From, q.cut.To, v.zone)
		for i, o := range outcomes {
			f.days[i].add(measures{Sales: o.Sales, Leads: o.Leads, Rejected: o.Rejected, Earned: o.Earned})
		}
		return f, err
	}
	return f, v.figureShares(q, &f)
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

func (v *visit) figureShares(q question, f *figuring) error {
	ctx, r := v.Context(), v.read()
	shares, err := commission.Shares(ctx, r, commission.Filter{Partnership: v.partnership.ID, From: q.cut.From, To: q.cut.To})
	if err != nil {
		return err
	}
	var known map[string]touch.Touch
	if q.needsTouches() {
		ids := make([]string, len(shares))
		for i, s := range shares {
			ids[i] = s.Step.Touch
		}
		if known, err = touch.Named(ctx, r, ids); err != nil {
			return err
		}
	}
	for _, s := range shares {
		t := known[s.Step.Touch] // nothing of a click that is known only by its id
		t.Link = s.Step.Link
		if !q.cut.Has(t) {
			continue
		}
		m := measuresOf(s)
		i, _ := slices.BinarySearchFunc(f.days, s.Commission.At, func(day statRow, at time.Time) int { return day.Date.Compare(at) })
		if i == len(f.days) || f.days[i].Date.After(s.Commission.At) {
			i--
		}
		f.days[i].add(m)
		if q.by != "day" {
			f.group(groupOf(q.by, s, t)).add(m)
		}
	}
	return nil
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
	case name == "" && by == "page":
		return v.text("statistics.no_page")
	case name == "":
		return v.text("statistics.no_sub")
	case by == "page":
		return strings.TrimPrefix(strings.TrimPrefix(name, "https://"), "http://")
	}
	return name
}
