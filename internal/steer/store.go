package steer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

const ruleColumns = "id, program, link, place, conditions, action, target, resting, author, created, removed"

func scanRule(row db.Row) (Rule, error) {
	var r Rule
	var when string
	var created, removed int64
	err := row.Scan(&r.ID, &r.Program, &r.Link, &r.Place, &when, &r.Do, &r.Target, &r.Resting, &r.Author, &created, &removed)
	r.Removed = removed != 0
	r.Created = time.UnixMilli(created).UTC()
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(when), &r.When)
}

// Rules are a program's rules in their order.
func Rules(ctx context.Context, r db.Reader, prog string) ([]Rule, error) {
	return db.All(ctx, r, scanRule, `/* steer.Rules */ select `+ruleColumns+` from rule where program = $1 and removed = 0 order by place, id`, prog)
}

// GetRule is the rule with the id, also one that was removed: touches name it.
func GetRule(ctx context.Context, r db.Reader, id string) (Rule, error) {
	return found(db.One(ctx, r, scanRule, `/* steer.GetRule */ select `+ruleColumns+` from rule where id = $1`, id))("rule", id)
}

func found[T any](one T, err error) func(what, id string) (T, error) {
	return func(what, id string) (T, error) {
		if errors.Is(err, db.ErrNone) {
			return one, problem.NotFound(what, id)
		}
		return one, err
	}
}

// belongs sees that a link and a partnership are the program's.
func belongs(ctx context.Context, r db.Reader, prog, link, partnership string) error {
	if link != "" {
		if l, err := creative.GetLink(ctx, r, link); err != nil || l.Program != prog {
			return problem.Invalid("link", "the program has no link with the id %q", clip(link))
		}
	}
	if partnership != "" {
		if s, err := partner.GetPartnership(ctx, r, partnership); err != nil || s.Program != prog {
			return problem.Invalid("partnership", "the program has no partnership %q", clip(partnership))
		}
	}
	return nil
}

func checkRule(ctx context.Context, r db.Reader, prog program.Program, rule *Rule) error {
	if err := rule.check(&prog); err != nil {
		return err
	}
	if err := belongs(ctx, r, prog.ID, rule.Link, ""); err != nil {
		return err
	}
	if cap := rule.When.Cap; cap != "" {
		if c, err := GetCap(ctx, r, cap); err != nil || c.Program != prog.ID {
			return problem.Invalid("cap", "the program has no cap %q", clip(cap))
		}
	}
	return nil
}

// AddRule adds a rule, after all others.
func AddRule(ctx context.Context, tx *db.Tx, prog program.Program, r Rule) (Rule, error) {
	if err := checkRule(ctx, tx, prog, &r); err != nil {
		return Rule{}, err
	}
	before, err := Rules(ctx, tx, prog.ID)
	if err != nil {
		return Rule{}, err
	}
	if len(before) >= rulesMost {
		return Rule{}, problem.Wrong("", "rules_many", "a program has at most %d rules", rulesMost)
	}
	r.ID, r.Program, r.Created, r.Place = id.New("rul", tx.Now), prog.ID, tx.Now, 1
	if n := len(before); n > 0 {
		r.Place = before[n-1].Place + 1
	}
	when, err := json.Marshal(r.When)
	if err != nil {
		return Rule{}, err
	}
	_, err = db.Exec(ctx, tx, `/* steer.AddRule */ insert into rule (`+ruleColumns+`, changed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)`,
		r.ID, r.Program, r.Link, r.Place, string(when), string(r.Do), r.Target, r.Resting, r.Author, r.Created.UnixMilli(), tx.Now.UnixMilli())
	return r, err
}

// ChangeRule writes a rule anew: all but its place.
func ChangeRule(ctx context.Context, tx *db.Tx, prog program.Program, r Rule) error {
	if err := checkRule(ctx, tx, prog, &r); err != nil {
		return err
	}
	when, err := json.Marshal(r.When)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* steer.ChangeRule */ update rule set link = $1, conditions = $2, action = $3, target = $4, resting = $5, changed = $6
		where id = $7 and program = $8 and removed = 0`, r.Link, string(when), string(r.Do), r.Target, r.Resting, tx.Now.UnixMilli(), r.ID, prog.ID)
	if err == nil && n == 0 {
		return problem.NotFound("rule", r.ID)
	}
	return err
}

// MoveRule puts a rule at a place, from 1; the others make room.
func MoveRule(ctx context.Context, tx *db.Tx, prog, rule string, to int) error {
	list, err := Rules(ctx, tx, prog)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(r Rule) bool { return r.ID == rule })
	if i < 0 {
		return problem.NotFound("rule", rule)
	}
	r := list[i]
	list = slices.Delete(list, i, i+1)
	list = slices.Insert(list, min(max(0, to-1), len(list)), r)
	for i, r := range list {
		if place := int64(i + 1); r.Place != place {
			if _, err := db.Exec(ctx, tx, `/* steer.MoveRule */ update rule set place = $1, changed = $2 where id = $3`, place, tx.Now.UnixMilli(), r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// RemoveRule ends a rule. What it did stays on the touches.
func RemoveRule(ctx context.Context, tx *db.Tx, prog, rule string) error {
	n, err := db.Exec(ctx, tx, `/* steer.RemoveRule */ update rule set removed = $1, changed = $1 where id = $2 and program = $3 and removed = 0`,
		tx.Now.UnixMilli(), rule, prog)
	if err == nil && n == 0 {
		return problem.NotFound("rule", rule)
	}
	return err
}

const capColumns = "id, program, partnership, link, measure, period, most, target, author, created, removed"

func scanCap(row db.Row) (Cap, error) {
	var c Cap
	var created, removed int64
	err := row.Scan(&c.ID, &c.Program, &c.Partnership, &c.Link, &c.Measure, &c.Period, &c.Most, &c.Target, &c.Author, &created, &removed)
	c.Removed = removed != 0
	c.Created = time.UnixMilli(created).UTC()
	return c, err
}

// Caps are a program's caps, the narrowest first and then the oldest: which is the order in which they are looked at.
func Caps(ctx context.Context, r db.Reader, prog string) ([]Cap, error) {
	list, err := db.All(ctx, r, scanCap, `/* steer.Caps */ select `+capColumns+` from cap where program = $1 and removed = 0 order by id`, prog)
	width := func(c Cap) int {
		switch {
		case c.Link != "":
			return 0
		case c.Partnership != "":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b Cap) int { return cmp.Compare(width(a), width(b)) })
	return list, err
}

// GetCap is the cap with the id, also one that was removed.
func GetCap(ctx context.Context, r db.Reader, id string) (Cap, error) {
	return found(db.One(ctx, r, scanCap, `/* steer.GetCap */ select `+capColumns+` from cap where id = $1`, id))("cap", id)
}

// AddCap adds a cap.
func AddCap(ctx context.Context, tx *db.Tx, prog program.Program, c Cap) (Cap, error) {
	if err := c.check(&prog); err != nil {
		return Cap{}, err
	}
	if err := belongs(ctx, tx, prog.ID, c.Link, c.Partnership); err != nil {
		return Cap{}, err
	}
	before, err := Caps(ctx, tx, prog.ID)
	if err != nil {
		return Cap{}, err
	}
	if len(before) >= capsMost {
		return Cap{}, problem.Wrong("", "caps_many", "a program has at most %d caps", capsMost)
	}
	c.ID, c.Program, c.Created = id.New("cap", tx.Now), prog.ID, tx.Now
	_, err = db.Exec(ctx, tx, `/* steer.AddCap */ insert into cap (`+capColumns+`, changed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)`,
		c.ID, c.Program, c.Partnership, c.Link, string(c.Measure), string(c.Period), c.Most, c.Target, c.Author, c.Created.UnixMilli(), tx.Now.UnixMilli())
	return c, err
}

// ChangeCap writes anew how much is enough and where the rest is sent; what a cap counts stays.
func ChangeCap(ctx context.Context, tx *db.Tx, prog program.Program, cap string, most int64, target string) error {
	c, err := GetCap(ctx, tx, cap)
	if err != nil {
		return err
	}
	if c.Most, c.Target = most, target; c.Program != prog.ID {
		return problem.NotFound("cap", cap)
	}
	if err := c.check(&prog); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* steer.ChangeCap */ update cap set most = $1, target = $2, changed = $3 where id = $4 and removed = 0`,
		c.Most, c.Target, tx.Now.UnixMilli(), c.ID)
	if err == nil && n == 0 {
		return problem.NotFound("cap", cap)
	}
	return err
}

// RemoveCap ends a cap, unless a rule asks for it.
func RemoveCap(ctx context.Context, tx *db.Tx, prog, cap string) error {
	rules, err := Rules(ctx, tx, prog)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rules, func(r Rule) bool { return r.When.Cap == cap }) {
		return problem.Wrong("", "cap_asked", "a rule asks for this cap: change the rule first")
	}
	n, err := db.Exec(ctx, tx, `/* steer.RemoveCap */ update cap set removed = $1, changed = $1 where id = $2 and program = $3 and removed = 0`,
		tx.Now.UnixMilli(), cap, prog)
	if err == nil && n == 0 {
		return problem.NotFound("cap", cap)
	}
	return err
}

const splitColumns = "id, program, link, name, variants, rate, lift, ended, winner, author, created"

func scanSplit(row db.Row) (Split, error) {
	var s Split
	var variants string
	var ended, created int64
	err := row.Scan(&s.ID, &s.Program, &s.Link, &s.Name, &variants, &s.Rate, &s.Lift, &ended, &s.Winner, &s.Author, &created)
	if s.Created = time.UnixMilli(created).UTC(); ended != 0 {
		s.Ended = time.UnixMilli(ended).UTC()
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(variants), &s.Variants)
}

// Splits are a program's split tests, the newest first.
func Splits(ctx context.Context, r db.Reader, prog string) ([]Split, error) {
	return db.All(ctx, r, scanSplit, `/* steer.Splits */ select `+splitColumns+` from split where program = $1 order by id desc`, prog)
}

// GetSplit is the split test with the id.
func GetSplit(ctx context.Context, r db.Reader, id string) (Split, error) {
	return found(db.One(ctx, r, scanSplit, `/* steer.GetSplit */ select `+splitColumns+` from split where id = $1`, id))("split", id)
}

// Begin begins a split test. It stays as it is until it ends: weights or pages that change on the way would make its figures
// mean nothing.
func Begin(ctx context.Context, tx *db.Tx, prog program.Program, s Split) (Split, error) {
	if err := s.check(&prog); err != nil {
		return Split{}, err
	}
	if err := belongs(ctx, tx, prog.ID, s.Link, ""); err != nil {
		return Split{}, err
	}
	others, err := Splits(ctx, tx, prog.ID)
	if err != nil {
		return Split{}, err
	}
	running := 0
	for _, other := range others {
		if !other.Ended.IsZero() {
			continue
		}
		running++
		if other.Link == s.Link {
			return Split{}, problem.Wrong("link", "split_running", "a test of the same is under way: end it first")
		}
	}
	if running >= splitsMost {
		return Split{}, problem.Wrong("", "splits_many", "at most %d tests are under way at a time", splitsMost)
	}
	s.ID, s.Program, s.Created, s.Ended, s.Winner = id.New("spl", tx.Now), prog.ID, tx.Now, time.Time{}, ""
	variants, err := json.Marshal(s.Variants)
	if err != nil {
		return Split{}, err
	}
	_, err = db.Exec(ctx, tx, `/* steer.Begin */ insert into split (`+splitColumns+`, changed) values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, $9, $10)`,
		s.ID, s.Program, s.Link, s.Name, string(variants), s.Rate, s.Lift, s.Author, s.Created.UnixMilli(), tx.Now.UnixMilli())
	return s, err
}

// End ends a split test; winner is the key of the variant that somebody declares the winner, or empty. Links lead where they
// would without the test from now on.
func End(ctx context.Context, tx *db.Tx, prog, split, winner string) error {
	s, err := GetSplit(ctx, tx, split)
	if err != nil {
		return err
	}
	if winner != "" && !slices.ContainsFunc(s.Variants, func(v Variant) bool { return v.Key == winner }) {
		return problem.Invalid("winner", "the test has no variant %q", clip(winner))
	}
	n, err := db.Exec(ctx, tx, `/* steer.End */ update split set ended = $1, winner = $2, changed = $1 where id = $3 and program = $4 and ended = 0`,
		tx.Now.UnixMilli(), winner, split, prog)
	if err == nil && n == 0 {
		return problem.NotFound("split", split)
	}
	return err
}
