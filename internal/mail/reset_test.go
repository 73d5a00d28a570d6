package mail

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

func (h *house) asks(email string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error { return AskReset(ctx, tx, email, "192.0.2.0") })
}

// sentKeys are the one-time keys in the mails, the oldest first.
func (h *house) sentKeys() (keys []string) {
	h.t.Helper()
	for _, l := range h.letters() {
		if at := keyed.FindString(l.Text); at != "" {
			keys = append(keys, at[strings.LastIndex(at, "/")+1:])
		}
	}
	return keys
}

func (h *house) password(typed string) auth.Password {
	h.t.Helper()
	p, err := auth.NewPassword(context.Background(), typed)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func TestReset(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), context.Background()
		p := h.post(Options{Catch: true})
		old, fresh := h.password("the old password"), h.password("the new password")
		h.write(func(ctx context.Context, tx *db.Tx) error { return auth.SetPassword(ctx, tx, h.owner.ID, old) })
		session, _, err := signIn(ctx, d, h.owner.Email, "the old password", "192.0.2.0", "test")
		if err != nil {
			t.Fatal(err)
		}
		for _, email := range []string{"nobody@acme.example", "", "olga@acme.example'--", strings.Repeat("x", 9000)} {
			h.asks(email)
		}
		h.run(p)
		h.logs()
		h.asks(" OLGA@acme.example")
		h.run(p)
		h.now = h.now.Add(time.Minute)
		h.asks(h.owner.Email)
		h.run(p)
		h.logs("password_reset caught olga@acme.example", "password_reset caught olga@acme.example")
		keys := h.sentKeys()
		use := func(name, key, want string) {
			t.Helper()
			_, looked := Resettable(ctx, d.Read(), key, h.now)
			err := h.try(func(ctx context.Context, tx *db.Tx) error { _, err := Reset(ctx, tx, key, fresh); return err })
			if problem.Code(err) != want || problem.Code(looked) != want || want == "" && err != nil {
				t.Errorf("%s: %v, %v, want %q", name, looked, err, want)
			}
		}
		use("a guess", strings.Repeat("0", 52), "key_unknown")
		use("nothing", "", "key_unknown")
		use("half of it", keys[0][:26], "key_unknown")
		use("the key", keys[0], "")
		use("the key again", keys[0], "key_used")
		use("another key of the same person", keys[1], "key_used")
		if _, err := auth.Resume(ctx, d.Read(), session, h.now); problem.Code(err) != "not_signed_in" {
			t.Errorf("the session goes on: %v", err)
		}
		if _, _, err := signIn(ctx, d, h.owner.Email, "the new password", "192.0.2.0", "test"); err != nil {
			t.Errorf("the new password: %v", err)
		}
		h.now = h.now.Add(time.Minute)
		h.asks(h.owner.Email)
		h.run(p)
		h.now = h.now.Add(ResetFor)
		use("an hour later", h.sentKeys()[2], "key_expired")
		h.now = h.now.Add(25 * time.Hour)
		h.write(Sweep)
		use("a day later", h.sentKeys()[2], "key_unknown")
	})
}

func TestThrottle(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p := h.post(Options{Catch: true})
		for range 10 {
			h.asks(h.owner.Email)
			h.asks("nobody@acme.example")
			h.run(p)
			h.now = h.now.Add(time.Minute)
		}
		if n := len(h.letters()); n != AsksMost {
			t.Errorf("%d mails in an hour", n)
		}
		h.now = h.now.Add(AsksFor)
		h.asks(h.owner.Email)
		h.run(p)
		if n := len(h.letters()); n != AsksMost+1 {
			t.Errorf("%d mails after another hour", n)
		}
	})
}

// signIn proves a password and begins a session.
func signIn(ctx context.Context, d *db.DB, email, password, network, agent string) (secret string, p auth.Person, err error) {
	who, err := auth.Prove(ctx, d, email, password, network)
	if err != nil {
		return "", auth.Person{}, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		secret, err = auth.Begin(ctx, tx, who, agent)
		return err
	})
	return secret, who.Person, err
}
