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
	if first, last := v.query("from"), v.query("to"); first != "" || last != "" {
		s.own.Name = "days"
		if v.own(&s.own, first, last); s.own.Fault == "" {
			s.From, s.To = s.own.From, s.own.To
			s.Days = len(s.now()) - 1
		}
	}
	if against := v.query("against"); slices.Contains(comparisons, against) {
		s.Against = against
	}
	switch s.Against {
	case "before":
		s.then = report.Calendar(s.From.AddDate(0, 0, -s.Days), s.From, v.zone)
	case "year":
		begin := s.From.AddDate(-1, 0, 0)
		s.then = report.Calendar(begin, begin.AddDate(0, 0, s.Days), v.zone)
	}
	return s
}

// spanChips choose the stretch.
func (v *visit) spanChips(now span) []chip {
	list := make([]chip, len(spans))
	for i, days := range spans {
		list[i] = chip{Label: v.text("period.days", "n", days), Address: v.here("days", strconv.Itoa(days), "from", "", "to", ""),
			Here: days == now.Days && (now.own.First+now.own.Last == "" || now.own.Fault != "")}
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
	f.Action, f.Keep = v.URL.Path, kept(v.URL.Query(), "from", "to", "days", "against")
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
