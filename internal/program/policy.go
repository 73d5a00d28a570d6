package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Model is how a program settles: which attribution model, and its numbers.
type Model struct {
	Name     string     `json:"name"`                // last, first, linear, time_decay or position
	HalfLife int64      `json:"half_life,omitempty"` // time_decay: hours after which a touch weighs half; 168 when 0
	First    money.Rate `json:"first,omitempty"`     // position: the first touch's share; 40 % when First and Last are 0
	Last     money.Rate `json:"last,omitempty"`      // position: the last touch's share
}

// ModelNames are the settlement models.
var ModelNames = []string{"last", "first", "linear", "time_decay", "position"}

// Check puts defaults in and says what is wrong.
func (m *Model) Check() error {
	switch m.Name {
	case "":
		m.Name = "last"
	case "last", "first", "linear":
	case "time_decay":
		if m.HalfLife == 0 {
			m.HalfLife = 7 * 24
		}
		if m.HalfLife < 1 || m.HalfLife > 400*24 {
			return problem.Invalid("half_life", "a half-life of %d hours is not between an hour and 400 days", m.HalfLife)
		}
	case "position":
		if m.First == 0 && m.Last == 0 {
			m.First, m.Last = 400_000, 400_000
		}
		if m.First < 0 || m.Last < 0 || m.First+m.Last > money.Whole {
			return problem.Invalid("first", "the first and the last touch cannot have more than the whole")
		}
	default:
		return problem.Wrong("model", "model_unknown", "%q is not a settlement model; there are %s", m.Name, strings.Join(ModelNames, ", "))
	}
	return nil
}

// Policy is the model that a program settles by from a day on.
type Policy struct {
	ID      string
	Program string
	Since   time.Time
	Turn    int64
	Model   Model
	Author  string
}

// Decide adds a policy from a day on, and from now on for the twin. It derives nothing again: that is the caller's to do.
func Decide(ctx context.Context, tx *db.Tx, program string, since time.Time, m Model, author string) (Policy, error) {
	if err := m.Check(); err != nil {
		return Policy{}, err
	}
	turn, err := Amend(ctx, tx, program)
	if err != nil {
		return Policy{}, err
	}
	p := Policy{ID: id.New("pol", tx.Now), Program: program, Since: since, Turn: turn, Model: m, Author: author}
	text, err := json.Marshal(m)
	if err != nil {
		return Policy{}, err
	}
	_, err = db.Exec(ctx, tx, `/* program.Decide */
		insert into policy (id, program, since, turn, model, created, author) values ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Program, p.Since.UnixMilli(), p.Turn, string(text), tx.Now.UnixMilli(), author)
	if err != nil {
		return Policy{}, err
	}
	twin, has, err := twinOf(ctx, tx, program)
	if has {
		_, err = Decide(ctx, tx, twin.ID, fromNow(since, tx.Now), m, author)
	}
	return p, err
}

// Policies are those of the programs, in the order in which they come into force.
func Policies(ctx context.Context, r db.Reader, programs []string) (map[string][]Policy, error) {
	var args db.Args
	list, err := db.All(ctx, r, func(row db.Row) (Policy, error) {
		var p Policy
		var since int64
		var model string
		err := row.Scan(&p.ID, &p.Program, &since, &p.Turn, &model, &p.Author)
		p.Since = time.UnixMilli(since).UTC()
		return p, errors.Join(err, json.Unmarshal([]byte(model), &p.Model))
	}, `/* program.Policies */ select id, program, since, turn, model, author from policy
		where program in `+args.In(programs)+` order by program, since, turn`, args.List()...)
	found := map[string][]Policy{}
	for _, p := range list {
		found[p.Program] = append(found[p.Program], p)
	}
	return found, err
}

// InForce is the policy of the day: the latest to come into force by then, among those decided up to the turn. Of two for
// the same day the later decision holds.
func InForce(policies []Policy, at time.Time, turn int64) (Policy, error) {
	for i := len(policies) - 1; i >= 0; i-- {
		if p := policies[i]; !p.Since.After(at) && p.Turn <= turn {
			return p, nil
		}
	}
	return Policy{}, fmt.Errorf("no policy in force at %s", at)
}
