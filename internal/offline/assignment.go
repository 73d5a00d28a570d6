// Package offline is where people meet partners and no browser sees it: they call a number that is a partner's, or pay with
// a card that they have enrolled with one. It keeps whose numbers and cards are, and which calls came in; it decides nothing
// about who earned what, and keeps neither a caller's number nor a card's.
package offline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kind is what is assigned.
type Kind string

// The kinds. A number is called, a card pays.
const (
	Number Kind = "number"
	Card   Kind = "card"
)

// Assignment says to whom a number or a card belongs from a moment on: the last one before a moment holds, and one without
// a partnership ends what was before.
type Assignment struct {
	ID          string
	Program     string
	Kind        Kind
	Name        string // a number as PlainNumber writes it, or the token of a card
	Partnership string // empty: nobody's from then on
	Since       time.Time
	Turn        int64
	Author      string
	Created     time.Time
}

const assignmentColumns = "id, program, kind, name, partnership, since, turn, author, created"

func scanAssignment(row db.Row) (Assignment, error) {
	var a Assignment
	var since, created int64
	err := row.Scan(&a.ID, &a.Program, &a.Kind, &a.Name, &a.Partnership, &since, &a.Turn, &a.Author, &created)
	a.Since, a.Created = time.UnixMilli(since).UTC(), time.UnixMilli(created).UTC()
	return a, err
}

// Read checks an assignment and puts it into its kept form. A moment that is left out is now.
func Read(a Assignment, now time.Time) (Assignment, error) {
	a.ID, a.Created, a.Since = id.New("asg", now), now, a.Since.UTC().Truncate(time.Millisecond)
	if a.Since.UnixMilli() <= 0 {
		a.Since = now
	}
	var fault *problem.Problem
	switch a.Kind {
	case Number:
		a.Name, fault = PlainNumber("number", a.Name)
	case Card:
		a.Name, fault = PlainCard(a.Name)
	default:
		return a, fmt.Errorf("assign a %q", a.Kind)
	}
	var late *problem.Problem
	if a.Since.After(now.AddDate(1, 0, 0)) {
		late = problem.Invalid("since", "%s is more than a year ahead", a.Since.Format(time.DateOnly))
	}
	return a, problem.Join(fault, late)
}

// PlainNumber is a phone number as it is kept and compared: +, and 6 to 15 digits (E.164).
func PlainNumber(field, s string) (string, *problem.Problem) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune(" -–./()+\u00a0\u202f", r):
			return -1
		}
		return 'x'
	}, strings.TrimSpace(s))
	plus := strings.HasPrefix(strings.TrimSpace(s), "+")
	if long, cut := strings.CutPrefix(digits, "00"); cut && !plus {
		digits, plus = long, true
	}
	if len(digits) < 6 || len(digits) > 15 || strings.Contains(digits, "x") || !plus {
		return "", problem.Wrong(field, "phone_invalid", "%q is not a phone number with its country, such as +49 30 1234567", clip(s))
	}
	return "+" + digits, nil
}

const cardMost = 100 // bytes of a token

// PlainCard is a card's token as it is kept: what the processor calls the card by, never its number.
func PlainCard(s string) (string, *problem.Problem) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", problem.Wrong("card", "card_missing", "the token of the card or membership is needed")
	case len(s) > cardMost || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "", problem.Wrong("card", "card_invalid", "a card's token is at most %d letters, digits and signs without spaces", cardMost)
	case isCardNumber(s):
		return "", problem.Wrong("card", "card_number", "that is the number of a payment card: send the token by which the processor knows it, never the number")
	}
	return s, nil
}

// isCardNumber holds for what passes as the number of a payment card: 13 to 19 digits with the right last one (Luhn,
// ISO/IEC 7812).
func isCardNumber(s string) bool {
	digits := strings.ReplaceAll(s, "-", "")
	if len(digits) < 13 || len(digits) > 19 {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i]) - '0'
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// InForce is whose the thing was at a moment, as far as was known at a turn.
func InForce(list []Assignment, at time.Time, turn int64) (found Assignment, ok bool) {
	for _, a := range list {
		if a.Turn > turn || a.Since.After(at) {
			continue
		}
		if !ok || a.Since.After(found.Since) || a.Since.Equal(found.Since) && (a.Turn > found.Turn || a.Turn == found.Turn && a.ID > found.ID) {
			found, ok = a, true
		}
	}
	return found, ok && found.Partnership != ""
}

// Assign keeps assignments of one program, whose turn the caller holds. What was said before is not written again, nor what is so
// now and is said of now; the result has for each whether it is new. What is said of another moment is kept even where it was so
// already: a word that comes later can be about a day before it.
func Assign(ctx context.Context, tx *db.Tx, program string, list []Assignment) ([]bool, error) {
	fresh := make([]bool, len(list))
	known := map[Kind]map[string][]Assignment{}
	for _, kind := range []Kind{Number, Card} {
		var names []string
		for _, a := range list {
			if a.Kind == kind {
				names = append(names, a.Name)
			}
		}
		var err error
		if known[kind], err = Named(ctx, tx, program, kind, names); err != nil {
			return nil, err
		}
	}
	var rows [][]any
	for i, a := range list {
		of := known[a.Kind]
		was, _ := InForce(of[a.Name], a.Since, a.Turn)
		if was.Partnership == a.Partnership && (was.Since.Equal(a.Since) || a.Since.Equal(a.Created)) {
			continue
		}
		fresh[i] = true
		of[a.Name] = append(of[a.Name], a)
		rows = append(rows, []any{a.ID, program, string(a.Kind), a.Name, a.Partnership, a.Since.UnixMilli(), a.Turn, a.Author, a.Created.UnixMilli()})
	}
	_, err := db.Insert(ctx, tx, `/* offline.Assign */ insert into assignment (`+assignmentColumns+`)`, rows, "")
	return fresh, err
}

// Named are the assignments of numbers or cards, by name, in the order of their moments.
func Named(ctx context.Context, r db.Reader, program string, kind Kind, names []string) (map[string][]Assignment, error) {
	found := make(map[string][]Assignment, len(names))
	err := db.Batches(names, 500, func(names []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanAssignment, `/* offline.Named */ select `+assignmentColumns+` from assignment
			where name in `+args.In(names)+` and kind = `+args.Add(string(kind))+` and program = `+args.Add(program)+` order by since, turn, id`, args.List()...)
		for _, a := range list {
			if !has(found[a.Name], a.ID) {
				found[a.Name] = append(found[a.Name], a)
			}
		}
		return err
	})
	return found, err
}

func has(list []Assignment, id string) bool {
	for _, a := range list {
		if a.ID == id {
			return true
		}
	}
	return false
}

// Wanted says which assignments a list has.
type Wanted struct {
	Program     string
	Kind        Kind
	Partnership string // of any when empty
	Before      string // the id of the last one of the page before
	Limit       int
}

// List is a page of a program's assignments, the last told first.
func List(ctx context.Context, r db.Reader, w Wanted) ([]Assignment, error) {
	var args db.Args
	where := ` where program = ` + args.Add(w.Program) + ` and kind = ` + args.Add(string(w.Kind))
	if w.Partnership != "" {
		where += ` and partnership = ` + args.Add(w.Partnership)
	}
	if w.Before != "" {
		where += ` and id < ` + args.Add(w.Before)
	}
	return db.All(ctx, r, scanAssignment, `/* offline.List */ select `+assignmentColumns+` from assignment`+where+` order by id desc limit `+args.Add(w.Limit), args.List()...)
}

// Until is when each of the assignments ends because another one of the same name begins; the zero time is not yet.
func Until(ctx context.Context, r db.Reader, program string, kind Kind, list []Assignment) ([]time.Time, error) {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Name
	}
	all, err := Named(ctx, r, program, kind, names)
	ends := make([]time.Time, len(list))
	for i, a := range list {
		for _, next := range all[a.Name] {
			later := next.Since.After(a.Since) || next.Since.Equal(a.Since) && next.Turn > a.Turn
			if later && (ends[i].IsZero() || next.Since.Before(ends[i])) {
				ends[i] = next.Since
			}
		}
	}
	return ends, err
}

// Get is the assignment with the id.
func Get(ctx context.Context, r db.Reader, id string) (Assignment, error) {
	a, err := db.One(ctx, r, scanAssignment, `/* offline.Get */ select `+assignmentColumns+` from assignment where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return a, problem.NotFound("assignment", id)
	}
	return a, err
}
