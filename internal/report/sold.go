package report

import (
	"context"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// Sold is what came of a day's conversions that count: all but those that were given back whole.
type Sold struct {
	Conversions  int64 // of every event type
	Revenue      int64 // minor units: what refunds have left of their amounts
	Orders       int64 // the conversions that are sales
	OrderRevenue int64 // and what refunds have left of these
	New          int64 // orders that are the first of their customer in the program, of those that count
	Brought      int64 // of the revenue, that of conversions of which somebody has a commission
}

// Sold is each day's, of all partners and of nobody's. An order is a customer's first when no order that counts came before it
// from the same person, whatever the person was known by, since the program began.
func (b *Book) Sold(ctx context.Context, r db.Reader, prog string, days Days) ([]Sold, error) {
	list := make([]Sold, len(days)-1)
	begin, ok, err := commission.FirstConversion(ctx, r, prog)
	if err != nil || !ok {
		return list, err
	}
	zone := days[0].Location()
	all := days
	if begin.Before(days[0]) {
		before := Calendar(begin, days[0], zone)
		all = append(before[:len(before)-1], days...)
	}
	standing, err := b.standing(ctx, r, prog, all)
	if err != nil {
		return nil, err
	}
	shown := len(standing) - len(list) // of the days, the first that is asked for
	known := map[string]bool{}
	for n, sales := range standing {
		for _, s := range sales {
			first := s.Order && !known[s.Person]
			if s.Order {
				known[s.Person] = true
			}
			if n >= shown {
				list[n-shown].add(s, first)
			}
		}
	}
	return list, nil
}

func (d *Sold) add(s commission.Standing, first bool) {
	d.Conversions++
	d.Revenue += s.Net
	if s.Earned {
		d.Brought += s.Net
	}
	if s.Order {
		d.Orders++
		d.OrderRevenue += s.Net
	}
	if first {
		d.New++
	}
}

// standing are each day's conversions that count, in the order of time.
func (b *Book) standing(ctx context.Context, r db.Reader, prog string, days Days) ([][]commission.Standing, error) {
	return Recall(ctx, b, r, Ask{prog, "standing", program.Orders}, days, func(list []commission.Standing) int { return 2 * len(list) },
		func(missing Days) ([][]commission.Standing, error) {
			list, err := commission.StandingBetween(ctx, r, prog, missing[0], missing[len(missing)-1])
			all := make([][]commission.Standing, len(missing)-1)
			for n := range all {
				end := 0
				for end < len(list) && list[end].At.Before(missing[n+1]) {
					end++
				}
				all[n], list = list[:end:end], list[end:]
			}
			return all, err
		})
}
