package web

import (
	"context"
	"errors"
	"slices"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/trial"
)

// checkItem is a step on the way to a working program. Its words are the messages setup.check.<Name>.
type checkItem struct {
	Name    string
	Address string
	Done    bool
}

// checklist is what is done and what is not; nil once all is done, or nobody wants to see it, or the reader could do nothing
// about it.
func (v *visit) checklist() ([]checkItem, error) {
	if v.actor.May(auth.WriteSettings) != nil {
		return nil, nil
	}
	ctx, r, base := v.Context(), v.read(), consoleBase(v.program)
	_, err := db.One(ctx, r, db.Value[string], `/* web.checklist */ select value from setting where name = $1`, dismissedName(v.program.ID))
	if err == nil || !errors.Is(err, db.ErrNone) {
		return nil, err
	}
	partners, err := partner.Partnerships(ctx, r, partner.Filter{Program: v.program.ID, Limit: 1})
	if err != nil {
		return nil, err
	}
	orders, err := v.ordersHeard()
	if err != nil {
		return nil, err
	}
	tests, err := trial.Sales(ctx, r, v.program.ID, "", 1)
	if err != nil {
		return nil, err
	}
	connected := len(orders) > 0
	if !connected { // so the program is young, and what it has heard is soon read
		seen, err := v.visitHeard()
		if err != nil {
			return nil, err
		}
		connected = !seen.IsZero()
	}
	list := []checkItem{
		{"program", base + "/settings", true},
		{"shop", base + "/setup", connected},
		{"order", base + "/setup/order", len(tests) > 0 || len(orders) > 0},
		{"partner", base + "/setup/partner", len(partners) > 0},
	}
	if !slices.ContainsFunc(list, func(item checkItem) bool { return !item.Done }) {
		return nil, nil
	}
	return list, nil
}

func dismissedName(program string) string { return "setup_dismissed " + program }

// dismissChecklist takes the list off the overview, for everybody of the brand.
func (s *site) dismissChecklist(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* web.dismissChecklist */ insert into setting (name, value) values ($1, $2) on conflict (name) do nothing`,
			dismissedName(v.program.ID), v.person.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.to(consoleBase(v.program)), nil
}
