package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

const (
	// BlockAfter is how many failed sign-ins in a row block an address.
	BlockAfter = 10
	// BlockFor is how long.
	BlockFor = 15 * time.Minute
)

var (
	failed  = &problem.Problem{Status: http.StatusUnauthorized, Code: "sign_in_failed", Detail: "the e-mail address or the password is wrong"}
	blocked = &problem.Problem{Status: http.StatusTooManyRequests, Code: "sign_in_blocked",
		Detail: fmt.Sprintf("there were too many failed sign-ins: try again in %.0f minutes", BlockFor.Minutes())}
)

// Proven is somebody who has shown their password. Only Prove makes one.
type Proven struct {
	Person
	phc string
}

// Prove tells who has the address and the password. An address that nobody has fails, takes its time and is blocked just like
// a wrong password, so that signing in never tells who is here.
func Prove(ctx context.Context, d *db.DB, email, password string) (Proven, error) {
	email = lower(email)
	if err := attempt(ctx, d, email); err != nil {
		return Proven{}, err
	}
	who, err := findAccount(ctx, d.Read(), email)
	if err != nil {
		return Proven{}, err
	}
	right, err := verify(ctx, who.phc, password) // slow, so in no transaction
	if err != nil {
		return Proven{}, fmt.Errorf("sign in %s: %w", who.ID, err)
	}
	if !right {
		return Proven{}, failed
	}
	return Proven(who), nil
}

// Begin begins a session and returns its secret, which is shown this once.
func Begin(ctx context.Context, tx *db.Tx, who Proven, agent string) (secret string, err error) {
	_, err = db.One(ctx, tx, db.Value[string], `/* auth.Begin */
		select id from person where id = $1 and password = $2`+db.ForUpdate(tx), who.ID, who.phc)
	if errors.Is(err, db.ErrNone) {
		return "", failed // the password was changed meanwhile
	}
	if err != nil {
		return "", err
	}
	if err := forgive(ctx, tx, who.Email); err != nil {
		return "", err
	}
	return begin(ctx, tx, who.ID, agent)
}

// attempt counts a sign-in as failed before it is known to be, so that guesses made at the same time cannot outrun the block.
// The one that fills the count sets the block, which forgive lifts if its password is right.
func attempt(ctx context.Context, d *db.DB, email string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `/* auth.attempt */ insert into sign_in (who, failures, blocked, at) values ($1, 1, 0, $2)
			on conflict (who) do update set at = excluded.at,
				failures = case when sign_in.failures + 1 < $3 then sign_in.failures + 1 else 0 end,
				blocked = case when sign_in.failures + 1 < $3 then 0 else excluded.at + $4 end
			where sign_in.blocked <= excluded.at`, digest(email), tx.Now.UnixMilli(), BlockAfter, BlockFor.Milliseconds())
		if err == nil && n == 0 {
			return blocked
		}
		return err
	})
}

func forgive(ctx context.Context, tx *db.Tx, email string) error {
	_, err := db.Exec(ctx, tx, `/* auth.forgive */ delete from sign_in where who = $1`, digest(email))
	return err
}

type account struct {
	Person
	phc string // empty when there is no password, or nobody
}

func scanAccount(row db.Row) (account, error) {
	var a account
	var created int64
	err := row.Scan(append(a.fields(&created), &a.phc)...)
	a.Created = instant(created)
	return a, err
}

// findAccount is who has the address; empty when nobody has.
func findAccount(ctx context.Context, r db.Reader, email string) (account, error) {
	if !isEmail(email) {
		return account{}, nil
	}
	a, err := db.One(ctx, r, scanAccount, `/* auth.findAccount */ select `+personColumns+`, p.password from person p where p.email = $1`, email)
	if errors.Is(err, db.ErrNone) {
		return account{}, nil
	}
	return a, err
}

func begin(ctx context.Context, tx *db.Tx, person, agent string) (secret string, err error) {
	secret = id.Secret(32)
	_, err = db.Exec(ctx, tx, `/* auth.begin */ insert into session (hash, person, created, expires, agent) values ($1, $2, $3, $4, $5)`,
		digest(secret), person, tx.Now.UnixMilli(), tx.Now.Add(SessionFor).UnixMilli(), strings.ToValidUTF8(agent[:min(len(agent), 200)], ""))
	return secret, err
}
