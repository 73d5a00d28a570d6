// Package report counts what came of each day of a program. It reads the facts themselves, keeps no sums in the database,
// and remembers a day in memory only for as long as none of the day's facts has changed; so a figure is the same whether it
// was remembered or not.
package report

import (
	"context"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Days are the midnights of a run of days, and the one after the last.
type Days []time.Time

// Calendar is the days of a zone from the one of from to the one before to.
func Calendar(from, to time.Time, zone *time.Location) Days {
	year, month, first := from.In(zone).Date()
	var days Days
	for n := 0; ; n++ {
		days = append(days, time.Date(year, month, first+n, 0, 0, 0, 0, zone))
		if !days[n].Before(to) {
			return days
		}
	}
}

// Book remembers days. Its zero value is an empty one.
type Book struct {
	mu    sync.Mutex
	pages map[name]page
	size  int
}

// name is a figure of a program's day.
type name struct {
	program  string
	figure   string
	from, to int64
}

// page is a day's figure, as it was at a mark.
type page struct {
	mark  int64
	value any
}

// most is how many numbers a book holds; when it is full it begins anew.
const most = 2_000_000

// recall are the days' values that are remembered under their present marks; what is not is loaded, several days at a time, and
// remembered. The marks are read first: what is loaded after them is at least as new as they are.
func recall[T any](ctx context.Context, b *Book, r db.Reader, prog, figure string, from program.Figure, days Days,
	size func(T) int, load func(missing Days, each func(day int, value T)) error) ([]T, error) {
	last := len(days) - 1
	values := make([]T, last)
	if last == 0 {
		return values, nil
	}
	marks, err := program.DayMarks(ctx, r, prog, from, days[0], days[last])
	if err != nil {
		return nil, err
	}
	nameOf := func(n int) name { return name{prog, figure, days[n].UnixMilli(), days[n+1].UnixMilli()} }
	var missing []int
	b.mu.Lock()
	for n := range last {
		p, ok := b.pages[nameOf(n)]
		if ok && p.mark == marks.Between(days[n], days[n+1]) {
			values[n] = p.value.(T)
		} else {
			missing = append(missing, n)
		}
	}
	b.mu.Unlock()
	for len(missing) > 0 { // runs of days without a gap
		n := 1
		for n < len(missing) && missing[n] == missing[0]+n {
			n++
		}
		first := missing[0]
		if err := load(days[first:first+n+1], func(day int, value T) { values[first+day] = value }); err != nil {
			return nil, err
		}
		b.mu.Lock()
		for day := first; day < first+n; day++ {
			b.keep(nameOf(day), page{marks.Between(days[day], days[day+1]), values[day]}, size(values[day]))
		}
		b.mu.Unlock()
		missing = missing[n:]
	}
	return values, nil
}

func (b *Book) keep(n name, p page, size int) {
	if b.pages == nil || b.size+size > most {
		b.pages, b.size = map[name]page{}, 0
	}
	b.pages[n] = p
	b.size += size + 1
}

// Clicks are each day's clicks that count, by partnership. The maps are the book's: nobody writes into them.
func (b *Book) Clicks(ctx context.Context, r db.Reader, prog string, days Days) ([]map[string]int64, error) {
	return recall(ctx, b, r, prog, "clicks", program.Clicks, days, func(m map[string]int64) int { return len(m) },
		func(missing Days, each func(int, map[string]int64)) error {
			found := make([]map[string]int64, len(missing)-1)
			err := together(len(found), func(n int) (err error) {
				found[n], err = touch.ByPartnership(ctx, r, prog, missing[n], missing[n+1])
				return err
			})
			for n, clicks := range found {
				each(n, clicks)
			}
			return err
		})
}

// Earned are each day's commissions that were not reversed, by partnership, by the day of the conversion.
func (b *Book) Earned(ctx context.Context, r db.Reader, prog string, days Days) ([]map[string]commission.Sum, error) {
	return recall(ctx, b, r, prog, "earned", program.Orders, days, func(m map[string]commission.Sum) int { return len(m) },
		func(missing Days, each func(int, map[string]commission.Sum)) error {
			list, err := commission.EarnedBetween(ctx, r, prog, missing[0], missing[len(missing)-1])
			next := 0
			for n := range len(missing) - 1 {
				sums := map[string]commission.Sum{}
				for ; next < len(list) && list[next].At.Before(missing[n+1]); next++ {
					sum := sums[list[next].Partnership]
					sums[list[next].Partnership] = commission.Sum{Name: list[next].Partnership, Count: sum.Count + 1, Amount: sum.Amount + list[next].Amount}
				}
				each(n, sums)
			}
			return err
		})
}

// Sold is what came of a day's conversions that count: all but those that were given back whole.
type Sold struct {
	Conversions  int64 // of every event type
	Revenue      int64 // minor units: what refunds have left of their amounts
	Orders       int64 // the conversions that are sales
	OrderRevenue int64 // and what refunds have left of these
	New          int64 // orders that are the first of their customer in the program, of those that count
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
	return recall(ctx, b, r, prog, "standing", program.Orders, days, func(list []commission.Standing) int { return 2 * len(list) },
		func(missing Days, each func(int, []commission.Standing)) error {
			list, err := commission.StandingBetween(ctx, r, prog, missing[0], missing[len(missing)-1])
			for n := range len(missing) - 1 {
				end := 0
				for end < len(list) && list[end].At.Before(missing[n+1]) {
					end++
				}
				each(n, list[:end:end])
				list = list[end:]
			}
			return err
		})
}

// readers is how many days are counted at a time.
const readers = 4

// together runs fn for each number below n, a few at a time, and returns the first error.
func together(n int, fn func(int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for first := range min(readers, n) {
		wait.Go(func() {
			for i := first; i < n; i += readers {
				errs[i] = fn(i)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
