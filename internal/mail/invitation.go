package mail

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// InviteFor is how long an invitation holds.
const InviteFor = 14 * 24 * time.Hour

// Invite is an invitation to join a brand's team, a program as its partner, or those who sign in for a partner.
type Invite struct {
	ID      string
	Brand   string // empty when it is a partner's own matter
	Program string // empty for a team, a brand's or a partner's
	Scope   string // a brand or a partner; empty: a partner that accepts becomes the program's
	Role    auth.Role
	Email   string
	Name    string
	Author  string // a person
	Created time.Time
	Expires time.Time
	Used    time.Time // zero before
}

const inviteColumns = "id, brand, program, scope, role, email, name, author, created, expires, used"

func scanInvite(row db.Row) (Invite, error) {
	var i Invite
	var created, expires, used int64
	err := row.Scan(&i.ID, &i.Brand, &i.Program, &i.Scope, &i.Role, &i.Email, &i.Name, &i.Author, &created, &expires, &used)
	i.Created, i.Expires, i.Used = instant(created), instant(expires), instant(used)
	return i, err
}

// InviteMember invites somebody to a brand's team, by a mail whose link is returned too. Earlier invitations of the address to
// the team end.
func InviteMember(ctx context.Context, tx *db.Tx, base string, brand program.Brand, author auth.Person, email string, role auth.Role) (link string, err error) {
	i := Invite{Brand: brand.ID, Scope: brand.ID, Role: role, Email: email, Author: author.ID}
	if !slices.Contains(auth.Roles, role) {
		return "", problem.Invalid("role", "%q is not a role of a team", role)
	}
	locale, err := i.checkNew(ctx, tx, author)
	if err != nil {
		return "", err
	}
	return i.send(ctx, tx, base, locale, Invitation, Data{From: brand.Name,
		Words: []any{"author", author.Name, "role", lang.Of(locale).Text("roles." + string(role))}})
}

// InviteColleague invites somebody to sign in for a partner, as the author does. It is no brand's matter, and in no brand's log.
func InviteColleague(ctx context.Context, tx *db.Tx, base string, p partner.Partner, author auth.Person, email string) (link string, err error) {
	i := Invite{Scope: p.ID, Role: auth.Partner, Email: email, Author: author.ID}
	locale, err := i.checkNew(ctx, tx, author)
	if err != nil {
		return "", err
	}
	return i.send(ctx, tx, base, locale, ColleagueInvitation, Data{From: p.Name, Words: []any{"author", author.Name}})
}

// checkNew refuses to invite who is in the scope already, and says in which language to write: the reader's where it is known.
func (i *Invite) checkNew(ctx context.Context, tx *db.Tx, author auth.Person) (locale string, err error) {
	if err := i.check(); err != nil {
		return "", err
	}
	members, err := auth.Members(ctx, tx, i.Scope)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(members, func(m auth.Member) bool { return m.Person.Email == i.Email }) {
		return "", problem.Wrong("email", "member_known", "%s is in the team already", i.Email)
	}
	who, known, err := auth.ByEmail(ctx, tx, i.Email)
	if err != nil || !known {
		return author.Locale, err
	}
	i.Name = who.Name
	return who.Locale, nil
}

// InvitePartner invites a partner who is in the program by now, or one of another program who becomes its partner by
// accepting: then scope is empty.
func InvitePartner(ctx context.Context, tx *db.Tx, base string, prog program.Program, author auth.Person, scope, name, email, locale string) (link string, err error) {
	i := Invite{Brand: prog.Brand, Program: prog.ID, Scope: scope, Role: auth.Partner, Email: email, Name: name, Author: author.ID}
	if err := i.check(); err != nil {
		return "", err
	}
	return i.send(ctx, tx, base, locale, PartnerInvitation, Data{From: prog.Name, Words: []any{"author", author.Name}})
}

func (i *Invite) check() error {
	i.Email, i.Name = strings.ToLower(strings.TrimSpace(i.Email)), strings.TrimSpace(i.Name)
	if !IsAddress(i.Email) {
		return problem.Invalid("email", "%q is not an e-mail address", i.Email)
	}
	return nil
}

func (i *Invite) send(ctx context.Context, tx *db.Tx, base, locale string, kind Kind, d Data) (link string, err error) {
	if _, err := db.Exec(ctx, tx, `/* mail.Invite */ update invitation set expires = $1
		where email = $2 and brand = $3 and program = $4 and (scope = $5 or program <> '') and used = 0 and expires > $1`,
		tx.Now.UnixMilli(), i.Email, i.Brand, i.Program, i.Scope); err != nil {
		return "", err
	}
	key := id.Secret(keyBytes)
	i.ID, i.Created, i.Expires = id.New("inv", tx.Now), tx.Now, tx.Now.Add(InviteFor)
	if _, err := db.Exec(ctx, tx, `/* mail.Invite */ insert into invitation (hash, `+inviteColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`, digest(key), i.ID, i.Brand, i.Program, i.Scope, string(i.Role), i.Email, i.Name,
		i.Author, i.Created.UnixMilli(), i.Expires.UnixMilli()); err != nil {
		return "", err
	}
	d.Link = base + "/invitation/" + key
	d.Words = append(d.Words, "date", i.Expires)
	return d.Link, Send(ctx, tx, Mail{Brand: i.Brand, To: i.Email, Name: i.Name, Locale: locale, Kind: kind, Data: d, Once: string(kind) + "/" + i.ID})
}

// Invited is the invitation of a key that can be accepted at the moment. When there is none the problem is key_unknown,
// key_used or key_expired.
func Invited(ctx context.Context, r db.Reader, key string, at time.Time) (Invite, error) {
	i, err := db.One(ctx, r, scanInvite, `/* mail.Invited */ select `+inviteColumns+` from invitation where hash = $1`, digest(key))
	switch {
	case errors.Is(err, db.ErrNone):
		return Invite{}, errKeyUnknown
	case err != nil:
		return Invite{}, err
	case !i.Used.IsZero():
		return i, errKeyUsed
	case !i.Expires.After(at):
		return i, errKeyExpired
	}
	return i, nil
}

// Join accepts an invitation for a person: the one who has the address that was invited. An invitation without a scope lets
// the person's partner in by apply, which is told who that is.
func Join(ctx context.Context, tx *db.Tx, key string, who auth.Person, apply func(p partner.Partner, i Invite) error) (Invite, error) {
	i, err := Invited(ctx, tx, key, tx.Now)
	if err != nil {
		return i, err
	}
	if who.Email != i.Email {
		return i, &problem.Problem{Status: http.StatusForbidden, Code: "invitation_foreign", Detail: "the invitation is for another e-mail address"}
	}
	n, err := db.Exec(ctx, tx, `/* mail.Join */ update invitation set used = $1 where id = $2 and used = 0`, tx.Now.UnixMilli(), i.ID)
	if err != nil {
		return i, err
	}
	if n == 0 {
		return i, errKeyUsed // at the same time, elsewhere
	}
	if i.Scope != "" {
		return i, auth.Join(ctx, tx, who.ID, i.Scope, i.Role)
	}
	p, known, err := partner.ByEmail(ctx, tx, i.Email)
	if err != nil {
		return i, err
	}
	if !known {
		return i, problem.NotFound("partner", i.Email)
	}
	if err := auth.Join(ctx, tx, who.ID, p.ID, auth.Partner); err != nil {
		return i, err
	}
	return i, apply(p, i)
}

// wasInvited tells whether a partnership began with an invitation.
func wasInvited(ctx context.Context, r db.Reader, s partner.Partnership) (bool, error) {
	_, err := db.One(ctx, r, db.Value[string], `/* mail.wasInvited */ select id from invitation
		where email = $1 and program = $2 and created <= $3 and (scope = '' or scope = $4) limit 1`,
		s.Partner.Email, s.Program, s.Created.UnixMilli(), s.Partner.ID)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// OpenInvites are the invitations to a brand's team, or to a partner's, that can be accepted at the moment, the newest first.
func OpenInvites(ctx context.Context, r db.Reader, scope string, at time.Time) ([]Invite, error) {
	return db.All(ctx, r, scanInvite, `/* mail.OpenInvites */ select `+inviteColumns+` from invitation
		where scope = $1 and program = '' and used = 0 and expires > $2 order by id desc`, scope, at.UnixMilli())
}

// Withdraw ends an invitation to a brand's team, or to a partner's.
func Withdraw(ctx context.Context, tx *db.Tx, scope, id string) (Invite, error) {
	i, err := db.One(ctx, tx, scanInvite, `/* mail.Withdraw */ update invitation set expires = $1
		where id = $2 and scope = $3 and program = '' and used = 0 and expires > $1 returning `+inviteColumns, tx.Now.UnixMilli(), id, scope)
	if errors.Is(err, db.ErrNone) {
		return i, problem.NotFound("invitation", id)
	}
	return i, err
}
