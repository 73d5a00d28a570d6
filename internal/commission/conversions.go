package commission

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// Nobody is asked for as the state of a conversion that nobody earned.
const Nobody State = "nobody"

// Wanted narrows a list of conversions. Empty fields do not.
type Wanted struct {
	Program     string
	Event       string
	Search      string    // see conversion.Search
	State       State     // in which one of its commissions is, or Nobody
	Partnership string    // who has a commission of it
	Final       time.Time // before which a commission of it becomes final that is pending
	From, To    time.Time
	Before      string // the id after which the page begins; newest first
	Limit       int
}

// Conversions are those of a program with what became of them, the last received first.
func Conversions(ctx context.Context, r db.Reader, w Wanted) ([]conversion.Conversion, error) {
	found, some, err := w.found(ctx, r)
	if err != nil || !some {
		return nil, err
	}
	var args db.Args
	from, where, id := w.along(&args, found)
	if w.Before != "" {
		where = append(where, id+" < "+args.Add(w.Before))
	}
	ids, err := db.All(ctx, r, db.Value[string], `/* commission.Conversions */ select `+id+` from `+from+`
		where `+strings.Join(where, " and ")+` order by `+id+` desc limit `+args.Add(w.Limit), args.List()...)
	if err != nil {
		return nil, err
	}
	list, err := conversion.Named(ctx, r, ids)
	slices.SortFunc(list, func(a, b conversion.Conversion) int { return strings.Compare(b.ID, a.ID) })
	return list, err
}

// found are the conversions that the words find, or nil without words; some is false when there can be none.
func (w Wanted) found(ctx context.Context, r db.Reader) (found []string, some bool, err error) {
	if w.State == Nobody && w.Partnership != "" {
		return nil, false, nil // what is a partner's is somebody's
	}
	if w.Search == "" {
		return nil, true, nil
	}
	found, err = conversion.Search(ctx, r, w.Program, w.Search)
	return found, len(found) > 0, err
}

// along is where the list is read and what narrows it.
func (w Wanted) along(args *db.Args, found []string) (from string, where []string, id string) {
	from, where, id = w.path(args, found)
	if w.Event != "" {
		where = append(where, "c.event = "+args.Add(w.Event))
	}
	if !w.From.IsZero() {
		where = append(where, "c.at >= "+args.Add(w.From.UnixMilli()))
	}
	if !w.To.IsZero() {
		where = append(where, "c.at < "+args.Add(w.To.UnixMilli()))
	}
	return from, where, id
}

// path is what the list is read along, so that none reads a large program to its end: those found by a search; a state's
// commissions, which have an index in the order of the list; a partner's; or the program's conversions.
func (w Wanted) path(args *db.Args, found []string) (from string, where []string, id string) {
	switch {
	case w.State == Nobody:
		from, where, id = "derivation d join conversion c on c.id = d.conversion", []string{"d.program = " + args.Add(w.Program), "d.reason <> ''"}, "d.conversion"
	case w.State != "" || w.Partnership != "":
		from, where, id = "commission m join conversion c on c.id = m.conversion", []string{"m.program = " + args.Add(w.Program)}, "m.conversion"
		if w.State != "" {
			where = append(where, "m.state = "+args.Add(string(w.State)))
		}
		final := func(string) string { return "" }
		if !w.Final.IsZero() {
			before := args.Add(w.Final.UnixMilli())
			final = func(of string) string { return " and " + of + ".matured = 0 and " + of + ".matures < " + before }
			where[0] += final("m")
		}
		if w.Partnership != "" {
			where = append(where, "m.partnership = "+args.Add(w.Partnership))
		} else { // of several partners' one stands for the conversion
			where = append(where, "not exists (select 1 from commission n where n.conversion = m.conversion and n.partnership < m.partnership and n.state = m.state"+final("n")+")")
		}
	case found == nil:
		return "conversion c", []string{"c.program = " + args.Add(w.Program)}, "c.id"
	default:
		from, id = "conversion c", "c.id"
	}
	if found != nil {
		where = append(where, id+" in "+args.In(found))
	}
	return from, where, id
}
