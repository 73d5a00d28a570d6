package event

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// Filter narrows a list; what is empty narrows nothing.
type Filter struct {
	Brand   string
	Program string
	Subject string
	Kind    Kind
	After   int64 // the seq of the last event seen, in the list's own direction
	Limit   int   // 100 when zero
}

// List are events, oldest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Event, error) {
	var args db.Args
	where := "seq > " + args.Add(f.After) + f.where(&args)
	return db.All(ctx, r, scanEvent, `/* event.List */
		select `+eventColumns+` from event where `+where+` order by seq limit `+args.Add(f.limit()), args.List()...)
}

// Latest are events, newest first.
func Latest(ctx context.Context, r db.Reader, f Filter) ([]Event, error) {
	var args db.Args
	where := "seq > 0"
	if f.After > 0 {
		where = "seq < " + args.Add(f.After)
	}
	where += f.where(&args)
	return db.All(ctx, r, scanEvent, `/* event.Latest */
		select `+eventColumns+` from event where `+where+` order by seq desc limit `+args.Add(f.limit()), args.List()...)
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return 100
	}
	return f.Limit
}

func (f Filter) where(args *db.Args) string {
	var b strings.Builder
	for _, c := range []struct{ column, value string }{
		{"brand", f.Brand}, {"program", f.Program}, {"subject", f.Subject}, {"kind", string(f.Kind)},
	} {
		if c.value != "" {
			b.WriteString(" and " + c.column + " = " + args.Add(c.value))
		}
	}
	return b.String()
}
