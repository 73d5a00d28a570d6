package web

import (
	"net/url"
	"slices"
	"time"
)

// stretch is the days that a reader asks for: a preset, or from a day to a day. Days are those of the program's time zone.
type stretch struct {
	Name        string // of the preset; empty: own days, or any time
	From, To    time.Time
	First, Last string // the days as a form writes them
	Fault       string
	Presets     []chip
	Keep        []choice // what the form must send along
	Action      string
}

// anyTime is the preset of a list that need not be cut.
const anyTime = "any"

var presets = []string{"today", "yesterday", "week", "thirty", "ninety", "month", "before"}

// stretchMost is how many days can be asked for.
const stretchMost = 400

// stretch reads the days that the address asks for. What cannot be read is said, and the preset taken instead.
func (v *visit) stretch(otherwise string) stretch {
	s := stretch{Name: otherwise, Action: v.URL.Path}
	if name := v.query("period"); slices.Contains(presets, name) {
		s.Name = name
	}
	s.From, s.To = v.preset(s.Name)
	if first, last := v.query("from"), v.query("to"); first != "" || last != "" {
		v.own(&s, first, last)
	}
	if s.First == "" && !s.From.IsZero() {
		s.First, s.Last = s.From.Format(time.DateOnly), s.To.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	names := presets
	if otherwise == anyTime {
		names = append([]string{anyTime}, presets...)
	}
	for _, name := range names {
		s.Presets = append(s.Presets, chip{Label: v.text("presets." + name), Address: v.here("period", name, "from", "", "to", ""), Here: name == s.Name})
	}
	s.Keep = kept(v.URL.Query(), "from", "to", "period", "before")
	return s
}

// kept are the parameters of an address but for some.
func kept(q url.Values, but ...string) []choice {
	var list []choice
	for name := range q {
		if value := q.Get(name); !slices.Contains(but, name) && value != "" {
			list = append(list, choice{name, value})
		}
	}
	slices.SortFunc(list, func(a, b choice) int {
		if a.Value < b.Value {
			return -1
		}
		return 1
	})
	return list
}

// preset is from the first midnight to the one after the last day.
func (v *visit) preset(name string) (from, to time.Time) {
	today := v.today()
	tomorrow := today.AddDate(0, 0, 1)
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, v.zone)
	switch name {
	case "today":
		return today, tomorrow
	case "yesterday":
		return today.AddDate(0, 0, -1), today
	case "week":
		return tomorrow.AddDate(0, 0, -7), tomorrow
	case "ninety":
		return tomorrow.AddDate(0, 0, -90), tomorrow
	case "month":
		return month, tomorrow
	case "before":
		return month.AddDate(0, -1, 0), month
	case anyTime:
		return time.Time{}, time.Time{}
	}
	return tomorrow.AddDate(0, 0, -30), tomorrow
}

// own reads two days, both included; without the first it is thirty days, without the last until today.
func (v *visit) own(s *stretch, first, last string) {
	s.First, s.Last = first, last
	until, err := time.ParseInLocation(time.DateOnly, last, v.zone)
	if last == "" {
		until, err = v.today(), nil
	}
	since, fault := time.ParseInLocation(time.DateOnly, first, v.zone)
	if first == "" {
		since, fault = until.AddDate(0, 0, -29), nil
	}
	switch {
	case err != nil || fault != nil || since.Year() < 2000 || until.Year() > 9000:
		s.Fault = v.text("stretch.unreadable")
	case since.After(until):
		s.Fault = v.text("stretch.backwards")
	case until.After(since.AddDate(0, 0, stretchMost-1)):
		s.Fault = v.text("stretch.long", "n", stretchMost)
	default:
		s.Name, s.From, s.To = "", since, until.AddDate(0, 0, 1)
	}
}
