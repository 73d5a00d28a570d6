package report

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// EarnedByLink are each day's commissions that were not reversed, by the link of the touch at which they are counted, by the day
// of the conversion. What came by no link has the empty name.
func (b *Book) EarnedByLink(ctx context.Context, r db.Reader, prog string, days Days) ([]map[string]commission.Sum, error) {
	return Recall(ctx, b, r, Ask{prog, "earned by link", program.Orders}, days, func(m map[string]commission.Sum) int { return len(m) },
		func(missing Days) ([]map[string]commission.Sum, error) {
			last := len(missing) - 1
			list, err := commission.Shares(ctx, r, commission.Filter{Program: prog, From: missing[0], To: missing[last]})
			all := make([]map[string]commission.Sum, last)
			for n := range all {
				all[n] = map[string]commission.Sum{}
			}
			for _, share := range list {
				if share.Commission.State == commission.Reversed {
					continue
				}
				n := 0
				for n+1 < last && !share.Commission.At.Before(missing[n+1]) {
					n++
				}
				sum := all[n][share.Step.Link]
				sum.Name, sum.Amount = share.Step.Link, sum.Amount+share.Amount
				if share.Counts {
					sum.Count++
				}
				all[n][share.Step.Link] = sum
			}
			return all, err
		})
}
