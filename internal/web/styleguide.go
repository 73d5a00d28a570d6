package web

import (
	"regexp"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// stylePage shows every component with made-up data. Its components are the parts and the style sheets of the product: it
// has none of its own, so what looks wrong here is wrong everywhere.
type stylePage struct {
	Sections []string // messages below "guide.sections", and the ids of the page's sections
	Colours  []string // custom properties
	Spaces   []int
	Icons    []string
	Badges   []badgeRow
	Cards    []card
	Chips    []chip
	Periods  []chip
	List     listing
	Nothing  listing
	Form     form
	Failed   form
	Receipt  receipt
	Balances balances
	Terms    contract.Terms
	Day      time.Time
	Done     int64 // of the work under way
	All      int64

	Trend, Blank trend
	Stack        stack
	Funnel       funnel
	Cohort       cohort
	Flow         flow
}

// badgeRow are the states of one kind of thing.
type badgeRow struct {
	Kind   string
	Badges []badge
}

var styleSections = []string{"tokens", "buttons", "badges", "cards", "filters", "tables", "forms", "messages", "empty", "progress", "facts",
	"receipt", "charts"}

// styleguide is the page of all components, where the data is made up anyway.
func (s *site) styleguide(v *visit) (answer, error) {
	if !s.demo {
		return nil, errNotFound
	}
	v.program = program.Program{Currency: styleCurrency} // of the amounts below
	day := v.today()
	data := stylePage{Sections: styleSections, Colours: tokenColours, Spaces: []int{4, 8, 12, 16, 24, 32, 64}, Icons: iconNames,
		Badges: v.allBadges(), Balances: balances{styleCurrency, 48_250, 126_400, 31_000, 904_815}, Terms: contract.Sensible(styleCurrency), Day: day, Done: 612, All: 1000}
	data.Cards, data.Trend = v.figures(sampleSeries(day))
	data.Blank = series{Name: "leads", Days: sampleDays(day), Values: make([]int64, sampleSpan)}.trend(v)
	data.Chips = []chip{{v.text("partners.all"), "16", v.here("status", ""), v.query("status") == ""}}
	for _, status := range statuses[1:4] {
		name := string(status)
		data.Chips = append(data.Chips, chip{v.text("states.partnership." + name), "4", v.here("status", name), v.query("status") == name})
	}
	data.Periods = v.spanChips(v.span())
	table := sampleTable(v)
	data.List, data.Nothing = table.all(v, sampleRows(day)), table.all(v, nil)
	data.Form, data.Failed = sampleForm(day), sampleForm(day)
	data.Failed.Faults = []string{v.text("problems.program_closed")}
	data.Failed.Fields = data.Failed.Fields[:3]
	data.Failed.Fields[1].Value, data.Failed.Fields[1].Fault = "lena.huettenzauber.example", v.text("problems.email_invalid")
	data.Failed.Fields[2].Value, data.Failed.Fields[2].Fault = "huettenzauber", v.text("problems.website_invalid")
	data.Receipt = v.sampleReceipt(day)
	data.Stack = v.stack("stack", v.text("standings.by_partner"), styleCurrency, sampleDays(day), sampleParts())
	data.Funnel = v.funnel("funnel", v.text("fate.title"), v.sampleStages())
	data.Cohort = v.sampleCohort(day)
	data.Flow = v.flow("flow", v.text("guide.flow"), sampleJourneys)
	return s.page("public/styleguide", v.text("guide.title"), data), nil
}

// styleguideSent answers the forms of the page, which decide nothing.
func (s *site) styleguideSent(v *visit) (answer, error) {
	if !s.demo {
		return nil, errNotFound
	}
	return s.to("/styleguide"), nil
}

var (
	colourToken = regexp.MustCompile(`--([a-z0-9-]+): (?:light-dark\()?oklch`)
	iconName    = regexp.MustCompile(`<symbol[^>]* id="([a-z-]+)"|id="([a-z-]+)"`)

	// What the style sheet and the icons have is read from them, so that nothing is left out here.
	tokenColours = namesIn("static/css/tokens.css", colourToken)
	iconNames    = namesIn("static/icons.svg", iconName)
)

func namesIn(file string, pattern *regexp.Regexp) (list []string) {
	for _, m := range pattern.FindAllStringSubmatch(string(must(staticFiles.ReadFile(file))), -1) {
		list = append(list, strings.Join(m[1:], ""))
	}
	return list
}

// allBadges are all states that the catalogue has a word for.
func (v *visit) allBadges() (rows []badgeRow) {
	for _, key := range v.lang.Keys() {
		of, isState := strings.CutPrefix(key, "states.")
		kind, name, _ := strings.Cut(of, ".")
		if !isState || name == "" {
			continue
		}
		if len(rows) == 0 || rows[len(rows)-1].Kind != kind {
			rows = append(rows, badgeRow{Kind: kind})
		}
		last := &rows[len(rows)-1]
		last.Badges = append(last.Badges, newBadge(v.lang, kind, name))
	}
	return rows
}

// sampleReceipt is a sale that two of three partners earned.
func (v *visit) sampleReceipt(day time.Time) receipt {
	at := day.Add(14*time.Hour + 5*time.Minute)
	euros := func(minor int64) string { return v.lang.Money(money.Of(minor, styleCurrency)) }
	half := v.lang.Percent(500)
	step := func(kind touch.Kind, who string, n int, unit time.Duration, before string, verdict commission.Verdict) receiptStep {
		s := receiptStep{Step: commission.Step{Kind: kind, At: at.Add(-time.Duration(n) * unit), Verdict: verdict}, Who: who}
		s.Before = v.text(before, "n", n)
		if verdict == commission.Counted {
			s.Weight, s.Share = 1, half
		}
		return s
	}
	r := receipt{Sale: conversion.Conversion{Event: "sale", Order: "B-20431", At: at}, Currency: styleCurrency, Gross: 18_900, Net: 18_900,
		Model: v.text("models.position"), ModelHow: v.text("models_how.position", "first", 400_000*money.Rate(1), "last", 400_000*money.Rate(1))}
	r.Steps = []receiptStep{
		step("click", "Alpenglow Journal", 41, 24*time.Hour, "receipt.days_before", commission.OutsideWindow),
		step("click", "Nordic Nomads", 12, 24*time.Hour, "receipt.days_before", commission.Counted),
		step("direct", v.text("receipt.direct"), 26, time.Hour, "receipt.hours_before", commission.Direct),
		step("code", "Hüttenzauber", 5, time.Minute, "receipt.minutes_before", commission.Counted),
	}
	r.Parts = []receiptPart{{Who: "Nordic Nomads", Part: commission.Part{Version: 2},
		Terms:      contract.Version{Since: day.AddDate(0, -4, 0), Terms: contract.Sensible(styleCurrency)},
		Commission: commission.Commission{State: "pending"}, Lines: []receiptLine{
			{Text: v.text("receipt.gross"), Value: euros(18_900)},
			{Text: v.text("receipt.rate_of", "rate", v.lang.Percent(100), "amount", euros(18_900)), Value: euros(1_890)},
			{Text: v.text("receipt.share", "share", half), Value: euros(945)},
			{Text: v.text("receipt.commission"), Value: euros(945), Total: true}}}}
	return r
}
