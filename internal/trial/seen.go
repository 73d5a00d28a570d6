package trial

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Seen is what has been tried with a program so far.
type Seen struct {
	Link  creative.Link // the zero link before it was made
	Click touch.Touch   // the newest by it; zero when none
	Land  time.Time     // when the tag last told of a visit by a test click; zero when never
	Sales []conversion.Conversion
}

// Look reads what has been tried, the newest sales first.
func Look(ctx context.Context, r db.Reader, prog string, most int) (s Seen, err error) {
	s.Link, err = LinkOf(ctx, r, prog)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return s, err
	}
	if s.Link.ID != "" {
		if s.Click, err = lastClick(ctx, r, s.Link); err != nil {
			return s, err
		}
		if s.Land, err = lastLanding(ctx, r, prog); err != nil {
			return s, err
		}
	}
	s.Sales, err = Sales(ctx, r, prog, "", most)
	return s, err
}

// lastLanding is when a visitor was last joined with a test click: a landing is no touch of its own.
func lastLanding(ctx context.Context, r db.Reader, prog string) (time.Time, error) {
	ms, err := db.One(ctx, r, db.Value[int64], `/* trial.lastLanding */ select coalesce(max(at), 0) from identity_link
		where program = $1 and (a like 'v:%' or b like 'v:%')`, program.TestID(prog))
	if err != nil || ms == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(ms).UTC(), nil
}

// Sales are a program's test sales before the one with the id, the last received first; from the newest when it is empty.
func Sales(ctx context.Context, r db.Reader, prog, before string, most int) ([]conversion.Conversion, error) {
	return commission.Conversions(ctx, r, commission.Wanted{Program: program.TestID(prog), Before: before, Limit: most})
}
