package demo

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/steer"
)

// steerDay is the day on which the brand begins to send visitors to several pages.
const steerDay = days - 40

// steer tests the landing page against one with repairs on top, caps a dealer, and makes two rules.
func (w *walk) steer(ctx context.Context) error {
	err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		author := w.staff[auth.Manager]
		s, err := steer.Begin(ctx, tx, w.program, steer.Split{Name: "Repairs on top", Rate: 600, Lift: 30, Author: author, Variants: []steer.Variant{{Name: "As it was", Weight: 1},
			{Name: "Repairs on top", Weight: 1, Target: w.story.Base + "/shop/?top=repairs"}}})
		if err != nil {
			return err
		}
		if err := w.record(ctx, tx, auth.Manager, audit.SplitBegin, s.ID); err != nil {
			return err
		}
		c, err := steer.AddCap(ctx, tx, w.program, steer.Cap{Measure: steer.Commission, Period: steer.Month, Most: 150_000, Partnership: w.known["partner@sparfuchs24.example"], Author: author})
		if err != nil {
			return err
		}
		if err := w.record(ctx, tx, auth.Manager, audit.CapAdd, c.ID); err != nil {
			return err
		}
		for _, r := range []steer.Rule{
			{Do: steer.ToPage, Target: w.story.Base + "/shop/?language=fr", Author: author, When: steer.Conditions{Countries: []string{"FR", "BE", "LU"}, Languages: []string{"fr"}}},
			{Do: steer.ToFallback, Author: author, Resting: true, When: steer.Conditions{Cap: c.ID}},
		} {
			if r, err = steer.AddRule(ctx, tx, w.program, r); err != nil {
				return err
			}
			if err := w.record(ctx, tx, auth.Manager, audit.RuleAdd, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.a.Steer.Refresh(ctx)
}
