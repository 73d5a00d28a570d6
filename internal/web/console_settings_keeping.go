package web

import (
	"context"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// keepingPage is how a program keeps touches, what it keeps no longer, and what it could not keep.
type keepingPage struct {
	consolePage
	Part      string
	Form      form
	Forgotten int64
	Until     time.Time // the last day of those
	Lost      touch.Lost
}

// Stays are what no setting takes away, below "keeping.stay".
func (keepingPage) Stays() []string { return []string{"sales", "judged", "totals", "network"} }

// lostDays is for how many days back the page tells what could not be kept.
const lostDays = 30

func (s *site) keeping(v *visit) (answer, error) {
	data, err := s.readKeeping(v, keepingForm(v))
	if err != nil {
		return nil, err
	}
	return s.page("console/settings/keeping", v.text("nav.settings"), data), nil
}

func (s *site) readKeeping(v *visit, f form) (keepingPage, error) {
	data := keepingPage{consolePage: v.console(), Part: "keeping", Form: f}
	now := v.db.Now()
	var err error
	if data.Forgotten, data.Until, err = touch.Forgotten(v.Context(), v.read(), v.program.ID); err != nil {
		return data, err
	}
	data.Lost, err = touch.LostBetween(v.Context(), v.read(), v.program.ID, now.AddDate(0, 0, -lostDays), now)
	return data, err
}

// The times that a program may choose from.
var (
	keepMonths = []int64{0, 14, 18, 24, 36, 60}
	plainDays  = []int64{0, 7, 30, 90, 180, 400}
)

// keepingForm asks how a program keeps touches. A time of its own, which the API has set, stays a choice.
func keepingForm(v *visit) form {
	p := v.program
	first := "no"
	if p.RedirectFirst {
		first = "yes"
	}
	return form{Fields: []field{
		{Name: "redirect_first", Type: "select", Value: first, Choices: choices(v.lang, "keeping.first", []string{"no", "yes"}), Hint: "redirect_first"},
		{Name: "keep_months", Type: "select", Value: strconv.FormatInt(p.KeepMonths, 10), Choices: v.spans("keeping.months", "keeping.months_no_end", keepMonths, p.KeepMonths), Hint: "keep_months"},
		{Name: "plain_days", Type: "select", Value: strconv.FormatInt(p.PlainDays, 10), Choices: v.spans("keeping.days", "keeping.days_no_end", plainDays, p.PlainDays), Hint: "plain_days"},
	}}
}

// spans are lengths of time to choose from; 0 is without end and has words of its own.
func (v *visit) spans(name, endless string, lengths []int64, own int64) (list []choice) {
	known := false
	for _, n := range lengths {
		known = known || n == own
	}
	if !known {
		lengths = append(lengths[:len(lengths):len(lengths)], own)
	}
	for _, n := range lengths {
		label := v.text(name, "n", n)
		if n == 0 {
			label = v.text(endless)
		}
		list = append(list, choice{strconv.FormatInt(n, 10), label})
	}
	return list
}

// changeKeeping writes anew how a program keeps touches.
func (s *site) changeKeeping(v *visit) (answer, error) {
	f := keepingForm(v)
	f.read(v.PostForm)
	months, err1 := strconv.ParseInt(f.value("keep_months"), 10, 64)
	days, err2 := strconv.ParseInt(f.value("plain_days"), 10, 64)
	if err1 != nil || err2 != nil {
		return nil, errNotFound // no page sends this
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		p.Keeping = program.Keeping{RedirectFirst: f.value("redirect_first") == "yes", KeepMonths: months, PlainDays: days}
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
	if err == nil {
		return s.done(settingsPath(v, "keeping"), "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readKeeping(v, f)
	return s.again("console/settings/keeping", v.text("nav.settings"), data), err
}
