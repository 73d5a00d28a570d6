// Package report counts what came of each day of a program. It reads the facts themselves, keeps no sums in the database,
// and remembers a day in memory only for as long as none of the day's facts has changed; so a figure is the same whether it
// was remembered or not.
package report

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
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

// Ask is what is asked of a book: a figure of a program, and the facts of which it is made.
type Ask struct {
	Program string
	Figure  string // distinguishes it from all others that are asked for
	Of      program.Figure
}

// Recall are the days' values that are remembered under their present marks; what is not is loaded, several days at a time, and
// remembered. The marks are read first: what is loaded after them is at least as new as they are.
func Recall[T any](ctx context.Context, b *Book, r db.Reader, a Ask, days Days, size func(T) int, load func(missing Days) ([]T, error)) ([]T, error) {
	last := len(days) - 1
	values := make([]T, last)
	if last == 0 {
		return values, nil
	}
	marks, err := program.DayMarks(ctx, r, a.Program, a.Of, days[0], days[last])
	if err != nil {
		return nil, err
	}
	nameOf := func(n int) name { return name{a.Program, a.Figure, days[n].UnixMilli(), days[n+1].UnixMilli()} }
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
	runs := runsOf(missing)
	err = atOnce(len(runs), func(i int) error {
		first, after := runs[i][0], runs[i][1]
		loaded, err := load(days[first : after+1])
		if err != nil {
			return err
		}
		copy(values[first:after], loaded)
		b.mu.Lock()
		defer b.mu.Unlock()
		for n := first; n < after; n++ {
			b.keep(nameOf(n), page{marks.Between(days[n], days[n+1]), values[n]}, size(values[n]))
		}
		return nil
	})
	return values, err
}

// runMost is how many days are loaded at a time.
const runMost = 31

// runsOf cuts numbers, which grow, into runs without a gap: the first of each, and the one after its last.
func runsOf(numbers []int) (runs [][2]int) {
	for _, n := range numbers {
		if last := len(runs) - 1; last >= 0 && runs[last][1] == n && n-runs[last][0] < runMost {
			runs[last][1]++
		} else {
			runs = append(runs, [2]int{n, n + 1})
		}
	}
	return runs
}

func (b *Book) keep(n name, p page, size int) {
	if b.pages == nil || b.size+size > most {
		b.pages, b.size = map[name]page{}, 0
	}
	b.pages[n] = p
	b.size += size + 1
}

// readers is how many queries run at a time.
const readers = 4

// atOnce calls do with each number below n, a few at a time.
func atOnce(n int, do func(int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for first := range min(readers, n) {
		wait.Go(func() {
			for i := first; i < n; i += readers {
				errs[i] = do(i)
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// eachDay counts days one by one.
func eachDay[T any](days Days, count func(from, to time.Time) (T, error)) ([]T, error) {
	values := make([]T, len(days)-1)
	for n := range values {
		var err error
		if values[n], err = count(days[n], days[n+1]); err != nil {
			return nil, err
		}
	}
	return values, nil
}
