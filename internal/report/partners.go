package report

import (
	"context"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Clicks are each day's clicks that count, by partnership. The maps are the book's: nobody writes into them.
func (b *Book) Clicks(ctx context.Context, r db.Reader, prog string, days Days) ([]map[string]int64, error) {
	return Recall(ctx, b, r, Ask{prog, "clicks", program.Clicks}, days, func(m map[string]int64) int { return len(m) },
		func(missing Days) ([]map[string]int64, error) {
			return eachDay(missing, func(from, to time.Time) (map[string]int64, error) { return touch.ByPartnership(ctx, r, prog, from, to) })
		})
}

// Grouped are each day's clicks of a cut, whose own time is not looked at, by what touch.Grouped can group by.
func (b *Book) Grouped(ctx context.Context, r db.Reader, cut touch.Cut, by string, days Days) ([]map[string]int64, error) {
	figure := fmt.Sprintf("clicks of %s by %s: %q %q %q %q %q", cut.Partnership, by, cut.Link, cut.Page, cut.Sub, cut.Country, cut.Sent)
	return Recall(ctx, b, r, Ask{cut.Program, figure, program.Clicks}, days, func(m map[string]int64) int { return len(m) },
		func(missing Days) ([]map[string]int64, error) {
			return eachDay(missing, func(from, to time.Time) (map[string]int64, error) {
				day := cut
				day.From, day.To = from, to
				return touch.Grouped(ctx, r, day, by)
			})
		})
}

// Views is Grouped for what was shown.
func (b *Book) Views(ctx context.Context, r db.Reader, cut touch.Cut, by string, days Days) ([]map[string]int64, error) {
	figure := fmt.Sprintf("views of %s by %s: %q %q %q", cut.Partnership, by, cut.Link, cut.Page, cut.Sub)
	return Recall(ctx, b, r, Ask{cut.Program, figure, program.Clicks}, days, func(m map[string]int64) int { return len(m) },
		func(missing Days) ([]map[string]int64, error) {
			return eachDay(missing, func(from, to time.Time) (map[string]int64, error) {
				day := cut
				day.From, day.To = from, to
				return touch.Views(ctx, r, day, by)
			})
		})
}

// Earned are each day's commissions that were not reversed, by partnership, by the day of the conversion.
func (b *Book) Earned(ctx context.Context, r db.Reader, prog string, days Days) ([]map[string]commission.Sum, error) {
	return Recall(ctx, b, r, Ask{prog, "earned", program.Orders}, days, func(m map[string]commission.Sum) int { return len(m) },
		func(missing Days) ([]map[string]commission.Sum, error) {
			list, err := commission.EarnedBetween(ctx, r, prog, missing[0], missing[len(missing)-1])
			all := make([]map[string]commission.Sum, len(missing)-1)
			for n := range all {
				all[n] = map[string]commission.Sum{}
				for ; len(list) > 0 && list[0].At.Before(missing[n+1]); list = list[1:] {
					e := list[0]
					sum := all[n][e.Partnership]
					all[n][e.Partnership] = commission.Sum{Name: e.Partnership, Count: sum.Count + 1, Amount: sum.Amount + e.Amount}
				}
			}
			return all, err
		})
}

// Outcomes are what came of a partnership's conversions of each day.
func (b *Book) Outcomes(ctx context.Context, r db.Reader, prog, partnership string, days Days) ([]commission.Outcome, error) {
	return Recall(ctx, b, r, Ask{prog, "outcomes of " + partnership, program.Orders}, days, func(commission.Outcome) int { return 4 },
		func(missing Days) ([]commission.Outcome, error) {
			return commission.Outcomes(ctx, r, partnership, missing[0], missing[len(missing)-1], missing[0].Location())
		})
}
