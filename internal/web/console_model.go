package web

import (
	"context"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func modelForm(v *visit) form {
	return form{Fields: []field{
		{Name: "model", Type: "select", Value: "last", Choices: choices(v.lang, "models", program.ModelNames), Hint: "model"},
		{Name: "half_life", Type: "number", Value: "168", Hint: "half_life"},
		{Name: "first", Value: "40", Unit: "%", Hint: "position"},
		{Name: "last", Value: "40", Unit: "%"},
		{Name: "since", Type: "date", Hint: "since"},
	}}
}

// changeModel decides how the program settles from a day on.
func (s *site) changeModel(v *visit) (answer, error) {
	f := modelForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "terms", "model_decided", f, func(data *settingsPage) *form { return &data.Model }, func(ctx context.Context, tx *db.Tx) error {
		m, since, err := readModel(v, f)
		if err != nil {
			return err
		}
		if since.IsZero() {
			since = tx.Now
		}
		if _, err = commission.Decide(ctx, tx, s.keys, v.program.ID, since, m, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramModel, v.program.ID)
	})
}

// readModel is what the form says; numbers that the model has no use for are left out.
func readModel(v *visit, f form) (m program.Model, since time.Time, err error) {
	var faults []*problem.Problem
	fault := func(name string, err error) {
		if err != nil {
			faults = append(faults, problem.Invalid(name, "%v", err))
		}
	}
	m.Name = f.value("model")
	switch m.Name {
	case "time_decay":
		m.HalfLife, err = strconv.ParseInt(f.value("half_life"), 10, 32)
		fault("half_life", err)
	case "position":
		m.First, err = money.ParseRate(decimal(f.value("first")))
		fault("first", err)
		m.Last, err = money.ParseRate(decimal(f.value("last")))
		fault("last", err)
	}
	if text := f.value("since"); text != "" {
		since, err = time.ParseInLocation(time.DateOnly, text, v.zone)
		fault("since", err)
	}
	return m, since, problem.Join(faults...)
}
