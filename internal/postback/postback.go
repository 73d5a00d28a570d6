// Package postback tells partners what becomes of their commissions, at addresses of their own. A message says what the
// partner can read in the cabinet, and never a word about anybody else.
package postback

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	happened "github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	base "github.com/tributary-hq/tributary/internal/program"
)

// Moment is something that becomes of a commission.
type Moment string

// The moments.
const (
	Created  Moment = "created"
	Held     Moment = "held"
	Released Moment = "released"
	Approved Moment = "approved" // locked: it cannot become less but by a refund, and waits for a payout
	Reversed Moment = "reversed"
	Paid     Moment = "paid"
)

// Moments are all moments.
var Moments = []Moment{Created, Held, Released, Approved, Reversed, Paid}

// Status is the word that {status} becomes: where the commission stands from this moment on.
func (m Moment) Status() string {
	switch m {
	case Created, Released:
		return "pending"
	}
	return string(m)
}

// Postback is a wish to be told. Its id is that of its delivery target, which knows whether it is paused and by what it
// signs.
type Postback struct {
	ID          string
	Program     string
	Partnership string
	Name        string
	Way         Way
	Template    string
	Moments     []Moment
	Events      []string // event types; any when empty
	Created     time.Time
}

// Most is how many postbacks a partnership can have.
const Most = 20

const columns = "id, program, partnership, name, way, template, moments, events, created"

func scan(row db.Row) (Postback, error) {
	var p Postback
	var created int64
	var moments, events string
	err := row.Scan(&p.ID, &p.Program, &p.Partnership, &p.Name, &p.Way, &p.Template, &moments, &events, &created)
	p.Created = time.UnixMilli(created).UTC()
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(moments), &p.Moments), json.Unmarshal([]byte(events), &p.Events))
	}
	return p, err
}

func (p Postback) words() (moments, events string) {
	m, _ := json.Marshal(append([]Moment{}, p.Moments...)) // lists of words always can be
	e, _ := json.Marshal(append([]string{}, p.Events...))
	return string(m), string(e)
}

// wants tells whether the postback is to be told of a moment.
func (p Postback) wants(m Moment, event string) bool {
	return slices.Contains(p.Moments, m) && (len(p.Events) == 0 || slices.Contains(p.Events, event))
}

// check makes a postback fit to be kept.
func (p Postback) check(prog base.Program) (Postback, error) {
	p.Name, p.Template = strings.TrimSpace(p.Name), strings.TrimSpace(p.Template)
	var faults []*problem.Problem
	t, err := Parse(p.Template)
	if fault, ok := problem.As(err); ok {
		faults = append(faults, fault)
	}
	if p.Name == "" {
		p.Name = t.Host()
	}
	if utf8.RuneCountInString(p.Name) > 100 && err == nil {
		faults = append(faults, problem.Invalid("name", "the name is longer than 100 letters"))
	}
	if !slices.Contains(Ways, p.Way) {
		faults = append(faults, problem.Invalid("way", "%q is no way to send a message", p.Way))
	}
	p.Moments = among(Moments, p.Moments)
	if len(p.Moments) == 0 {
		faults = append(faults, problem.Wrong("moments", "moments_missing", "choose at least one moment of which to be told"))
	}
	p.Events = among(prog.Events, p.Events)
	return p, problem.Join(faults...)
}

// among are those of all that were chosen, in the order of all.
func among[T comparable](all, chosen []T) (list []T) {
	for _, one := range all {
		if slices.Contains(chosen, one) {
			list = append(list, one)
		}
	}
	return list
}

// Create adds a postback to a partnership. With a secret its messages are signed.
func Create(ctx context.Context, tx *db.Tx, prog base.Program, p Postback, secret string) (Postback, error) {
	s, err := partner.GetPartnership(ctx, tx, p.Partnership)
	if err != nil {
		return p, err
	}
	if s.Status != partner.Approved {
		return p, problem.Conflict("partnership_not_approved", "only a partner who is in the program is told of commissions")
	}
	if p, err = p.check(prog); err != nil {
		return p, err
	}
	known, err := Of(ctx, tx, p.Partnership)
	if err != nil {
		return p, err
	}
	if len(known) >= Most {
		return p, problem.Conflict("postbacks_most", "there are %d postbacks already, which is as many as there can be", Most)
	}
	listened, err := anybody(ctx, tx)
	if err != nil {
		return p, err
	}
	if !listened {
		if err := happened.Skip(ctx, tx, watcher); err != nil {
			return p, err
		}
	}
	p.ID, p.Program, p.Created = id.New("pbk", tx.Now), s.Program, tx.Now
	if err := deliver.Create(ctx, tx, p.ID, secret); err != nil {
		return p, err
	}
	moments, events := p.words()
	_, err = db.Exec(ctx, tx, `/* postback.Create */ insert into postback (`+columns+`, removed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		p.ID, p.Program, p.Partnership, p.Name, string(p.Way), p.Template, moments, events, tx.Now.UnixMilli())
	return p, err
}

// Change changes what a postback wants from now on. Messages that wait stay as they are.
func Change(ctx context.Context, tx *db.Tx, prog base.Program, p Postback) (Postback, error) {
	p, err := p.check(prog)
	if err != nil {
		return p, err
	}
	moments, events := p.words()
	_, err = db.Exec(ctx, tx, `/* postback.Change */ update postback set name = $1, way = $2, template = $3, moments = $4, events = $5 where id = $6 and removed = 0`,
		p.Name, string(p.Way), p.Template, moments, events, p.ID)
	return p, err
}

// Remove ends a postback. What waits is never sent.
func Remove(ctx context.Context, tx *db.Tx, id string) error {
	if err := deliver.Remove(ctx, tx, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `/* postback.Remove */ update postback set removed = $1 where id = $2`, tx.Now.UnixMilli(), id)
	return err
}

// Find is the postback with the id.
func Find(ctx context.Context, r db.Reader, id string) (Postback, error) {
	p, err := db.One(ctx, r, scan, `/* postback.Find */ select `+columns+` from postback where id = $1 and removed = 0`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("postback", id)
	}
	return p, err
}

// Of are the postbacks of a partnership, the oldest first.
func Of(ctx context.Context, r db.Reader, partnership string) ([]Postback, error) {
	return db.All(ctx, r, scan, `/* postback.Of */ select `+columns+` from postback where partnership = $1 and removed = 0 order by id`, partnership)
}

// In are the postbacks of a program's partners after an id, the oldest first.
func In(ctx context.Context, r db.Reader, prog, after string, limit int) ([]Postback, error) {
	return db.All(ctx, r, scan, `/* postback.In */ select `+columns+` from postback where program = $1 and removed = 0 and id > $2
		order by id limit $3`, prog, after, limit)
}

// Test sends a message about an order that never was, at once: also to a server that is left alone because it did not answer.
func Test(ctx context.Context, tx *db.Tx, prog base.Program, s partner.Partnership, p Postback) (deliver.New, error) {
	t, err := Parse(p.Template)
	if err != nil {
		return deliver.New{}, err
	}
	number, err := deliver.Number(ctx, tx, p.ID, 1)
	if err == nil {
		err = deliver.Wake(ctx, tx, p.ID)
	}
	if err != nil {
		return deliver.New{}, err
	}
	f := Sample(Created, s.Partner.ID, prog.ID, "TEST-1001", prog.Currency, tx.Now)
	f.Number = number
	n := deliver.New{Target: p.ID, Number: number, About: string(f.Moment), Test: true, Request: t.Request(p.Way, f)}
	return n, deliver.Add(ctx, tx, n)
}

// Orders are the shop's numbers of the orders that commissions are for, by commission.
func Orders(ctx context.Context, r db.Reader, commissions []string) (map[string]string, error) {
	var args db.Args
	list, err := db.All(ctx, r, func(row db.Row) (o [2]string, err error) {
		err = row.Scan(&o[0], &o[1])
		return o, err
	}, `/* postback.Orders */ select c.id, v.order_id from commission c join conversion v on v.id = c.conversion where c.id in `+args.In(commissions), args.List()...)
	found := map[string]string{}
	for _, o := range list {
		found[o[0]] = o[1]
	}
	return found, err
}
