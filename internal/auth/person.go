// Package auth knows people, sessions, API tokens and roles, and says who may do what. It keeps no password and no secret,
// only what tells a right one from a wrong one, and it does not know what the permissions guard.
package auth

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Person is somebody who can sign in: of a brand's team, a partner, or both.
type Person struct {
	ID      string
	Email   string // lower case
	Name    string
	Locale  string
	Created time.Time
}

func (p *Person) check() error {
	var faults []*problem.Problem
	p.Name, p.Email = strings.TrimSpace(p.Name), lower(p.Email)
	if p.Locale == "" {
		p.Locale = "en"
	}
	if p.Name == "" || len(p.Name) > 120 {
		faults = append(faults, problem.Invalid("name", "a person needs a name of at most 120 characters"))
	}
	if !isEmail(p.Email) {
		faults = append(faults, problem.Invalid("email", "%q is not an e-mail address", p.Email))
	}
	return problem.Join(faults...)
}

func lower(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

const personColumns = "p.id, p.email, p.name, p.locale, p.created"

// fields are the places for personColumns; what comes as a number goes through created.
func (p *Person) fields(created *int64) []any {
	return []any{&p.ID, &p.Email, &p.Name, &p.Locale, created}
}

func scanPerson(row db.Row) (Person, error) {
	var p Person
	var created int64
	err := row.Scan(p.fields(&created)...)
	p.Created = instant(created)
	return p, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Create adds a person, who cannot sign in before a password is set. One e-mail address is one person.
func Create(ctx context.Context, tx *db.Tx, p Person) (Person, error) {
	p.ID, p.Created = id.New("per", tx.Now), tx.Now
	if err := p.check(); err != nil {
		return Person{}, err
	}
	n, err := db.Exec(ctx, tx, `/* auth.Create */ insert into person (id, email, name, password, locale, created)
		values ($1, $2, $3, '', $4, $5) on conflict (email) do nothing`, p.ID, p.Email, p.Name, p.Locale, p.Created.UnixMilli())
	if err == nil && n == 0 {
		return Person{}, problem.Wrong("email", "email_taken", "there is a person with the address %q", p.Email)
	}
	return p, err
}

// Get is the person with the id.
func Get(ctx context.Context, r db.Reader, id string) (Person, error) {
	p, err := db.One(ctx, r, scanPerson, `/* auth.Get */ select `+personColumns+` from person p where p.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("person", id)
	}
	return p, err
}

// ByEmail is the person with the address; ok is false when there is none.
func ByEmail(ctx context.Context, r db.Reader, email string) (p Person, ok bool, err error) {
	p, err = db.One(ctx, r, scanPerson, `/* auth.ByEmail */ select `+personColumns+` from person p where p.email = $1`, lower(email))
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	return p, err == nil, err
}

// SetPassword gives a person a new password, lifts a block, and ends all sessions: whoever knew the old one is out.
func SetPassword(ctx context.Context, tx *db.Tx, person string, p Password) error {
	email, err := db.One(ctx, tx, db.Value[string], `/* auth.SetPassword */
		update person set password = $1 where id = $2 returning email`, p.phc, person)
	if errors.Is(err, db.ErrNone) {
		return problem.NotFound("person", person)
	}
	if err != nil {
		return err
	}
	if err := unblock(ctx, tx, email); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* auth.SetPassword */ delete from session where person = $1`, person)
	return err
}
