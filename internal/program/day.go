package program

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Figure is what is counted by day.
type Figure string

// The figures.
const (
	Clicks Figure = "clicks" // touches
	Orders Figure = "orders" // conversions, what refunds left of them, who they are of, and their commissions
)

// Moment is a fact of a program, at the turn in which it was written.
type Moment struct {
	Program string
	At      time.Time
	Turn    int64
}

const dayLong = 24 * 60 * 60 * 1000 // a day of UTC in milliseconds

// MarkDays keeps that a figure of the days of the moments may have changed. Whoever writes what a figure is counted from
// calls it in the same transaction, while it holds the program's turn; so a day whose mark is still the same has the same
// figure, whenever the facts came and on whichever node.
func MarkDays(ctx context.Context, tx *db.Tx, f Figure, moments []Moment) error {
	type day struct {
		program string
		n       int64
	}
	seen := map[day]bool{}
	var rows [][]any
	for _, m := range moments {
		if d := (day{m.Program, m.At.UnixMilli() / dayLong}); !seen[d] {
			seen[d] = true
			rows = append(rows, []any{m.Program, string(f), d.n, m.Turn})
		}
	}
	return db.InsertLater(ctx, tx, `/* program.MarkDays */ insert into program_day (program, figure, day, turn)`, rows,
		`on conflict (program, figure, day) do update set turn = excluded.turn`)
}

// Marks are the turns in which a figure of days last changed.
type Marks struct{ turns map[int64]int64 }

// DayMarks reads the marks of a program from a moment to a moment.
func DayMarks(ctx context.Context, r db.Reader, program string, f Figure, from, to time.Time) (Marks, error) {
	type mark struct{ day, turn int64 }
	rows, err := db.All(ctx, r, func(row db.Row) (mark, error) {
		var m mark
		err := row.Scan(&m.day, &m.turn)
		return m, err
	}, `/* program.DayMarks */ select day, turn from program_day where program = $1 and figure = $2 and day >= $3 and day <= $4`,
		program, string(f), from.UnixMilli()/dayLong, to.UnixMilli()/dayLong)
	m := Marks{make(map[int64]int64, len(rows))}
	for _, row := range rows {
		m.turns[row.day] = row.turn
	}
	return m, err
}

// Between is the last turn of all days of UTC that a stretch of time touches; it grows whenever one of them changes.
func (m Marks) Between(from, to time.Time) (last int64) {
	for day := from.UnixMilli() / dayLong; day*dayLong < to.UnixMilli(); day++ {
		last = max(last, m.turns[day])
	}
	return last
}
