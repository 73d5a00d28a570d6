package touch

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// at + 0 keeps both planners from walking all touches of the time instead of the few of the visitors.

// Of are the touches of those who are named so, from a moment to a moment, both included, in the order of time and id.
func Of(ctx context.Context, r db.Reader, program string, who []string, from, to time.Time) ([]Touch, error) {
	var found []Touch
	err := db.Batches(who, 512, func(who []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanTouch, `/* touch.Of */ select `+touchColumns+` from touch
			where program = `+args.Add(program)+` and who in `+args.In(who)+`
			and at + 0 between `+args.Add(from.UnixMilli())+` and `+args.Add(to.UnixMilli()), args.List()...)
		found = append(found, list...)
		return err
	})
	slices.SortFunc(found, func(a, b Touch) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return found, err
}

// Named are the touches with the ids, those that are known, by id.
func Named(ctx context.Context, r db.Reader, ids []string) (map[string]Touch, error) {
	found := make(map[string]Touch, len(ids))
	err := db.Batches(ids, 512, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanTouch, `/* touch.Named */ select `+touchColumns+` from touch where id in `+args.In(ids), args.List()...)
		for _, t := range list {
			found[t.ID] = t
		}
		return err
	})
	return found, err
}

// Filter says which touches of a program a list has.
type Filter struct {
	Program     string
	Partnership string    // of any when empty
	Link        string    // by any when empty
	Marks       []Mark    // with any when empty
	Network     string    // from any when empty
	Agent       string    // with any when empty
	From, To    time.Time // from included, to excluded; without an end when zero
	After       string    // the cursor of the last touch of the page before
	Limit       int
}

// Cursor is where a list that ended with the touch goes on.
func (t Touch) Cursor() string { return strconv.FormatInt(t.At.UnixMilli(), 10) + "." + t.ID }

// List is a page of a program's touches, newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Touch, error) {
	var args db.Args
	where := ` where program = ` + args.Add(f.Program)
	if f.Partnership != "" {
		where += ` and partnership = ` + args.Add(f.Partnership)
	}
	if f.Link != "" {
		where += ` and link = ` + args.Add(f.Link)
	}
	if f.Network != "" {
		where += ` and address = ` + args.Add(f.Network)
	}
	if f.Agent != "" {
		where += ` and agent = ` + args.Add(f.Agent)
	}
	if len(f.Marks) > 0 {
		names := make([]string, len(f.Marks))
		for i, mark := range f.Marks {
			names[i] = string(mark)
		}
		where += ` and mark in ` + args.In(names)
	}
	if !f.From.IsZero() {
		where += ` and at >= ` + args.Add(f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		where += ` and at < ` + args.Add(f.To.UnixMilli())
	}
	order := `id` + db.CollateC(r)
	if f.After != "" {
		text, id, ok := strings.Cut(f.After, ".")
		ms, err := strconv.ParseInt(text, 10, 64)
		if !ok || err != nil || clean(id, 200) != id {
			return nil, problem.Invalid("after", "the cursor is not where a list goes on")
		}
		at := args.Add(ms)
		where += ` and at <= ` + at + ` and (at < ` + at + ` or ` + order + ` < ` + args.Add(id) + `)`
	}
	return db.All(ctx, r, scanTouch, `/* touch.List */ select `+touchColumns+` from touch`+where+`
		order by at desc, `+order+` desc limit `+args.Add(f.Limit), args.List()...)
}
