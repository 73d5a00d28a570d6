package partner

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Status is the state of a partnership.
type Status string

// The states of a partnership. Only an approved one earns.
const (
	Applied  Status = "applied"
	Approved Status = "approved"
	Declined Status = "declined"
	Paused   Status = "paused"
	Ended    Status = "ended"
)

// Partnership is a partner in a program.
type Partnership struct {
	ID      string
	Program string
	Partner Partner
	Status  Status // as of now; history is in its changes
	Answers []Answer
	Created time.Time
}

// Answer is what an applicant wrote into a field of the program's form.
type Answer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

const partnershipColumns = "s.id, s.program, s.status, s.answers, s.created, p.id, p.name, p.kind, p.email, p.website, p.country, p.locale, p.rail, p.pay_to, p.created"

func scanPartnership(row db.Row) (Partnership, error) {
	var s Partnership
	var created, born int64
	var answers string
	p := &s.Partner
	err := row.Scan(&s.ID, &s.Program, &s.Status, &answers, &created, &p.ID, &p.Name, &p.Kind, &p.Email, &p.Website, &p.Country, &p.Locale, &p.Rail, &p.PayTo, &born)
	s.Created, p.Created = time.UnixMilli(created).UTC(), time.UnixMilli(born).UTC()
	if err == nil {
		err = json.Unmarshal([]byte(answers), &s.Answers)
	}
	return s, err
}

const answerMost = 4000

// Apply asks for a partnership. A partner who is in the program already gets a problem that says in which state.
func Apply(ctx context.Context, tx *db.Tx, prog program.Program, p Partner, answers []Answer) (Partnership, error) {
	kept, err := ReadApplication(prog, answers)
	if err != nil {
		return Partnership{}, err
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return Partnership{}, err
	}
	s := Partnership{ID: id.New("pts", tx.Now), Program: prog.ID, Partner: p, Status: Applied, Answers: kept, Created: tx.Now}
	n, err := db.Exec(ctx, tx, `/* partner.Apply */ insert into partnership (id, program, partner, status, answers, created)
		values ($1, $2, $3, $4, $5, $6) on conflict (program, partner) do nothing`, s.ID, s.Program, p.ID, string(Applied), string(text), tx.Now.UnixMilli())
	if err != nil {
		return Partnership{}, err
	}
	if n == 0 {
		return Partnership{}, problem.Conflict("already_applied", "%s has applied to %s before", p.Name, prog.Name)
	}
	if _, err = SetStatus(ctx, tx, s.ID, Applied, tx.Now, p.ID, ""); err != nil {
		return s, err
	}
	return s, event.Append(ctx, tx, event.New{Kind: event.PartnerApplied, Brand: prog.Brand, Program: prog.ID, Subject: s.ID,
		Data: map[string]any{"partner": p.ID}})
}

// ReadApplication are the answers to the questions of a program, in their order, if it takes applications. All that is wrong
// with them is said at once.
func ReadApplication(prog program.Program, answers []Answer) ([]Answer, error) {
	if prog.Status != program.Active {
		return nil, problem.Conflict("program_closed", "%s takes no applications now", prog.Name)
	}
	given := map[string]string{}
	for _, a := range answers {
		given[a.Question] = strings.TrimSpace(a.Answer)
	}
	kept := []Answer{}
	var faults []*problem.Problem
	for _, q := range prog.Form {
		if q.Required && given[q.Name] == "" {
			faults = append(faults, problem.Wrong(q.Name, "answer_missing", "%s: an answer is needed", q.Label))
		}
		if len(given[q.Name]) > answerMost {
			faults = append(faults, problem.Wrong(q.Name, "answer_too_long", "%s: an answer has at most %d bytes", q.Label, answerMost))
		}
		kept = append(kept, Answer{q.Name, given[q.Name]})
	}
	return kept, problem.Join(faults...)
}

// Change of state of a partnership, from a moment on.
type StatusChange struct {
	Partnership string
	Status      Status
	Since       time.Time
	Turn        int64
	Author      string
	Reason      string
}

// SetStatus adds a change of state. It derives nothing again: that is the caller's to do when since lies in the past.
func SetStatus(ctx context.Context, tx *db.Tx, partnership string, to Status, since time.Time, author, reason string) (Partnership, error) {
	switch to {
	case Applied, Approved, Declined, Paused, Ended:
	default:
		return Partnership{}, problem.Invalid("status", "%q is not a state of a partnership", to)
	}
	s, err := GetPartnership(ctx, tx, partnership)
	if err != nil {
		return s, err
	}
	turn, err := program.Amend(ctx, tx, s.Program)
	if err != nil {
		return s, err
	}
	if _, err := db.Exec(ctx, tx, `/* partner.SetStatus */
		insert into partnership_change (id, partnership, program, status, since, turn, author, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id.New("psc", tx.Now), s.ID, s.Program, string(to), since.UnixMilli(), turn, author, reason); err != nil {
		return s, err
	}
	changes, err := Changes(ctx, tx, []string{s.ID})
	if err != nil {
		return s, err
	}
	s.Status = StatusAt(changes[s.ID], tx.Now, program.Always)
	_, err = db.Exec(ctx, tx, `/* partner.SetStatus */ update partnership set status = $1 where id = $2`, string(s.Status), s.ID)
	return s, err
}

// Changes are the states of the partnerships, in the order in which they come into force.
func Changes(ctx context.Context, r db.Reader, partnerships []string) (map[string][]StatusChange, error) {
	found := map[string][]StatusChange{}
	err := db.Batches(partnerships, 500, func(partnerships []string) error {
		var args db.Args
		list, err := db.All(ctx, r, func(row db.Row) (StatusChange, error) {
			var c StatusChange
			var since int64
			err := row.Scan(&c.Partnership, &c.Status, &since, &c.Turn, &c.Author, &c.Reason)
			c.Since = time.UnixMilli(since).UTC()
			return c, err
		}, `/* partner.Changes */ select partnership, status, since, turn, author, reason from partnership_change
			where partnership in `+args.In(partnerships)+` order by partnership, since, turn, id`, args.List()...)
		for _, c := range list {
			found[c.Partnership] = append(found[c.Partnership], c)
		}
		return err
	})
	return found, err
}

// StatusAt is the state at a moment, as known at the turn. Before the first change there is none: the answer is empty.
func StatusAt(changes []StatusChange, at time.Time, turn int64) Status {
	for i := len(changes) - 1; i >= 0; i-- {
		if c := changes[i]; !c.Since.After(at) && c.Turn <= turn {
			return c.Status
		}
	}
	return ""
}

const fromPartnership = ` from partnership s join partner p on p.id = s.partner `

// GetPartnership is the partnership with the id.
func GetPartnership(ctx context.Context, r db.Reader, id string) (Partnership, error) {
	s, err := db.One(ctx, r, scanPartnership, `/* partner.GetPartnership */ select `+partnershipColumns+fromPartnership+`where s.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return s, problem.NotFound("partnership", id)
	}
	return s, err
}

// In are the partnerships of one partner, oldest first.
func In(ctx context.Context, r db.Reader, partner string) ([]Partnership, error) {
	return db.All(ctx, r, scanPartnership, `/* partner.In */ select `+partnershipColumns+fromPartnership+`where s.partner = $1 order by s.id`, partner)
}

// Named are the partnerships with the ids, by id.
func Named(ctx context.Context, r db.Reader, ids []string) (map[string]Partnership, error) {
	found := map[string]Partnership{}
	err := db.Batches(ids, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanPartnership, `/* partner.Named */ select `+partnershipColumns+fromPartnership+`where s.id in `+args.In(ids), args.List()...)
		for _, s := range list {
			found[s.ID] = s
		}
		return err
	})
	return found, err
}
