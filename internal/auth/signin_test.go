package auth

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

var start = time.Date(2026, 5, 3, 10, 30, 0, 0, time.UTC)

// clock sets the database's clock to a moment after start.
func clock(d *db.DB, after time.Duration) {
	d.SetClock(func() time.Time { return start.Add(after) })
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// join makes a person with a password; an empty one is none.
func join(t *testing.T, d *db.DB, email, password string) Person {
	t.Helper()
	var p Person
	write(t, d, func(tx *db.Tx) (err error) {
		p, err = Create(t.Context(), tx, Person{Email: email, Name: "Ann"})
		return err
	})
	if password != "" {
		setPassword(t, d, p, password)
	}
	return p
}

func setPassword(t *testing.T, d *db.DB, p Person, password string) {
	t.Helper()
	kept, err := NewPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error { return SetPassword(t.Context(), tx, p.ID, kept) })
}

func TestAPersonIsTheirAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ann := join(t, d, " Ann@Example.com ", "")
		if ann.Email != "ann@example.com" || ann.Locale != "en" {
			t.Errorf("%+v", ann)
		}
		for _, c := range []struct{ name, email, person, want string }{
			{"once", "ann@example.COM", "Ann", "email_taken"},
			{"no address", "ann", "Ann", "email_invalid"},
			{"a name with it", "Ann <bob@example.com>", "Ann", "email_invalid"},
			{"no name", "bob@example.com", " ", "name_invalid"},
			{"neither", "", "", "input_invalid"},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := Create(t.Context(), tx, Person{Email: c.email, Name: c.person})
				return err
			})
			if problem.Code(err) != c.want {
				t.Errorf("%s: %v, want %s", c.name, err, c.want)
			}
		}
		if got, err := Get(t.Context(), d.Read(), ann.ID); err != nil || got != ann {
			t.Errorf("%+v, %v; want %+v", got, err, ann)
		}
		if got, ok, err := ByEmail(t.Context(), d.Read(), "ANN@example.com"); err != nil || !ok || got != ann {
			t.Errorf("%+v, %t, %v; want %+v", got, ok, err, ann)
		}
		if _, ok, err := ByEmail(t.Context(), d.Read(), "bob@example.com"); err != nil || ok {
			t.Errorf("%t, %v; want nobody", ok, err)
		}
	})
}

func TestSignIn(t *testing.T) {
	const right, wrong = "correct horse", "battery staple"
	wrongs := func(n int) []string { return slices.Repeat([]string{wrong}, n) }
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		join(t, d, "invited@example.com", "")
		for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
			join(t, d, email, right)
		}
		for _, c := range []struct {
			name, email string
			before      []string // passwords tried at the start
			after       time.Duration
			password    string
			want        string
		}{
			{"the right password", "a@example.com", nil, 0, right, ""},
			{"any case", " A@Example.com", nil, 0, right, ""},
			{"a wrong password", "a@example.com", nil, 0, wrong, "sign_in_failed"},
			{"an unknown address", "nobody@example.com", nil, 0, right, "sign_in_failed"},
			{"no address", "\x00", nil, 0, right, "sign_in_failed"},
			{"no password set", "invited@example.com", nil, 0, "", "sign_in_failed"},
			{"right after nine failures", "b@example.com", wrongs(9), 0, right, ""},
			{"which are forgotten then", "b@example.com", wrongs(9), 0, right, ""},
			{"wrong for the tenth time", "c@example.com", wrongs(9), 0, wrong, "sign_in_failed"},
			{"right but blocked", "c@example.com", nil, BlockFor - time.Millisecond, right, "sign_in_blocked"},
			{"right and blocked no more", "c@example.com", nil, BlockFor, right, ""},
			{"nobody is blocked as well", "nobody2@example.com", wrongs(10), 0, wrong, "sign_in_blocked"},
		} {
			clock(d, 0)
			for _, password := range c.before {
				if _, _, err := signIn(t.Context(), d, c.email, password, ""); problem.Code(err) != "sign_in_failed" {
					t.Fatalf("%s: before: %v", c.name, err)
				}
			}
			clock(d, c.after)
			secret, p, err := signIn(t.Context(), d, c.email, c.password, "Firefox \xff")
			if problem.Code(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
			if s, err := Resume(t.Context(), d.Read(), secret, d.Now()); (err == nil) != (c.want == "") || s.Person != p {
				t.Errorf("%s: the session is %+v, %v", c.name, s, err)
			}
		}
	})
}

func TestGuessesAtOneTimeAreCounted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		join(t, d, "a@example.com", "correct horse")
		var all sync.WaitGroup
		codes := make(chan string, 30)
		for range cap(codes) {
			all.Go(func() {
				_, _, err := signIn(t.Context(), d, "a@example.com", "battery staple", "")
				codes <- problem.Code(err)
			})
		}
		all.Wait()
		close(codes)
		count := map[string]int{}
		for code := range codes {
			count[code]++
		}
		if count["sign_in_failed"] != BlockAfter || count["sign_in_blocked"] != 30-BlockAfter {
			t.Errorf("%v, want %d failed and the others blocked", count, BlockAfter)
		}
	})
}

func TestASessionLastsWhileItIsUsed(t *testing.T) {
	const day = 24 * time.Hour
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		ann := join(t, d, "a@example.com", "correct horse")
		signIn := func() string {
			t.Helper()
			secret, _, err := signIn(t.Context(), d, "a@example.com", "correct horse", "Firefox")
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		used, idle := signIn(), signIn()
		lasts := func(secret string) bool {
			t.Helper()
			s, err := Resume(t.Context(), d.Read(), secret, d.Now())
			if err != nil && problem.Code(err) != "not_signed_in" {
				t.Fatal(err)
			}
			if err == nil && secret == used {
				if err := TouchSession(t.Context(), d, s); err != nil {
					t.Fatal(err)
				}
			}
			return err == nil
		}
		for _, c := range []struct {
			after      time.Duration
			used, idle bool
		}{
			{0, true, true},
			{29 * day, true, true},
			{30*day - time.Millisecond, true, true},
			{30 * day, true, false},
			{59 * day, true, false},
			{89 * day, false, false},
		} {
			clock(d, c.after)
			if used, idle := lasts(used), lasts(idle); used != c.used || idle != c.idle {
				t.Errorf("after %s: used %t, idle %t; want %+v", c.after, used, idle, c)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			n, err := SweepSessions(t.Context(), tx)
			if n != 2 {
				t.Errorf("swept %d, want 2", n)
			}
			return err
		})
		one, other := signIn(), signIn()
		write(t, d, func(tx *db.Tx) error { return SignOut(t.Context(), tx, one) })
		if lasts(one) || !lasts(other) {
			t.Error("one is signed out, the other is not")
		}
		setPassword(t, d, ann, "battery staple")
		if lasts(other) {
			t.Error("a session outlived its password")
		}
		if lasts("") {
			t.Error("nobody is signed in")
		}
	})
}

// signIn proves a password and begins a session.
func signIn(ctx context.Context, d *db.DB, email, password, agent string) (secret string, p Person, err error) {
	who, err := Prove(ctx, d, email, password)
	if err != nil {
		return "", Person{}, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		secret, err = Begin(ctx, tx, who, agent)
		return err
	})
	return secret, who.Person, err
}
