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
	// BlockAfter is how many failed sign-ins block an address for the network that they came from.
	BlockAfter = 10
	// BlockAddressAfter is how many within an hour, from wherever, block an address for everybody. It is high, for it lets
	// strangers keep somebody out.
	BlockAddressAfter = 100
	// BlockNetworkAfter is how many within an hour, for whatever addresses, block a network.
	BlockNetworkAfter = 300
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
	phc     string
	network string
}

// Prove tells who has the address and the password. An address that nobody has fails, takes its time and is blocked just like
// a wrong password, so that signing in never tells who is here. network is the one that the browser asks from, without the part
// that names a person.
func Prove(ctx context.Context, d *db.DB, email, password, network string) (Proven, error) {
	email = lower(email)
	if err := attempt(ctx, d, email, network); err != nil {
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
	return Proven{who.Person, who.phc, network}, nil
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
	if err := forgive(ctx, tx, who.Email, who.network); err != nil {
		return "", err
	}
	return begin(ctx, tx, who.ID, agent)
}

// limit is how many failed sign-ins of one key are borne within a time.
type limit struct {
	key     string
	address string // whose sign-ins are counted; empty when it is everybody's
	after   int
	within  time.Duration
}

// limits are those that a sign-in falls under. The narrowest comes first: once it blocks, nothing more is counted, so that one
// who goes on guessing does not fill the counts that keep others out.
func limits(email, network string) [3]limit {
	address := digest("address " + email)
	return [3]limit{
		{digest("both " + email + " " + network), address, BlockAfter, 24 * time.Hour},
		{address, address, BlockAddressAfter, time.Hour},
		{digest("network " + network), "", BlockNetworkAfter, time.Hour},
	}
}

// attempt counts a sign-in as failed before it is known to be, so that guesses made at the same time cannot outrun the block.
// The one that fills a count sets the block, which forgive lifts if its password is right.
func attempt(ctx context.Context, d *db.DB, email, network string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, l := range limits(email, network) {
			n, err := db.Exec(ctx, tx, `/* auth.attempt */ insert into sign_in (who, address, failures, blocked, at, since)
				values ($1, $6, 1, 0, $2, $2)
				on conflict (who) do update set at = excluded.at,
					since = case when sign_in.since <= $3 or sign_in.failures = 0 then excluded.at else sign_in.since end,
					failures = case when sign_in.since <= $3 then 1 when sign_in.failures + 1 < $4 then sign_in.failures + 1 else 0 end,
					blocked = case when sign_in.since <= $3 or sign_in.failures + 1 < $4 then 0 else excluded.at + $5 end
				where sign_in.blocked <= excluded.at`,
				l.key, tx.Now.UnixMilli(), tx.Now.Add(-l.within).UnixMilli(), l.after, BlockFor.Milliseconds(), l.address)
			if err != nil {
				return err
			}
			if n == 0 {
				return blocked
			}
		}
		return nil
	})
}

// forgive takes back what attempt counted: all of the person's, and of the network's this one alone, lest somebody with an
// account of their own clear the way for guesses.
func forgive(ctx context.Context, tx *db.Tx, email, network string) error {
	l := limits(email, network)
	if _, err := db.Exec(ctx, tx, `/* auth.forgive */ delete from sign_in where who in ($1, $2)`, l[0].key, l[1].key); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `/* auth.forgive */ update sign_in set blocked = 0, failures = case when failures > 0 then failures - 1 else $1 end
		where who = $2`, BlockNetworkAfter-1, l[2].key)
	return err
}

// unblock forgets all failed sign-ins of a person, from wherever.
func unblock(ctx context.Context, tx *db.Tx, email string) error {
	_, err := db.Exec(ctx, tx, `/* auth.unblock */ delete from sign_in where address = $1`, limits(email, "")[1].key)
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
