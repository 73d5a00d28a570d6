// Package steer decides where a visitor who follows a link is sent: by ranked rules, by caps that may have been reached, by
// split tests. The deciding is arithmetic on what was asked and on what was compiled; it waits for nothing, and where a
// program has no rules it costs nothing. What it decides about a visitor says nothing about who earned what: a touch carries
// the mark, and package commission reads it.
package steer

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Action is what a rule does.
type Action string

// The actions.
const (
	ToPage     Action = "page"     // send to another page of the program
	ToFallback Action = "fallback" // send to where the link leads afterwards, or else to the landing page
	Block      Action = "block"    // say that the link is not for this visitor; the touch is kept and does not count
)

// Actions are all actions.
var Actions = []Action{ToPage, ToFallback, Block}

// Rule sends visitors of some kind elsewhere. Of all rules that fit a visitor, the first in their order holds.
type Rule struct {
	ID      string
	Program string
	Link    string // of this link alone; empty: of all
	Place   int64  // in the order
	When    Conditions
	Do      Action
	Target  string // the page, for ToPage
	Resting bool   // kept and not followed
	Removed bool   // followed no more, and kept for the touches that name it
	Author  string
	Created time.Time
}

// Conditions must all hold; those that are empty hold always. Of several words in one, any will do.
type Conditions struct {
	Countries []string       `json:"countries,omitempty"` // ISO 3166-1
	Abroad    bool           `json:"abroad,omitempty"`    // the countries are those in which the rule does not hold
	Regions   []string       `json:"regions,omitempty"`   // ISO 3166-2
	Devices   []string       `json:"devices,omitempty"`
	Systems   []string       `json:"systems,omitempty"`
	Languages []string       `json:"languages,omitempty"` // the browser's first, without its country
	From      int            `json:"from,omitempty"`      // the hour of the program's clock, included
	To        int            `json:"to,omitempty"`        // excluded; 0 with From 0: at any hour
	Weekdays  []time.Weekday `json:"weekdays,omitempty"`
	Referrers []string       `json:"referrers,omitempty"` // hosts, each with all below it
	Sub       int            `json:"sub,omitempty"`       // which sub-id, 1 to 5
	SubIDs    []string       `json:"sub_ids,omitempty"`
	Quality   string         `json:"quality,omitempty"`
	Visit     string         `json:"visit,omitempty"`
	Cap       string         `json:"cap,omitempty"` // that has been reached
}

// The words of conditions.
var (
	Devices   = []string{"phone", "tablet", "computer", "other"}
	Systems   = []string{"android", "ios", "windows", "macos", "linux", "chromeos", "other"}
	Qualities = []string{"people", "bots"} // clicks that count, and those that do not
	Visits    = []string{"new", "returning"}
)

// The bounds of what a program can have.
const (
	rulesMost  = 1000
	capsMost   = 200
	splitsMost = 50 // under way
	wordsMost  = 250
)

var (
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	regionForm   = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{1,3}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}$`)
	hostForm     = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*$`)
)

// faults gathers what is wrong with a form.
type faults []*problem.Problem

func (f *faults) unless(ok bool, field, format string, args ...any) {
	if !ok {
		*f = append(*f, problem.Invalid(field, format, args...))
	}
}

// page puts the address of a page into its kept form; only pages of the program are taken.
func (f *faults) page(prog *program.Program, address *string) {
	if *address = strings.TrimSpace(*address); *address == "" {
		return
	}
	u, err := creative.Page(prog, *address)
	if err != nil {
		p, _ := problem.As(err)
		*f = append(*f, p)
		return
	}
	*address = u.String()
}

// words puts words into their kept form, each once and in order, and says which is none.
func (f *faults) words(field string, list *[]string, put func(string) string, fits func(string) bool, what string) {
	var kept []string
	for _, word := range *list {
		word = put(strings.TrimSpace(word))
		if word == "" {
			continue
		}
		f.unless(fits(word), field, "%q is not %s", clip(word), what)
		kept = append(kept, word)
	}
	slices.Sort(kept)
	*list = slices.Compact(kept)
	f.unless(len(kept) <= wordsMost, field, "there are at most %d in one rule", wordsMost)
}

func among(list []string) func(string) bool {
	return func(word string) bool { return slices.Contains(list, word) }
}

func same(s string) string { return s }

func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), 60)], "") }

func (c *Conditions) check(f *faults) {
	f.words("countries", &c.Countries, strings.ToUpper, countryForm.MatchString, "a country such as FR")
	f.words("regions", &c.Regions, strings.ToUpper, regionForm.MatchString, "a region such as DE-BY")
	f.words("devices", &c.Devices, same, among(Devices), "a kind of device")
	f.words("systems", &c.Systems, same, among(Systems), "a system")
	f.words("languages", &c.Languages, strings.ToLower, languageForm.MatchString, "a language such as fr")
	f.words("referrers", &c.Referrers, strings.ToLower, hostForm.MatchString, "a host such as blog.example")
	f.words("sub_ids", &c.SubIDs, same, func(s string) bool { return len(s) <= 200 }, "a sub-id of at most 200 bytes")
	slices.Sort(c.Weekdays)
	c.Weekdays = slices.Compact(c.Weekdays)
	for _, day := range c.Weekdays {
		f.unless(day >= time.Sunday && day <= time.Saturday, "weekdays", "%d is not a weekday", day)
	}
	f.unless(c.From >= 0 && c.From < 24 && c.To >= 0 && c.To <= 24, "from", "hours go from 0 to 24")
	f.unless(c.From != c.To || c.From == 0, "to", "from an hour to the same hour is no time at all")
	f.unless(!c.Abroad || len(c.Countries) > 0, "countries", "name the countries in which the rule does not hold")
	if len(c.SubIDs) == 0 {
		c.Sub = 0
	}
	f.unless(len(c.SubIDs) == 0 || c.Sub >= 1 && c.Sub <= 5, "sub", "sub-ids are numbered from 1 to 5")
	f.unless(c.Quality == "" || among(Qualities)(c.Quality), "quality", "%q is neither people nor bots", clip(c.Quality))
	f.unless(c.Visit == "" || among(Visits)(c.Visit), "visit", "%q is neither new nor returning", clip(c.Visit))
}

func (r *Rule) check(prog *program.Program) error {
	var f faults
	r.When.check(&f)
	f.unless(slices.Contains(Actions, r.Do), "action", "%q is not an action: there are page, fallback and block", clip(string(r.Do)))
	if r.Do != ToPage {
		r.Target = ""
	} else if r.Target = strings.TrimSpace(r.Target); r.Target == "" {
		f.unless(false, "target", "say which page")
	}
	f.page(prog, &r.Target)
	return problem.Join(f...)
}

// Measure is what a cap counts.
type Measure string

// The measures. A conversion that several partners brought counts for each of them.
const (
	Clicks      Measure = "clicks"      // that count
	Conversions Measure = "conversions" // that somebody earned something with, and that were not taken back
	Commission  Measure = "commission"  // minor units of the program's currency
)

// Measures are all measures.
var Measures = []Measure{Clicks, Conversions, Commission}

// Period is the time that a cap holds for, by the program's clock.
type Period string

// The periods. A week begins on Monday.
const (
	Day   Period = "day"
	Week  Period = "week"
	Month Period = "month"
	Total Period = "total"
)

// Periods are all periods.
var Periods = []Period{Day, Week, Month, Total}

// begins is the midnight with which the period of a moment begins.
func (p Period) begins(at time.Time, zone *time.Location, born time.Time) time.Time {
	year, month, day := at.In(zone).Date()
	switch p {
	case Week:
		day -= (int(at.In(zone).Weekday()) + 6) % 7
	case Month:
		day = 1
	case Total:
		year, month, day = born.In(zone).Date()
	}
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// Cap is how much is enough: of a program, of one partner or of one link. Beyond it, clicks are sent to its page and do not
// count; one without a page changes nothing by itself, and rules ask whether it has been reached.
type Cap struct {
	ID          string
	Program     string
	Partnership string // of this one alone; empty: of all
	Link        string // of this one alone; empty: of all
	Measure     Measure
	Period      Period
	Most        int64
	Target      string // a page of the program; empty: none
	Removed     bool
	Author      string
	Created     time.Time
}

func (c *Cap) check(prog *program.Program) error {
	var f faults
	f.unless(slices.Contains(Measures, c.Measure), "measure", "%q is not counted: there are clicks, conversions and commission", clip(string(c.Measure)))
	f.unless(slices.Contains(Periods, c.Period), "period", "%q is not a period: there are day, week, month and total", clip(string(c.Period)))
	f.unless(c.Most > 0 && c.Most <= 1e15, "most", "a cap is larger than nothing")
	f.unless(c.Partnership == "" || c.Link == "", "link", "a cap is of a partner or of a link: a link has one partner only")
	f.page(prog, &c.Target)
	return problem.Join(f...)
}

// Split is a test of several pages against each other: of all links that lead to the landing page, or of one link.
type Split struct {
	ID       string
	Program  string
	Link     string // empty: of all that lead to the landing page
	Name     string
	Variants []Variant
	Rate     int64 // how many of ten thousand clicks convert, about: the plan
	Lift     int64 // the smallest difference worth finding, in percent of that
	Ended    time.Time
	Winner   string // the key of a variant, as a person declared
	Author   string
	Created  time.Time
}

// Variant is a page of a split test. The first is what there was before; the others are compared with it.
type Variant struct {
	Key    string `json:"key"` // a, b, c, …
	Name   string `json:"name"`
	Target string `json:"target,omitempty"` // empty: where the link leads without the test
	Weight int64  `json:"weight"`
}

func (s *Split) check(prog *program.Program) error {
	var f faults
	s.Name = strings.TrimSpace(s.Name)
	f.unless(s.Name != "" && len(s.Name) <= 120, "name", "a test needs a name of at most 120 bytes")
	f.unless(len(s.Variants) >= 2 && len(s.Variants) <= 6, "variants", "a test has two to six variants")
	f.unless(s.Rate > 0 && s.Rate <= 9000, "rate", "say how many clicks convert, about: more than 0 and at most 90 percent")
	f.unless(s.Lift >= 1 && s.Lift <= 500, "lift", "the difference to be found is 1 to 500 percent")
	f.unless(s.Rate*(100+s.Lift) < 10_000*100, "lift", "no page can convert so many clicks")
	pages := map[string]bool{}
	for i := range s.Variants {
		v := &s.Variants[i]
		v.Key, v.Name = string(rune('a'+i)), strings.TrimSpace(v.Name)
		f.unless(v.Name != "" && len(v.Name) <= 60, "variants", "a variant needs a name of at most 60 bytes")
		f.unless(v.Weight >= 1 && v.Weight <= 1000, "variants", "a weight is 1 to 1000")
		f.page(prog, &v.Target)
		f.unless(!pages[v.Target], "variants", "two variants lead to the same page")
		pages[v.Target] = true
	}
	return problem.Join(f...)
}

// variantOf is the variant that a visitor sees: always the same one, for it is found from what the visitor brings along, and
// another one in every test.
func (s *Split) variantOf(visitor netip.Addr, agent string) *Variant {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	h := uint64(offset)
	for i := range len(s.ID) {
		h = (h ^ uint64(s.ID[i])) * prime
	}
	address := visitor.As16()
	for _, b := range address {
		h = (h ^ uint64(b)) * prime
	}
	for i := range len(agent) {
		h = (h ^ uint64(agent[i])) * prime
	}
	h ^= h >> 33 // FNV's upper bits depend little on the last bytes
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	var all int64
	for _, v := range s.Variants {
		all += v.Weight
	}
	n := int64(h % uint64(max(1, all)))
	for i := range s.Variants {
		if n -= s.Variants[i].Weight; n < 0 {
			return &s.Variants[i]
		}
	}
	return &s.Variants[0]
}
