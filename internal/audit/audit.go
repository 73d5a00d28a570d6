// Package audit is the log of every change that somebody made through a door: a person on the pages, a token in the API, the
// one who keeps the installation on the command line, or the product itself. An entry says who, from which network, what,
// about which thing, and what was there before and is there after. Entries are written in the transaction of the change, so
// that there is none without the other, and are never changed or taken away.
//
// What machines report in bulk – clicks, conversions, refunds – are facts and no changes: they stand in their own tables and
// are not told here one by one. What a person decides about them by hand is.
//
// A door says in one line, at the end of the transaction, what it did and to what; it does not say how the thing looked. That
// is read here, twice: as the transaction has left it, and as everybody else still sees it. So no change has to be told field
// by field, no signature carries anything for the log, and a field that a thing is given later is in the log by one line in
// its list of fields. Who forgets the line is found by the tests of the doors, which walk all that can be written.
//
// Nothing secret is ever a field: no password, no token, no key. The accounts that partners are paid to are masked.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kind is what sort of actor did something.
type Kind string

// The kinds of actors.
const (
	Person  Kind = "person"
	Token   Kind = "token"
	Command Kind = "command"
	System  Kind = "system"
)

// Kinds are all kinds.
var Kinds = []Kind{Person, Token, Command, System}

// CommandLine is who works on the machine itself, under the name that the machine knows.
func CommandLine(name string) auth.Actor { return auth.Actor{ID: string(Command), Name: name} }

// Itself is the product.
var Itself = auth.Actor{ID: string(System), Name: "Tributary"}

func kindOf(actor string) Kind {
	switch {
	case actor == string(Command), actor == string(System):
		return Kind(actor)
	case strings.HasPrefix(actor, "tok_"):
		return Token
	}
	return Person
}

// Change is one field before and after. One of them is empty for what was added or taken away.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Note is something that was said along with a change, such as a reason. Nothing is noted that was not said.
func Note(field, said string) Change { return Change{Field: field, After: said} }

// Entry is one change.
type Entry struct {
	ID      string
	At      time.Time
	Brand   string // in whose log it stands; empty: it concerns no brand
	Program string // an id; empty for what belongs to no one program
	Kind    Kind
	Who     string // the id of the person, partner or token
	Name    string // theirs, at that time
	From    string // the network; empty where it is nobody's business
	Action  Action
	Subject string // an id
	Title   string // what the subject is called, at that time
	Changes []Change
}

// Record writes that somebody has done something to the thing with the id. It is called when all else is written. The entry
// stands in the log of the brand for which they acted; what somebody did for no brand stands in the log of every brand that
// it concerns.
func Record(ctx context.Context, tx *db.Tx, by auth.Actor, what Action, subject string, notes ...Change) error {
	if !slices.Contains(Actions, what) {
		return fmt.Errorf("record %s: there is no such action", what)
	}
	was, err := look(ctx, tx.Before(), by.Brand, subject)
	if err != nil {
		return fmt.Errorf("record %s: %w", what, err)
	}
	is, err := look(ctx, tx, by.Brand, subject)
	if err != nil {
		return fmt.Errorf("record %s: %w", what, err)
	}
	now := is
	if now.title == "" {
		now = was // it is gone
	}
	e := Entry{At: tx.Now, Program: now.program, Kind: kindOf(by.ID), Who: by.ID, Name: by.Name, From: by.From, Action: what, Subject: subject,
		Title: now.title, Changes: differences(was.fields, is.fields)}
	for _, note := range notes {
		if note.Before != "" || note.After != "" {
			e.Changes = append(e.Changes, Change{note.Field, clip(note.Before), clip(note.After)})
		}
	}
	brands := concerned(by, what, now, e.Changes)
	if by.Partner != "" && brands[0] != "" {
		// A brand knows the partner, not who works there, and not where from.
		p, err := partner.Get(ctx, tx, by.Partner)
		if err != nil {
			return fmt.Errorf("record %s: %w", what, err)
		}
		e.Who, e.Name, e.From = p.ID, p.Name, ""
	}
	for _, e.Brand = range brands {
		if err := insert(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// concerned are the brands in whose log a change stands.
func concerned(by auth.Actor, what Action, on thing, changes []Change) []string {
	switch {
	case by.Brand != "":
		return []string{by.Brand}
	case what.Noun() == "colleague", what == PartnerChange && len(changes) == 0, len(on.brands) == 0:
		// who signs in for a partner, and what brands do not see of one, is the partner's own
		return []string{""}
	}
	return on.brands
}

// differences are the fields that are not what they were, in the order of the list.
func differences(was, is []field) []Change {
	before := map[string]string{}
	for _, f := range was {
		before[f.name] = f.value
	}
	var list []Change
	add := func(name, before, after string) {
		if before != after {
			if mask := masks[name]; mask != nil {
				before, after = mask(before), mask(after)
			}
			list = append(list, Change{name, clip(before), clip(after)})
		}
	}
	for _, f := range is {
		add(f.name, before[f.name], f.value)
		delete(before, f.name)
	}
	for _, f := range was {
		if gone, ok := before[f.name]; ok {
			add(f.name, gone, "")
		}
	}
	return list
}

// masks make of an account what may be read by others.
var masks = map[string]func(string) string{"pay_to": partner.Masked}

const valueMost = 1000 // characters of a value that are kept

func clip(s string) string {
	if runes := []rune(s); len(runes) > valueMost {
		return string(runes[:valueMost-1]) + "…"
	}
	return s
}

func insert(ctx context.Context, tx *db.Tx, e Entry) error {
	if e.Changes == nil {
		e.Changes = []Change{}
	}
	changes, err := json.Marshal(e.Changes)
	if err != nil {
		return err
	}
	return db.Later(ctx, tx, `/* audit.Record */ insert into audit (`+entryColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, id.New("aud", tx.Now), e.At.UnixMilli(), e.Brand, e.Program,
		string(e.Kind), e.Who, e.Name, e.From, e.Action.Noun(), e.Action.verb(), e.Subject, e.Title, string(changes))
}

// thing is what an entry is about, as one reader sees it. Without a title it does not exist.
type thing struct {
	title   string
	program string   // an id
	brands  []string // whom it concerns
	fields  []field
}

type field struct{ name, value string }

// look reads the thing with the id, for a brand or, when that is empty, for everybody.
func look(ctx context.Context, r db.Reader, brand, subject string) (thing, error) {
	prefix, _, _ := strings.Cut(subject, "_")
	read, ok := things[prefix]
	if !ok {
		return thing{}, fmt.Errorf("nothing is known of things like %q", subject)
	}
	t, err := read(ctx, r, brand, subject)
	if p, ok := problem.As(err); ok && p.Status == http.StatusNotFound || errors.Is(err, db.ErrNone) {
		return thing{}, nil
	}
	return t, err
}
