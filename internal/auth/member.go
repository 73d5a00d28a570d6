package auth

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Membership is a person's role in a scope: a brand (brd_…) or a partner (prt_…).
type Membership struct {
	Person string
	Scope  string
	Role   Role
	Since  time.Time
}

// Member is somebody in a scope.
type Member struct {
	Person Person
	Role   Role
	Since  time.Time
}

// fits tells whether the scope has the role.
func (r Role) fits(scope string) bool {
	switch kind, _, _ := strings.Cut(scope, "_"); kind {
	case "brd":
		return slices.Contains(Roles, r)
	case "prt":
		return r == Partner
	}
	return false
}

// Join gives a person a role in a scope, in place of the one they had. A brand keeps at least one owner.
func Join(ctx context.Context, tx *db.Tx, person, scope string, role Role) error {
	if !role.fits(scope) {
		return problem.Invalid("role", "%q is not a role that %s has", role, scope)
	}
	if role != Owner {
		if err := spare(ctx, tx, person, scope); err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, tx, `/* auth.Join */ insert into membership (person, scope, role, created) values ($1, $2, $3, $4)
		on conflict (person, scope) do update set role = excluded.role`, person, scope, string(role), tx.Now.UnixMilli())
	return err
}

// Leave ends a person's role in a scope. Of a partner, too, somebody stays who can sign in.
func Leave(ctx context.Context, tx *db.Tx, person, scope string) error {
	if err := spare(ctx, tx, person, scope); err != nil {
		return err
	}
	if err := spareLast(ctx, tx, person, scope); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* auth.Leave */ delete from membership where person = $1 and scope = $2`, person, scope)
	if err == nil && n == 0 {
		return problem.NotFound("member", person)
	}
	return err
}

// spare refuses when the person is the scope's only owner. It holds all owners, lest two leave at the same time.
func spare(ctx context.Context, tx *db.Tx, person, scope string) error {
	owners, err := db.All(ctx, tx, db.Value[string], `/* auth.spare */
		select person from membership where scope = $1 and role = 'owner' order by person`+db.ForUpdate(tx), scope)
	if err == nil && slices.Equal(owners, []string{person}) {
		return problem.Conflict("last_owner", "a brand needs an owner: name another one first")
	}
	return err
}

// spareLast refuses when the person is the only one who can sign in for a partner.
func spareLast(ctx context.Context, tx *db.Tx, person, scope string) error {
	all, err := db.All(ctx, tx, db.Value[string], `/* auth.spareLast */
		select person from membership where scope = $1 and role = 'partner' order by person`+db.ForUpdate(tx), scope)
	if err == nil && slices.Equal(all, []string{person}) {
		return problem.Conflict("last_colleague", "somebody must be able to sign in: invite another one first")
	}
	return err
}

func scanMembership(row db.Row) (Membership, error) {
	var m Membership
	var since int64
	err := row.Scan(&m.Person, &m.Scope, &m.Role, &since)
	m.Since = instant(since)
	return m, err
}

// Memberships are a person's roles, the oldest first.
func Memberships(ctx context.Context, r db.Reader, person string) ([]Membership, error) {
	return db.All(ctx, r, scanMembership, `/* auth.Memberships */
		select person, scope, role, created from membership where person = $1 order by created, scope`, person)
}

func scanMember(row db.Row) (Member, error) {
	var m Member
	var born, since int64
	err := row.Scan(append(m.Person.fields(&born), &m.Role, &since)...)
	m.Person.Created, m.Since = instant(born), instant(since)
	return m, err
}

// Members are the people in a scope, by e-mail address.
func Members(ctx context.Context, r db.Reader, scope string) ([]Member, error) {
	return db.All(ctx, r, scanMember, `/* auth.Members */ select `+personColumns+`, m.role, m.created
		from membership m join person p on p.id = m.person where m.scope = $1 order by p.email`+db.CollateC(r), scope)
}
