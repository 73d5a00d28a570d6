package journey

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// SplitKind is what a split says.
type SplitKind string

// The kinds of splits. Of two that speak of the same keys the later one holds.
const (
	Apart  SplitKind = "apart"  // the keys of the two sides are different people: no link between them holds
	Shared SplitKind = "shared" // the key is of many people, such as a shop's own address: no link with it holds
	Same   SplitKind = "same"   // takes back one of the others
)

// Split is a word against links. It is a fact like them: they are not taken away, they just do not hold, whenever they came or
// will come.
type Split struct {
	ID      string
	Program string
	Kind    SplitKind
	A, B    []string // keys; B is empty for what is said of a key by itself
	At      time.Time
	Turn    int64
	Reason  string
	Author  string // empty: the line itself has found a shared key
}

// Splits are all splits of a program, as they are asked for: by key.
type Splits struct {
	list []Split
	of   map[string][]mention
}

type mention struct {
	split int // in the list
	side  int64
}

// SplitsOf reads the splits of a program; agreed is the word under which they are remembered.
func SplitsOf(ctx context.Context, r db.Reader, prog, agreed string) (*Splits, error) {
	found, err := db.Remember(r, "splits", agreed, []string{prog}, func([]string) (map[string]*Splits, error) {
		s, err := readSplits(ctx, r, prog)
		return map[string]*Splits{prog: s}, err
	})
	return found[prog], err
}

func readSplits(ctx context.Context, r db.Reader, prog string) (*Splits, error) {
	list, err := db.All(ctx, r, func(row db.Row) (Split, error) {
		var s Split
		var at int64
		err := row.Scan(&s.ID, &s.Program, &s.Kind, &at, &s.Turn, &s.Reason, &s.Author)
		s.At = time.UnixMilli(at).UTC()
		return s, err
	}, `/* journey.SplitsOf */ select id, program, kind, at, turn, reason, author from identity_split where program = $1 order by turn, id`, prog)
	if err != nil || len(list) == 0 {
		return &Splits{}, err
	}
	type side struct {
		split, key string
		side       int64
	}
	sides, err := db.All(ctx, r, func(row db.Row) (side, error) {
		var s side
		err := row.Scan(&s.split, &s.key, &s.side)
		return s, err
	}, `/* journey.SplitsOf */ select split, key, side from identity_side where program = $1 order by key`, prog)
	places := make(map[string]int, len(list))
	for i, s := range list {
		places[s.ID] = i
	}
	for _, one := range sides {
		s := &list[places[one.split]]
		if one.side == 0 {
			s.A = append(s.A, one.key)
		} else {
			s.B = append(s.B, one.key)
		}
	}
	return &Splits{list: list, of: mentions(list)}, err
}

func mentions(list []Split) map[string][]mention {
	of := map[string][]mention{}
	for i, s := range list {
		for _, key := range s.A {
			of[key] = append(of[key], mention{i, 0})
		}
		for _, key := range s.B {
			of[key] = append(of[key], mention{i, 1})
		}
	}
	return of
}

// All are the splits, in the order in which they were said.
func (s *Splits) All() []Split { return s.list }

// About are those that speak of any of the keys.
func (s *Splits) About(keys []string) []Split {
	var found []int
	for _, key := range keys {
		for _, m := range s.of[key] {
			found = append(found, m.split)
		}
	}
	slices.Sort(found)
	var list []Split
	for _, i := range slices.Compact(found) {
		list = append(list, s.list[i])
	}
	return list
}

// Shared tells whether a key is of many people, as known at the turn.
func (s *Splits) Shared(key string, turn int64) (shared bool) {
	for _, m := range s.of[key] {
		if one := s.list[m.split]; one.Turn <= turn && len(one.B) == 0 {
			shared = one.Kind == Shared
		}
	}
	return shared
}

// spoken tells whether anybody has said of a key by itself whether it is of many.
func (s *Splits) spoken(key string) bool {
	return slices.ContainsFunc(s.of[key], func(m mention) bool { return len(s.list[m.split].B) == 0 })
}

// Spoken are the keys of which somebody has said by themselves whether they are of many.
func (s *Splits) Spoken() (list []string) {
	for key := range s.of {
		if s.spoken(key) {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}

// With are the splits and one more, which was said last.
func (s *Splits) With(more Split) *Splits {
	list := append(slices.Clip(s.list), more)
	return &Splits{list: list, of: mentions(list)}
}

// Parted tells whether anybody was ever said to be different people.
func (s *Splits) Parted() bool {
	return slices.ContainsFunc(s.list, func(one Split) bool { return one.Kind == Apart })
}

// cuts tells whether a link between the keys does not hold, as known at the turn.
func (s *Splits) cuts(a, b string, turn int64) (cut bool) {
	if s.Shared(a, turn) || s.Shared(b, turn) {
		return true
	}
	others := s.of[b]
	for _, m := range s.of[a] {
		if one := s.list[m.split]; one.Turn <= turn && slices.Contains(others, mention{m.split, 1 - m.side}) {
			cut = one.Kind == Apart
		}
	}
	return cut
}

// parts are the keys of one report, as far as they are one person: all of them, where nobody has said otherwise.
func (s *Splits) parts(keys []string, turn int64) [][]string {
	if len(keys) < 2 || !slices.ContainsFunc(keys, func(key string) bool { return len(s.of[key]) > 0 }) {
		return [][]string{keys}
	}
	var sets unions
	for i, a := range keys {
		for _, b := range keys[:i] {
			if !s.cuts(a, b, turn) {
				sets.join(a, b)
			}
		}
	}
	var parts [][]string
	at := map[string]int{}
	for _, key := range keys {
		root := sets.root(key)
		i, ok := at[root]
		if !ok {
			i = len(parts)
			at[root], parts = i, append(parts, nil)
		}
		parts[i] = append(parts[i], key)
	}
	return parts
}

// Cut tells whether any of a report's keys is kept from the others now.
func (s *Splits) Cut(b Bond) bool { return len(s.parts(b.Keys, always)) > 1 }

// Anchor is the key by which a conversion belongs to a person: the strongest that is not of many. Keys are the strongest first.
func (s *Splits) Anchor(keys []string, turn int64) string {
	for _, key := range keys {
		if !s.Shared(key, turn) {
			return key
		}
	}
	return keys[0]
}

// SidesMost is how many keys one split can speak of.
const SidesMost = 2000

// Say keeps a split. The caller holds the program's turn, and groups the keys again.
func Say(ctx context.Context, tx *db.Tx, s Split) (Split, error) {
	s.ID, s.At, s.Reason = id.New("spl", tx.Now), tx.Now, strings.TrimSpace(s.Reason)
	s.A, s.B = distinct(s.A), distinct(s.B)
	switch {
	case len(s.A) == 0 || s.Kind == Apart && len(s.B) == 0:
		return s, problem.Invalid("keys", "say which keys are somebody else's: some of the person's, and not all")
	case slices.ContainsFunc(s.A, func(key string) bool { return slices.Contains(s.B, key) }):
		return s, problem.Invalid("keys", "a key cannot be on both sides")
	case len(s.A)+len(s.B) > SidesMost:
		return s, problem.Invalid("keys", "at most %d keys can be parted at once", SidesMost)
	case len([]rune(s.Reason)) > 500:
		return s, problem.Invalid("reason", "a reason has at most %d letters", 500)
	}
	if _, err := db.Exec(ctx, tx, `/* journey.Say */ insert into identity_split (id, program, kind, at, turn, reason, author)
		values ($1, $2, $3, $4, $5, $6, $7)`, s.ID, s.Program, string(s.Kind), s.At.UnixMilli(), s.Turn, s.Reason, s.Author); err != nil {
		return s, err
	}
	var rows [][]any
	for side, keys := range [][]string{s.A, s.B} {
		for _, key := range keys {
			rows = append(rows, []any{s.ID, s.Program, key, int64(side)})
		}
	}
	if err := db.InsertLater(ctx, tx, `/* journey.Say */ insert into identity_side (split, program, key, side)`, rows, ""); err != nil {
		return s, err
	}
	_, err := program.Renew(ctx, tx, s.Program) // what was remembered of splits does not hold any more
	return s, err
}
