package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/report"
)

// span is a stretch of whole days, and the one that it is compared with: as many days before, or those of a year ago.
type span struct {
	Days    int
	Month   string // of months; empty: so many days, or own ones
	Against string // before, year or none
	From,
	To time.Time
	then report.Days // that it is compared with; empty when with nothing
	own  stretch     // own days as the reader typed them, and what is wrong with them
}

// now are the days of the stretch.
func (s span) now() report.Days { return report.Calendar(s.From, s.To, s.From.Location()) }

// spans are the lengths that a reader may choose from.
var spans = []int{7, 30, 90}

// months are the calendar's months that a reader may choose: this one until today, and the one before.
var months = []string{"month", "before"}

// comparisons are what a stretch can be compared with.
var comparisons = []string{"before", "year", "none"}

// span reads the stretch that the address asks for: so many days until today, or from a day to a day.
func (v *visit) span() span {
	s := span{Days: 30, Against: comparisons[0], To: v.today().AddDate(0, 0, 1)}
	for _, days := range spans {
		if v.query("days") == strconv.Itoa(days) {
			s.Days = days
		}
	}
	s.From = s.To.AddDate(0, 0, -s.Days)
	if name := v.query("period"); slices.Contains(months, name) {
		s.Month = name
		s.From, s.To = v.preset(name)
		s.Days = len(s.now()) - 1
	}
	if first, last := v.query("from"), v.query("to"); first != "" || last != "" {
		s.own.Name = "days"
		if v.own(&s.own, first, last); s.own.Fault == "" {
			s.From, s.To, s.Month = s.own.From, s.own.To, ""
			s.Days = len(s.now()) - 1
		}
	}
	if against := v.query("against"); slices.Contains(comparisons, against) {
		s.Against = against
	}
	if from, to := s.before(); s.Against != "none" {
		s.then = report.Calendar(from, to, v.zone)
	}
	return s
}

// before are the days that the stretch is compared with. A month that is over is compared with the whole one before it, and
// this month with as many days of the last one as it has had.
func (s span) before() (from, to time.Time) {
	switch {
	case s.Against == "year" && s.Month == "before":
		return s.From.AddDate(-1, 0, 0), s.To.AddDate(-1, 0, 0)
	case s.Against == "year":
		from = s.From.AddDate(-1, 0, 0)
		return from, from.AddDate(0, 0, s.Days)
	case s.Month == "before":
		return s.From.AddDate(0, -1, 0), s.From
	case s.Month == "month":
		from, to = s.From.AddDate(0, -1, 0), s.From.AddDate(0, -1, s.Days)
		if to.After(s.From) {
			to = s.From
		}
		return from, to
	}
	return s.From.AddDate(0, 0, -s.Days), s.From
}

// spanChips choose the stretch.
func (v *visit) spanChips(now span) []chip {
	var list []chip
	preset := now.own.First+now.own.Last == "" || now.own.Fault != ""
	for _, days := range spans {
		list = append(list, chip{Label: v.text("period.days", "n", days), Address: v.here("days", strconv.Itoa(days), "period", "", "from", "", "to", ""),
			Here: preset && now.Month == "" && days == now.Days})
	}
	for _, name := range months {
		list = append(list, chip{Label: v.text("presets." + name), Address: v.here("period", name, "days", "", "from", "", "to", ""), Here: now.Month == name})
	}
	return list
}

// spanForm asks for own days and what to compare them with.
type spanForm struct {
	stretch
	Open        bool // own days are shown, or were not understood
	Comparisons []chip
}

func (v *visit) spanForm(s span) spanForm {
	f := spanForm{stretch: s.own, Open: s.own.First+s.own.Last != ""}
	f.Action, f.Keep = v.URL.Path, kept(v.URL.Query(), "from", "to", "days", "period", "against")
	if !f.Open {
		f.First, f.Last = s.From.Format(time.DateOnly), s.To.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	for _, name := range comparisons {
		f.Comparisons = append(f.Comparisons, chip{Label: v.text("against." + name), Address: name, Here: name == s.Against})
	}
	return f
}

// compared reads a figure of each day, of a stretch and of the days that it is compared with.
func compared[T any](s span, read func(days report.Days) ([]T, error)) (now, then []T, err error) {
	if now, err = read(s.now()); err == nil && len(s.then) > 1 {
		then, err = read(s.then)
	}
	return now, then, err
}
