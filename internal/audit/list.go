package audit

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

const entryColumns = "id, at, brand, program, kind, who, name, address, noun, verb, subject, title, changes"

func scanEntry(row db.Row) (Entry, error) {
	var e Entry
	var at int64
	var noun, verb, changes string
	if err := row.Scan(&e.ID, &at, &e.Brand, &e.Program, &e.Kind, &e.Who, &e.Name, &e.From, &noun, &verb, &e.Subject, &e.Title, &changes); err != nil {
		return e, err
	}
	e.At, e.Action = time.UnixMilli(at).UTC(), Action(noun+"."+verb)
	return e, json.Unmarshal([]byte(changes), &e.Changes)
}

// Filter narrows a brand's log. What is empty narrows nothing.
type Filter struct {
	Brand    string // whose log; it is always asked for
	Program  string
	Who      string
	Noun     string
	Action   Action
	Subjects []string  // about any of these
	From, To time.Time // not before the first, and before the second
	Before   string    // the id after which the page begins; the newest come first
	Limit    int
}

func (f Filter) where(args *db.Args) string {
	where := "brand = " + args.Add(f.Brand)
	if f.Action != "" {
		f.Noun = f.Action.Noun()
		where += " and verb = " + args.Add(f.Action.verb())
	}
	for _, c := range []struct{ column, value string }{{"noun", f.Noun}, {"who", f.Who}, {"program", f.Program}} {
		if c.value != "" {
			where += " and " + c.column + " = " + args.Add(c.value)
		}
	}
	if len(f.Subjects) > 0 {
		where += " and subject in " + args.In(f.Subjects)
	}
	// An id begins with its moment, so a stretch of time is a stretch of the index.
	if !f.From.IsZero() {
		where += " and id >= " + args.Add(id.First("aud", f.From))
	}
	if !f.To.IsZero() {
		where += " and id < " + args.Add(id.First("aud", f.To))
	}
	if f.Before != "" {
		where += " and id < " + args.Add(f.Before)
	}
	return where
}

// List is a part of a brand's log, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Entry, error) {
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanEntry, `/* audit.List */ select `+entryColumns+` from audit where `+where+`
		order by id desc limit `+args.Add(f.Limit), args.List()...)
}
