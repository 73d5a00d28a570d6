package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Mode says whether what a token does counts.
type Mode string

// The modes of a token.
const (
	Live Mode = "live"
	Test Mode = "test"
)

// Token lets a program act for a brand.
type Token struct {
	ID      string
	Brand   string
	Name    string
	Mode    Mode
	Scopes  []Permission
	Hint    string // the secret's last four characters
	Created time.Time
	Used    time.Time // to the minute; zero when never
	Revoked time.Time // zero while it holds
}

const secretLength = 52 // of 32 bytes in base 32

// parseToken reads the form of a secret, such as "trb_live_…"; it does not know whether there is such a token.
func parseToken(secret string) (Mode, bool) {
	rest, ok := strings.CutPrefix(secret, "trb_")
	mode, chance, _ := strings.Cut(rest, "_")
	if !ok || len(chance) != secretLength || strings.Trim(chance, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
		return "", false
	}
	return Mode(mode), mode == string(Live) || mode == string(Test)
}

const tokenColumns = "id, brand, name, mode, scopes, hint, created, used, revoked"

func scanToken(row db.Row) (Token, error) {
	var t Token
	var scopes string
	var created, used, revoked int64
	if err := row.Scan(&t.ID, &t.Brand, &t.Name, &t.Mode, &scopes, &t.Hint, &created, &used, &revoked); err != nil {
		return t, err
	}
	t.Created, t.Used, t.Revoked = instant(created), instant(used), instant(revoked)
	return t, json.Unmarshal([]byte(scopes), &t.Scopes)
}

// NewToken makes a token with the scopes and Read, and returns its secret, which is shown this once. A token may do all that
// its scopes say, so only who may write the team should be let make one.
func NewToken(ctx context.Context, tx *db.Tx, brand, name string, mode Mode, scopes ...Permission) (Token, string, error) {
	t := Token{ID: id.New("tok", tx.Now), Brand: brand, Name: strings.TrimSpace(name), Mode: mode, Created: tx.Now}
	if t.Name == "" || len(t.Name) > 120 {
		return Token{}, "", problem.Invalid("name", "a token needs a name of at most 120 characters")
	}
	if mode != Live && mode != Test {
		return Token{}, "", problem.Invalid("mode", "%q is not a mode of a token: live or test", mode)
	}
	for _, s := range scopes {
		if !slices.Contains(Permissions, s) {
			return Token{}, "", problem.Invalid("scopes", "%q is not a permission", s)
		}
	}
	for _, p := range Permissions {
		if p == Read || slices.Contains(scopes, p) {
			t.Scopes = append(t.Scopes, p)
		}
	}
	text, err := json.Marshal(t.Scopes)
	if err != nil {
		return Token{}, "", err
	}
	secret := "trb_" + string(mode) + "_" + id.Secret(32)
	t.Hint = secret[len(secret)-4:]
	if _, err := db.Exec(ctx, tx, `/* auth.NewToken */ insert into token (hash, `+tokenColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)`,
		digest(secret), t.ID, t.Brand, t.Name, string(t.Mode), string(text), t.Hint, t.Created.UnixMilli()); err != nil {
		return Token{}, "", fmt.Errorf("make a token: %w", err)
	}
	return t, secret, nil
}

// Bearer is the token with the secret, if it holds.
func Bearer(ctx context.Context, r db.Reader, secret string) (Token, error) {
	unknown := problem.Unauthorized("the token is not known or has been revoked")
	if _, ok := parseToken(secret); !ok {
		return Token{}, unknown
	}
	t, err := db.One(ctx, r, scanToken, `/* auth.Bearer */ select `+tokenColumns+` from token where hash = $1 and revoked = 0`, digest(secret))
	if errors.Is(err, db.ErrNone) {
		return Token{}, unknown
	}
	return t, err
}

// TouchToken notes that a token has been used. It writes at most once a minute.
func TouchToken(ctx context.Context, d *db.DB, t Token) error {
	if d.Now().Sub(t.Used) < time.Minute {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* auth.TouchToken */ update token set used = $1 where id = $2`, tx.Now.UnixMilli(), t.ID)
		return err
	})
}

// Tokens are a brand's tokens, the newest first, those revoked too.
func Tokens(ctx context.Context, r db.Reader, brand string) ([]Token, error) {
	return db.All(ctx, r, scanToken, `/* auth.Tokens */ select `+tokenColumns+` from token where brand = $1 order by id desc`, brand)
}

// GetToken is the brand's token with the id, also when it is revoked.
func GetToken(ctx context.Context, r db.Reader, brand, id string) (Token, error) {
	t, err := db.One(ctx, r, scanToken, `/* auth.GetToken */ select `+tokenColumns+` from token where id = $1 and brand = $2`, id, brand)
	if errors.Is(err, db.ErrNone) {
		return t, problem.NotFound("token", id)
	}
	return t, err
}

// Revoke ends a token of the brand for good.
func Revoke(ctx context.Context, tx *db.Tx, brand, id string) error {
	n, err := db.Exec(ctx, tx, `/* auth.Revoke */ update token set revoked = case when revoked = 0 then $1 else revoked end
		where id = $2 and brand = $3`, tx.Now.UnixMilli(), id, brand)
	if err == nil && n == 0 {
		return problem.NotFound("token", id)
	}
	return err
}
