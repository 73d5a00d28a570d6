package steer

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// counted is how far a cap is by the facts.
type counted struct {
	begins, ends time.Time // of the period
	settled      time.Time // clicks from here on were not counted
	amount       int64
}

// Standing is how far a cap is.
type Standing struct {
	Begins, Ends time.Time // of the period; Ends is zero for a cap on everything
	Amount       int64
}

// Reached tells whether a cap has been reached.
func (s Standing) Reached(c Cap) bool { return s.Amount >= c.Most }

// Standings are how far caps of a program are by all facts that are known, by their ids.
func Standings(ctx context.Context, r db.Reader, book *report.Book, prog program.Program, caps []Cap, now time.Time) (map[string]Standing, error) {
	list, err := count(ctx, r, book, prog, caps, now, now.Add(time.Minute)) // a node's clock may be ahead
	found := map[string]Standing{}
	for i, c := range list {
		s := Standing{Begins: c.begins, Ends: c.ends, Amount: c.amount}
		if caps[i].Period == Total {
			s.Ends = time.Time{}
		}
		found[caps[i].ID] = s
	}
	return found, err
}

// count counts caps among the facts. Days that are over are remembered by the book while none of their facts changes; of today,
// clicks are counted until settled.
func count(ctx context.Context, r db.Reader, book *report.Book, prog program.Program, caps []Cap, now, settled time.Time) ([]counted, error) {
	zone := prog.Zone()
	today := Day.begins(now, zone, prog.Created)
	list := make([]counted, len(caps))
	for i, c := range caps {
		begins := c.Period.begins(now, zone, prog.Created)
		ends := today.AddDate(0, 0, 1)
		switch c.Period {
		case Week:
			ends = begins.AddDate(0, 0, 7)
		case Month:
			ends = begins.AddDate(0, 1, 0)
		case Total:
			ends = begins.AddDate(1000, 0, 0)
		}
		list[i] = counted{begins: begins, ends: ends, settled: settled}
		if settled.Before(begins) {
			list[i].settled = begins
		}
		var err error
		if c.Measure == Clicks {
			list[i].amount, err = countClicks(ctx, r, book, c, begins, today, settled)
		} else {
			list[i].amount, err = countEarned(ctx, r, book, c, begins, today.AddDate(0, 0, 1))
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func countClicks(ctx context.Context, r db.Reader, book *report.Book, c Cap, begins, today, settled time.Time) (n int64, err error) {
	of := func(m map[string]int64) int64 {
		switch {
		case c.Link != "":
			return m[c.Link]
		case c.Partnership != "":
			return m[c.Partnership]
		}
		var all int64
		for _, clicks := range m {
			all += clicks
		}
		return all
	}
	days := report.Calendar(begins, today, begins.Location())
	var list []map[string]int64
	if c.Link != "" {
		list, err = book.Grouped(ctx, r, touch.Cut{Program: c.Program}, "link", days)
	} else {
		list, err = book.Clicks(ctx, r, c.Program, days)
	}
	if err != nil {
		return 0, err
	}
	for _, day := range list {
		n += of(day)
	}
	if settled.Before(today) {
		return n, nil
	}
	var last map[string]int64
	if c.Link != "" {
		last, err = touch.Grouped(ctx, r, touch.Cut{Program: c.Program, Link: c.Link, From: today, To: settled}, "link")
	} else {
		last, err = touch.ByPartnership(ctx, r, c.Program, today, settled)
	}
	return n + of(last), err
}

func countEarned(ctx context.Context, r db.Reader, book *report.Book, c Cap, begins, tomorrow time.Time) (n int64, err error) {
	days := report.Calendar(begins, tomorrow, begins.Location())
	var list []map[string]commission.Sum
	name := c.Partnership
	if c.Link != "" {
		name = c.Link
		list, err = book.EarnedByLink(ctx, r, c.Program, days)
	} else {
		list, err = book.Earned(ctx, r, c.Program, days)
	}
	for _, day := range list {
		for of, sum := range day {
			switch {
			case name != "" && of != name:
			case c.Measure == Conversions:
				n += sum.Count
			default:
				n += sum.Amount
			}
		}
	}
	return n, err
}
