package touch

import (
	"context"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Day is the clicks of one day.
type Day struct {
	Date   time.Time // its midnight, in the zone that was asked for
	Clicks int64
}

// Count is the clicks of what Name names.
type Count struct {
	Name   string
	Clicks int64
}

func scanCount(row db.Row) (Count, error) {
	var c Count
	err := row.Scan(&c.Name, &c.Clicks)
	return c, err
}

// counted is the clicks that count of a program, from a moment to a moment, the latter excluded.
const counted = ` from touch where program = $1 and at >= $2 and at < $3 and kind = 'click' and mark = '' `

// Daily is each day's clicks that count, of one partnership or, when it is empty, of all: every day from the one of from to
// the one before to, also those without a click.
func Daily(ctx context.Context, r db.Reader, program, partnership string, from, to time.Time, zone *time.Location) ([]Day, error) {
	parts, err := db.All(ctx, r, scanQuarter, `/* touch.Daily */ select at / `+strconv.Itoa(quarter)+` as start, count(*)`+counted+`
		and ($4 = '' or partnership = $4) group by 1 order by 1`, program, from.UnixMilli(), to.UnixMilli(), partnership)
	if err != nil {
		return nil, err
	}
	return intoDays(parts, from, to, zone), nil
}

const quarter = 15 * 60 * 1000 // every zone's midnight falls on a quarter of an hour

// quarters are the clicks of the quarter of an hour that begins at start × quarter.
type quarters struct{ start, clicks int64 }

func scanQuarter(row db.Row) (quarters, error) {
	var q quarters
	err := row.Scan(&q.start, &q.clicks)
	return q, err
}

// intoDays gathers quarters of an hour into a zone's days.
func intoDays(parts []quarters, from, to time.Time, zone *time.Location) []Day {
	var days []Day
	year, month, first := from.In(zone).Date()
	for n := 0; ; n++ {
		day := Day{Date: time.Date(year, month, first+n, 0, 0, 0, 0, zone)}
		if !day.Date.Before(to) {
			return days
		}
		end := time.Date(year, month, first+n+1, 0, 0, 0, 0, zone).UnixMilli()
		for len(parts) > 0 && parts[0].start*quarter < end {
			day.Clicks += parts[0].clicks
			parts = parts[1:]
		}
		days = append(days, day)
	}
}

// ByPartnership is each partnership's clicks that count, by its id.
func ByPartnership(ctx context.Context, r db.Reader, program string, from, to time.Time) (map[string]int64, error) {
	return byName(db.All(ctx, r, scanCount, `/* touch.ByPartnership */ select partnership, count(*)`+counted+`group by partnership`,
		program, from.UnixMilli(), to.UnixMilli()))
}

// ByLink is the clicks that count of each of a partnership's links, by the link's id.
func ByLink(ctx context.Context, r db.Reader, program, partnership string, from, to time.Time) (map[string]int64, error) {
	return byName(db.All(ctx, r, scanCount, `/* touch.ByLink */ select link, count(*)`+counted+`and partnership = $4 group by link`,
		program, from.UnixMilli(), to.UnixMilli(), partnership))
}

func byName(counts []Count, err error) (map[string]int64, error) {
	named := make(map[string]int64, len(counts))
	for _, c := range counts {
		named[c.Name] = c.Clicks
	}
	return named, err
}

// BySub is the clicks that count of each word that a partnership put into a sub-id, n from 1 to 5, the most first.
func BySub(ctx context.Context, r db.Reader, program, partnership string, n int, from, to time.Time, limit int) ([]Count, error) {
	sub := "sub" + strconv.Itoa(min(max(n, 1), 5))
	return db.All(ctx, r, scanCount, `/* touch.BySub */ select `+sub+`, count(*)`+counted+`and partnership = $4 and `+sub+` <> ''
		group by `+sub+` order by count(*) desc, `+sub+` limit $5`, program, from.UnixMilli(), to.UnixMilli(), partnership, limit)
}
