package program

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// TestBrand is the brand of all twins. Nobody is in it, so what a brand is shown, told or counts has nothing of a test.
const TestBrand = "brd_tests"

const (
	ofPrograms = "prg_"
	ofTwins    = "tst_"
)

// TestID is the id of a program's twin, whether it has one yet or not.
func TestID(program string) string { return ofTwins + strings.TrimPrefix(program, ofPrograms) }

// IsTest tells whether the id is a twin's.
func IsTest(program string) bool { return strings.HasPrefix(program, ofTwins) }

// RealID is the id of the program to which somebody belongs who says the id: a twin's is its original's.
func RealID(program string) string {
	if rest, is := strings.CutPrefix(program, ofTwins); is {
		return ofPrograms + rest
	}
	return program
}

// Twin is the program that is to this one as a test is to a sale: the same settings, and nothing that counts. It is made when
// it is first needed, and what is decided of the original from then on holds for it too.
func Twin(ctx context.Context, tx *db.Tx, p Program) (Program, error) {
	if p.TestOf != "" {
		return p, nil
	}
	twin, err := Get(ctx, tx, TestID(p.ID))
	if problem.Code(err) != "program_unknown" {
		return twin, err
	}
	twin = asTwin(p)
	twin.Secret, twin.Created = id.Secret(20), tx.Now
	row, err := twin.row()
	if err != nil {
		return Program{}, err
	}
	if _, err := db.Exec(ctx, tx, `/* program.Twin */ insert into brand (id, slug, name, created) values ($1, '-', '-', $2) on conflict do nothing`,
		TestBrand, tx.Now.UnixMilli()); err != nil {
		return Program{}, err
	}
	n, err := db.Insert(ctx, tx, `/* program.Twin */ insert into program (`+programColumns+`, changed)`,
		[][]any{append(row, tx.Now.UnixMilli())}, `on conflict (id) do nothing`)
	if err != nil {
		return Program{}, fmt.Errorf("make the twin of %s: %w", p.ID, err)
	}
	if n == 0 { // another node was quicker
		return Get(ctx, tx, twin.ID)
	}
	if _, err := db.Exec(ctx, tx, `/* program.Twin */ insert into program_turn (program, turn, agreed) values ($1, 0, '')`, twin.ID); err != nil {
		return Program{}, err
	}
	return twin, inherit(ctx, tx, p.ID, twin)
}

// asTwin is the twin with the settings of its original.
func asTwin(p Program) Program {
	p.ID, p.TestOf = TestID(p.ID), p.ID
	p.Brand, p.Slug, p.Status = TestBrand, p.ID, Active // nobody else can want this short name: they have no underscore
	return p
}

// inherit lets a new twin settle as its original does today and will by what is decided already.
func inherit(ctx context.Context, tx *db.Tx, from string, twin Program) error {
	policies, err := Policies(ctx, tx, []string{from})
	if err != nil {
		return err
	}
	now, err := InForce(policies[from], tx.Now, Always)
	if err != nil {
		return err
	}
	if _, err := Decide(ctx, tx, twin.ID, time.UnixMilli(0), now.Model, now.Author); err != nil {
		return err
	}
	for _, later := range policies[from] {
		if later.Since.After(tx.Now) {
			if _, err := Decide(ctx, tx, twin.ID, later.Since, later.Model, later.Author); err != nil {
				return err
			}
		}
	}
	rules, err := Qualifyings(ctx, tx, []string{from})
	if err != nil {
		return err
	}
	for _, event := range twin.Events {
		if rule := RuleAt(rules[from], event, tx.Now, Always); rule.Kind != AtOnce {
			if _, err := SetQualifying(ctx, tx, twin, event, time.UnixMilli(0), rule, ""); err != nil {
				return err
			}
		}
	}
	for _, later := range rules[from] {
		if later.Since.After(tx.Now) && twin.Accepts(later.Event) {
			if _, err := SetQualifying(ctx, tx, twin, later.Event, later.Since, later.Rule, later.Author); err != nil {
				return err
			}
		}
	}
	return nil
}

// twinOf is the twin of a program, if it has one.
func twinOf(ctx context.Context, tx *db.Tx, program string) (twin Program, has bool, err error) {
	if IsTest(program) {
		return Program{}, false, nil
	}
	twin, err = Get(ctx, tx, TestID(program))
	if problem.Code(err) == "program_unknown" {
		return Program{}, false, nil
	}
	return twin, err == nil, err
}

// fromNow is when something that is decided of the original begins to hold for its twin: what was tried is not settled anew.
func fromNow(since, now time.Time) time.Time {
	if since.Before(now) {
		return now
	}
	return since
}
