package touch

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

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

// countedOnce is the same of those that are kept no longer, by the days of the program.
const countedOnce = ` from touch_total where program = $1 and at >= $2 and at < $3 and kind = 'click' and mark = '' `

// ByPartnership is each partnership's clicks that count, by its id.
func ByPartnership(ctx context.Context, r db.Reader, program string, from, to time.Time) (map[string]int64, error) {
	return byName(db.All(ctx, r, scanCount, `/* touch.ByPartnership */ select partnership, cast(sum(touches) as bigint) from (
		select partnership, count(*) as touches`+counted+`group by partnership
		union all select partnership, touches`+countedOnce+`) both_of group by partnership`, program, from.UnixMilli(), to.UnixMilli()))
}

func byName(counts []Count, err error) (map[string]int64, error) {
	named := make(map[string]int64, len(counts))
	for _, c := range counts {
		named[c.Name] = c.Clicks
	}
	return named, err
}

// ByMark is a program's clicks by their mark, those that count under the empty one.
func ByMark(ctx context.Context, r db.Reader, program string, from, to time.Time) (map[Mark]int64, error) {
	counts, err := db.All(ctx, r, scanCount, `/* touch.ByMark */ select mark, cast(sum(touches) as bigint) from (
		select mark, count(*) as touches from touch where program = $1 and at >= $2 and at < $3 and kind = 'click' group by mark
		union all select mark, touches from touch_total where program = $1 and at >= $2 and at < $3 and kind = 'click') both_of group by mark`, program, from.UnixMilli(), to.UnixMilli())
	marked := make(map[Mark]int64, len(counts))
	for _, c := range counts {
		marked[Mark(c.Name)] = c.Clicks
	}
	return marked, err
}
