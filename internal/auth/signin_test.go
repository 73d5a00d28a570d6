package auth

import (
	"context"
	"fmt"
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
				if _, _, err := signIn(t.Context(), d, c.email, password, home, ""); problem.Code(err) != "sign_in_failed" {
					t.Fatalf("%s: before: %v", c.name, err)
				}
			}
			clock(d, c.after)
			secret, p, err := signIn(t.Context(), d, c.email, c.password, home, "Firefox \xff")
			if problem.Code(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
			if s, err := Resume(t.Context(), d.Read(), secret, d.Now()); (err == nil) != (c.want == "") || s.Person != p {
				t.Errorf("%s: the session is %+v, %v", c.name, s, err)
			}
		}
	})
}

// home is a network.
const home = "192.0.2.0"

func TestAStrangerDoesNotKeepSomebodyOut(t *testing.T) {
	const right, wrong = "correct horse", "battery staple"
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		join(t, d, "a@example.com", right)
		join(t, d, "b@example.com", right)
		try := func(email, password, network string) string {
			_, _, err := signIn(t.Context(), d, email, password, network, "")
			if err == nil {
				return "in"
			}
			return problem.Code(err)
		}
		for n := range 3 * BlockAfter {
			want := "sign_in_failed"
			if n >= BlockAfter {
				want = "sign_in_blocked"
			}
			if got := try("a@example.com", wrong, "198.51.100.0"); got != want {
				t.Fatalf("guess %d: %s, want %s", n, got, want)
			}
		}
		if got := try("a@example.com", right, home); got != "in" {
			t.Errorf("from their own network: %s", got)
		}
		if got := try("b@example.com", right, "198.51.100.0"); got != "in" {
			t.Errorf("somebody else from the stranger's network: %s", got)
		}
		if got := try("a@example.com", right, "198.51.100.0"); got != "sign_in_blocked" {
			t.Errorf("from the stranger's network: %s", got)
		}
	})
}

func TestTheBroadLimits(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	clock(d, 0)
	try := func(email, network string) string {
		return problem.Code(attempt(t.Context(), d, email, network))
	}
	for n := range BlockAddressAfter {
		if got := try("a@example.com", fmt.Sprintf("10.0.%d.0", n)); got != "" {
			t.Fatalf("guess %d from another network each: %s", n, got)
		}
	}
	if got := try("a@example.com", home); got != "sign_in_blocked" {
		t.Errorf("an address that the world guesses at: %q", got)
	}
	for n := range BlockNetworkAfter {
		if got := try(fmt.Sprintf("p%d@example.com", n), "203.0.113.0"); got != "" {
			t.Fatalf("guess %d at another address each: %s", n, got)
		}
	}
	if got := try("z@example.com", "203.0.113.0"); got != "sign_in_blocked" {
		t.Errorf("a network that guesses at the world: %q", got)
	}
	clock(d, BlockFor)
	for _, c := range [][2]string{{"a@example.com", home}, {"z@example.com", "203.0.113.0"}} {
		if got := try(c[0], c[1]); got != "" {
			t.Errorf("%s from %s after the block: %s", c[0], c[1], got)
		}
	}
	for n := range 3 * BlockNetworkAfter { // a busy network: each hour less than the limit
		clock(d, BlockFor+time.Duration(n)*15*time.Second)
		if got := try(fmt.Sprintf("q%d@example.com", n), "233.252.0.0"); got != "" {
			t.Fatalf("failure %d of a busy network: %s", n, got)
		}
	}
}

func TestGuessesAtOneTimeAreCounted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		join(t, d, "a@example.com", "correct horse")
		var all sync.WaitGroup
		codes := make(chan string, 30)
		for range cap(codes) {
			all.Go(func() {
				_, _, err := signIn(t.Context(), d, "a@example.com", "battery staple", home, "")
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
			secret, _, err := signIn(t.Context(), d, "a@example.com", "correct horse", home, "Firefox")
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
func signIn(ctx context.Context, d *db.DB, email, password, network, agent string) (secret string, p Person, err error) {
	who, err := Prove(ctx, d, email, password, network)
	if err != nil {
		return "", Person{}, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		secret, err = Begin(ctx, tx, who, agent)
		return err
	})
	return secret, who.Person, err
}
