package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/problem"
)

const (
	// ResetFor is how long the link of a password reset holds.
	ResetFor = time.Hour
	// AsksMost is how many mails one network can let go to an address in AsksFor.
	AsksMost = 3
	// AsksMostAddress is how many all networks together can let go to an address.
	AsksMostAddress = 12
	// AsksMostNetwork is how many a network can let go to whatever addresses.
	AsksMostNetwork = 100
	// AsksFor is the time after which an address may ask anew.
	AsksFor = time.Hour
)

// digest is what is kept of a key. It is chance itself, so it needs no salt and no slowness.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

const keyBytes = 32

// ask is what a reset is made of, later.
type ask struct{ ID, Email string }

// AskReset lets a mail go to an address by which its person can set a new password. It does the same whether anybody has the
// address or not, and not more often than the limits let it: what is different happens later, where nobody waits. network is
// the one that asks, without the part that names a person.
func AskReset(ctx context.Context, tx *db.Tx, email, network string) error {
	email = strings.ToLower(strings.TrimSpace(email))
	for _, limit := range []struct {
		who  string
		most int
	}{{"both " + email + " " + network, AsksMost}, {"address " + email, AsksMostAddress}, {"network " + network, AsksMostNetwork}} {
		if ok, err := mayAsk(ctx, tx, limit.who, limit.most); err != nil || !ok {
			return err
		}
	}
	return job.Add(ctx, tx, job.Job{Kind: reset, Payload: ask{id.New("ask", tx.Now), email[:min(len(email), 254)]}})
}

// mayAsk counts who asks, and tells whether they did not ask too often.
func mayAsk(ctx context.Context, tx *db.Tx, who string, most int) (bool, error) {
	n, err := db.Exec(ctx, tx, `/* mail.mayAsk */ insert into password_ask (who, n, since) values ($1, 1, $2)
		on conflict (who) do update set n = case when password_ask.since <= $3 then 1 else password_ask.n + 1 end,
			since = case when password_ask.since <= $3 then excluded.since else password_ask.since end
		where password_ask.since <= $3 or password_ask.n < $4`, digest(who), tx.Now.UnixMilli(), tx.Now.Add(-AsksFor).UnixMilli(), most)
	return n > 0, err
}

// reset makes the key and writes the mail, if anybody has the address.
func (p *Post) reset(ctx context.Context, d *db.DB, payload json.RawMessage) error {
	var a ask
	if err := json.Unmarshal(payload, &a); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		who, known, err := auth.ByEmail(ctx, tx, a.Email)
		if err != nil || !known {
			return err
		}
		key := id.Secret(keyBytes)
		if _, err := db.Exec(ctx, tx, `/* mail.reset */ insert into password_reset (hash, person, created, expires, used)
			values ($1, $2, $3, $4, 0)`, digest(key), who.ID, tx.Now.UnixMilli(), tx.Now.Add(ResetFor).UnixMilli()); err != nil {
			return err
		}
		return Send(ctx, tx, Mail{To: who.Email, Name: who.Name, Locale: who.Locale, Kind: PasswordReset, Once: string(PasswordReset) + "/" + a.ID,
			Data: Data{From: "Tributary", Words: []any{"email", who.Email}, Link: p.base + "/reset/" + key}})
	})
}

// How a key cannot be used.
var (
	errKeyUnknown = &problem.Problem{Status: http.StatusNotFound, Code: "key_unknown", Detail: "there is no such link: copy it whole from the mail"}
	errKeyUsed    = &problem.Problem{Status: http.StatusGone, Code: "key_used", Detail: "this link has been used"}
	errKeyExpired = &problem.Problem{Status: http.StatusGone, Code: "key_expired", Detail: "this link is too old"}
)

// Resettable is the person whose password the key resets at the moment. When there is none the problem is key_unknown,
// key_used or key_expired.
func Resettable(ctx context.Context, r db.Reader, key string, at time.Time) (auth.Person, error) {
	type found struct {
		person        string
		expires, used int64
	}
	f, err := db.One(ctx, r, func(row db.Row) (f found, err error) {
		err = row.Scan(&f.person, &f.expires, &f.used)
		return f, err
	}, `/* mail.Resettable */ select person, expires, used from password_reset where hash = $1`, digest(key))
	switch {
	case errors.Is(err, db.ErrNone):
		return auth.Person{}, errKeyUnknown
	case err != nil:
		return auth.Person{}, err
	case f.used > 0:
		return auth.Person{}, errKeyUsed
	case f.expires <= at.UnixMilli():
		return auth.Person{}, errKeyExpired
	}
	return auth.Get(ctx, r, f.person)
}

// Reset sets a new password by a key. All keys of the person are used up by it, and all their sessions end.
func Reset(ctx context.Context, tx *db.Tx, key string, p auth.Password) (auth.Person, error) {
	who, err := Resettable(ctx, tx, key, tx.Now)
	if err != nil {
		return who, err
	}
	n, err := db.Exec(ctx, tx, `/* mail.Reset */ update password_reset set used = $1 where hash = $2 and used = 0`, tx.Now.UnixMilli(), digest(key))
	if err != nil {
		return who, err
	}
	if n == 0 {
		return who, errKeyUsed // at the same time, elsewhere
	}
	if _, err := db.Exec(ctx, tx, `/* mail.Reset */ update password_reset set used = $1 where person = $2 and used = 0`,
		tx.Now.UnixMilli(), who.ID); err != nil {
		return who, err
	}
	return who, auth.SetPassword(ctx, tx, who.ID, p)
}
