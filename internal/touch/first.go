package touch

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// First is the moment of the earliest touch of any of the visitors; ok is false when they have none.
func First(ctx context.Context, r db.Reader, program string, who []string) (at time.Time, ok bool, err error) {
	err = db.Batches(who, 500, func(who []string) error {
		var args db.Args
		ms, err := db.One(ctx, r, db.Value[int64], `/* touch.First */ select coalesce(min(at), -1) from touch
			where program = `+args.Add(program)+` and who in `+args.In(who), args.List()...)
		if first := time.UnixMilli(ms).UTC(); err == nil && ms >= 0 && (!ok || first.Before(at)) {
			at, ok = first, true
		}
		return err
	})
	return at, ok, err
}

// ClickOf is the click id in the name of an unknown visitor who came by a click.
func ClickOf(who string) (click string, ok bool) { return strings.CutPrefix(who, "c:") }
