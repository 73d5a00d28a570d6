package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Uses are how often a code was used, and how often without a visit from its partner.
type Uses struct {
	All   int64
	Alone int64
}

// CodeFigures are a code's uses of the last seven days, and of the four weeks before.
type CodeFigures struct {
	Week   Uses
	Before Uses
}

// The bounds of a leak.
const (
	leakWeek   = 7 * 24 * time.Hour
	leakBefore = 28 * 24 * time.Hour
	leakLeast  = 10  // uses in the week: fewer are chance
	leakShare  = 700 // thousandths without a visit
	leakRise   = 3   // times the uses of a week before
)

// Leaked tells whether it looks as if a code has come to people whom its partner has not reached: most of the week's uses came
// without a visit, and that is new. A code that was always used so, as one that is said in a podcast, has not leaked; nor is there
// anything to tell of one that has no history.
func (f CodeFigures) Leaked() bool {
	if f.Week.All < leakLeast || f.Week.Alone*1000 < f.Week.All*leakShare || f.Before.All == 0 {
		return false
	}
	doubled := f.Before.Alone*2*f.Week.All <= f.Week.Alone*f.Before.All
	rose := f.Week.All*4 >= leakRise*f.Before.All
	return doubled || rose
}

type codeCount struct {
	code string
	CodeFigures
}

// FiguresOfCodes are those of the codes of a program that were used, by code.
func FiguresOfCodes(ctx context.Context, r db.Reader, prog string, now time.Time) (map[string]CodeFigures, error) {
	var args db.Args
	week, before := args.Add(now.Add(-leakWeek).UnixMilli()), args.Add(now.Add(-leakWeek-leakBefore).UnixMilli())
	list, err := db.All(ctx, r, func(row db.Row) (codeCount, error) {
		var c codeCount
		err := row.Scan(&c.code, &c.Week.All, &c.Week.Alone, &c.Before.All, &c.Before.Alone)
		return c, err
	}, `/* commission.FiguresOfCodes */ select code, count(*) filter (where at >= `+week+`), count(*) filter (where at >= `+week+` and not visited),
		count(*) filter (where at < `+week+`), count(*) filter (where at < `+week+` and not visited)
		from code_use where program = `+args.Add(prog)+` and at >= `+before+` and at <= `+args.Add(now.UnixMilli())+` group by code`, args.List()...)
	found := make(map[string]CodeFigures, len(list))
	for _, c := range list {
		found[c.code] = c.CodeFigures
	}
	return found, err
}

// useRows are the rows that tell of the codes on an order.
func useRows(d outcome) (rows [][]any) {
	for _, u := range d.explanation.Codes {
		rows = append(rows, []any{d.sale.ID, d.sale.Program, u.Code, u.Partnership, d.sale.At.UnixMilli(), u.Visited, string(u.Verdict)})
	}
	return rows
}

// forgetUses takes away the rows of codes that an order stands without now, as one does whose trusted report names none.
func forgetUses(ctx context.Context, tx *db.Tx, d outcome) error {
	for _, u := range d.used {
		if slices.ContainsFunc(d.explanation.Codes, func(now CodeUse) bool { return now.Code == u.Code }) {
			continue
		}
		if err := db.Later(ctx, tx, `/* commission.forgetUses */ delete from code_use where conversion = $1 and code = $2`, d.sale.ID, u.Code); err != nil {
			return err
		}
	}
	return nil
}
