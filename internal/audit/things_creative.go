package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// aCreative is told without its picture, which never changes.
func aCreative(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	m, err := creative.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, m.Program)
	return within(p, m.Name, field{"name", m.Name}, field{"kind", string(m.Kind)}, field{"subject", m.Subject}, field{"text", m.Text},
		field{"target", m.Target}, field{"locale", m.Locale}, field{"starts", dayUnless(m.Starts, p)}, field{"ends", dayUnless(m.Ends.Add(-time.Second), p)},
		field{"place", fmt.Sprint(m.Place)}, field{"archived", yes(!m.Archived.IsZero())}), err
}

// dayUnless is empty for a moment that was not said.
func dayUnless(t time.Time, p program.Program) string {
	if t.Year() <= 1 {
		return ""
	}
	return day(t, p)
}
