package steer

import (
	"cmp"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Plan is a program's rules, caps and tests, made to be asked about every click. Each rule is a bit: for each thing that can
// be known of a visitor there is the set of rules that such a visitor can fit, and the rules that fit are what all these sets
// have in common. So five hundred rules are eight words, and cost little more than one.
type Plan struct {
	zone   *time.Location
	rules  []Rule
	visits bool // some rule asks whether a visitor returns
	caps   []*meter
	splits []Split

	links, countries, regions, devices, systems, languages dimension
	hours                                                  [24]set
	weekdays                                               [7]set
	qualities                                              [2]set // people, others
	timed                                                  bool
	hosts                                                  map[string]set // by referrer: those that name it
	anyHost                                                set            // those that do not ask for the referrer
}

// set is a set of rules by their place.
type set []uint64

// dimension is one thing that can be known of a visitor: by its value the rules that then can fit.
type dimension struct {
	asked   bool // by some rule
	by      map[string]set
	other   set // of a value that no rule names
	unknown set // of no value
}

func (d *dimension) of(value string) set {
	if fits, ok := d.by[value]; ok {
		return fits
	}
	if value == "" {
		return d.unknown
	}
	return d.other
}

func has(s set, i int) bool { return s[i/64]>>(i%64)&1 == 1 }

// compile makes a plan of what is in force. A rule whose page is no longer on a domain of the program rests, as the pages
// say; a cap's page and a variant's are then the landing page.
func compile(prog *program.Program, rules []Rule, caps []*meter, splits []Split) *Plan {
	p := &Plan{zone: prog.Zone(), caps: caps}
	for _, r := range rules {
		if !r.Resting && Leads(prog, r.Target) {
			p.rules = append(p.rules, r)
		}
	}
	slices.SortStableFunc(p.rules, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Place, b.Place), strings.Compare(a.ID, b.ID)) })
	for _, s := range splits {
		if s.Ended.IsZero() && !slices.ContainsFunc(s.Variants, func(v Variant) bool { return !Leads(prog, v.Target) }) {
			p.splits = append(p.splits, s)
		}
	}
	words := (len(p.rules) + 63) / 64
	all := func(fits func(Rule) bool) set {
		s := make(set, words)
		for i, r := range p.rules {
			if fits(r) {
				s[i/64] |= 1 << (i % 64)
			}
		}
		return s
	}
	index := func(of func(Rule) (values []string, but bool)) dimension {
		d := dimension{by: map[string]set{}}
		for _, r := range p.rules {
			values, _ := of(r)
			for _, value := range values {
				d.asked, d.by[value] = true, nil
			}
		}
		fits := func(value string) set {
			return all(func(r Rule) bool {
				values, but := of(r)
				return len(values) == 0 || value != "" && slices.Contains(values, value) != but
			})
		}
		for value := range d.by {
			d.by[value] = fits(value)
		}
		d.unknown, d.other = fits(""), fits("\x00")
		return d
	}
	plain := func(of func(Rule) []string) dimension {
		return index(func(r Rule) ([]string, bool) { return of(r), false })
	}
	p.links = plain(func(r Rule) []string {
		if r.Link == "" {
			return nil
		}
		return []string{r.Link}
	})
	p.countries = index(func(r Rule) ([]string, bool) { return r.When.Countries, r.When.Abroad })
	p.regions = plain(func(r Rule) []string { return r.When.Regions })
	p.devices = plain(func(r Rule) []string { return r.When.Devices })
	p.systems = plain(func(r Rule) []string { return r.When.Systems })
	p.languages = plain(func(r Rule) []string { return r.When.Languages })
	p.anyHost, p.hosts = all(func(r Rule) bool { return len(r.When.Referrers) == 0 }), map[string]set{}
	for _, r := range p.rules {
		for _, host := range r.When.Referrers {
			p.hosts[host] = all(func(other Rule) bool { return slices.Contains(other.When.Referrers, host) })
		}
	}
	for hour := range p.hours {
		p.hours[hour] = all(func(r Rule) bool { return r.When.isOpen(hour) })
	}
	for day := range p.weekdays {
		p.weekdays[day] = all(func(r Rule) bool {
			return len(r.When.Weekdays) == 0 || slices.Contains(r.When.Weekdays, time.Weekday(day))
		})
	}
	for i, quality := range Qualities {
		p.qualities[i] = all(func(r Rule) bool { return r.When.Quality == "" || r.When.Quality == quality })
	}
	for _, r := range p.rules {
		p.timed = p.timed || r.When.From != r.When.To || len(r.When.Weekdays) > 0
		p.visits = p.visits || r.When.Visit != ""
	}
	return p
}

// isOpen tells whether an hour is between the two, over midnight where the second is the smaller.
func (c *Conditions) isOpen(hour int) bool {
	switch {
	case c.From == c.To:
		return true
	case c.From < c.To:
		return hour >= c.From && hour < c.To
	}
	return hour >= c.From || hour < c.To
}

// Leads tells whether visitors may be sent to an address of a program as it is now; the empty one is the landing page.
func Leads(prog *program.Program, address string) bool {
	if address == "" {
		return true
	}
	_, err := creative.Page(prog, address)
	return err == nil
}

// Question is what a plan is asked about: somebody who follows a link.
type Question struct {
	Link        string
	Partnership string
	Visitor     netip.Addr
	Agent       string
	Language    string // Accept-Language
	Referrer    string
	Country     string
	Region      string
	Sub         [5]string
	Mark        touch.Mark // why the click does not count, so far
	Returning   bool       // only looked at where Visits says so
	At          time.Time
	Own         bool // the link leads to a page of its own, or was asked for one
	Fixed       bool // the visitor was promised this very page
}

// Visits tells whether a plan asks if visitors return.
func (p *Plan) Visits() bool { return p != nil && p.visits }

// Rule is the first rule that fits; nil when none does.
func (p *Plan) Rule(q *Question) *Rule {
	if len(p.rules) == 0 {
		return nil
	}
	var sets [9]set
	n := 0
	add := func(s set) { sets[n] = s; n++ }
	if p.links.asked {
		add(p.links.of(q.Link))
	}
	if p.countries.asked {
		add(p.countries.of(q.Country))
	}
	if p.regions.asked {
		add(p.regions.of(q.Region))
	}
	if p.devices.asked || p.systems.asked {
		device, system := machine(q.Agent)
		add(p.devices.of(device))
		add(p.systems.of(system))
	}
	if p.languages.asked {
		add(p.languages.of(tongue(q.Language)))
	}
	if p.timed {
		at := q.At.In(p.zone)
		add(p.hours[at.Hour()])
		add(p.weekdays[at.Weekday()])
	}
	quality := 0
	if q.Mark != touch.Counts {
		quality = 1
	}
	add(p.qualities[quality])
	var from [8]set // by the host that the visitor comes from, and by those above it
	known := 0
	if len(p.hosts) > 0 {
		for host, more := hostOf(q.Referrer), true; more && known < len(from); _, host, more = strings.Cut(host, ".") {
			if names, ok := p.hosts[host]; ok {
				from[known] = names
				known++
			}
		}
	}
	for word := range sets[0] {
		fit := p.anyHost[word]
		for _, names := range from[:known] {
			fit |= names[word]
		}
		fit &= sets[0][word]
		for _, s := range sets[1:n] {
			fit &= s[word]
		}
		for ; fit != 0; fit &= fit - 1 {
			if r := &p.rules[word*64+bits.TrailingZeros64(fit)]; p.rest(r, q) {
				return r
			}
		}
	}
	return nil
}

// rest are the conditions that no set has.
func (p *Plan) rest(r *Rule, q *Question) bool {
	c := &r.When
	switch {
	case len(c.SubIDs) > 0 && !slices.Contains(c.SubIDs, q.Sub[c.Sub-1]):
		return false
	case c.Visit == "new" && q.Returning, c.Visit == "returning" && !q.Returning:
		return false
	case c.Cap != "" && !p.isReached(c.Cap, q):
		return false
	}
	return true
}

// isReached tells whether the cap has been reached where it holds for the click.
func (p *Plan) isReached(cap string, q *Question) bool {
	for _, m := range p.caps {
		if m.ID == cap {
			return m.holds(q) && m.reached(q.At)
		}
	}
	return false
}
