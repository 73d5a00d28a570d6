package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// SessionFor is how long a session lasts after it was last used.
const SessionFor = 30 * 24 * time.Hour

// Session is somebody signed in on one device.
type Session struct {
	Person  Person
	Agent   string // the device, as it calls itself
	Created time.Time
	Expires time.Time
	hash    string
}

// digest is what is kept of a secret. The secrets are chance itself, so they need no salt and no slowness.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

const sessionColumns = personColumns + ", s.hash, s.agent, s.created, s.expires"

func scanSession(row db.Row) (Session, error) {
	var s Session
	var born, created, expires int64
	err := row.Scan(append(s.Person.fields(&born), &s.hash, &s.Agent, &created, &expires)...)
	s.Person.Created, s.Created, s.Expires = instant(born), instant(created), instant(expires)
	return s, err
}

// Resume is the session with the secret, if it lasts at the moment.
func Resume(ctx context.Context, r db.Reader, secret string, at time.Time) (Session, error) {
	s, err := db.One(ctx, r, scanSession, `/* auth.Resume */ select `+sessionColumns+` from session s join person p on p.id = s.person
		where s.hash = $1 and s.expires > $2`, digest(secret), at.UnixMilli())
	if errors.Is(err, db.ErrNone) {
		return s, problem.Unauthorized("you are not signed in, or it was too long ago: sign in again")
	}
	return s, err
}

// TouchSession lets a session last anew from now on. It writes at most once a day.
func TouchSession(ctx context.Context, d *db.DB, s Session) error {
	if d.Now().Add(SessionFor).Sub(s.Expires) < 24*time.Hour {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* auth.TouchSession */ update session set expires = $1 where hash = $2`,
			tx.Now.Add(SessionFor).UnixMilli(), s.hash)
		return err
	})
}

// SignOut ends the session with the secret, if there is one.
func SignOut(ctx context.Context, tx *db.Tx, secret string) error {
	_, err := db.Exec(ctx, tx, `/* auth.SignOut */ delete from session where hash = $1`, digest(secret))
	return err
}

// SweepSessions deletes the sessions that are over, and returns how many. It also forgets yesterday's failed sign-ins.
func SweepSessions(ctx context.Context, tx *db.Tx) (int64, error) {
	if _, err := db.Exec(ctx, tx, `/* auth.SweepSessions */ delete from sign_in where at < $1`, tx.Now.Add(-24*time.Hour).UnixMilli()); err != nil {
		return 0, err
	}
	return db.Exec(ctx, tx, `/* auth.SweepSessions */ delete from session where expires <= $1`, tx.Now.UnixMilli())
}
