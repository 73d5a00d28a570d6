package auth

import (
	"context"
	"strings"
	"testing"
)

// The tests sign in hundreds of times; what a hash costs is tested on its own.
var costly = cost

func init() { cost = argon{memory: 64, time: 1, threads: 1} }

func TestWhatIsKeptOfAPassword(t *testing.T) {
	for _, c := range []struct{ name, kept, typed, want string }{
		{"the right one", "correct horse", "correct horse", "right"},
		{"a wrong one", "correct horse", "correct horsf", "wrong"},
		{"no trimming", "correct horse", "correct horse ", "wrong"},
		{"any characters", "密码密码密码密码密码", "密码密码密码密码密码", "right"},
		{"too short", "nine char", "nine char", "password_invalid: a password has 10 to 256 characters"},
		{"too long", strings.Repeat("x", 257), "", "password_invalid: a password has 10 to 256 characters"},
	} {
		got := "wrong"
		p, err := NewPassword(t.Context(), c.kept)
		if err != nil {
			got = err.Error()
		} else if right, err := verify(t.Context(), p.phc, c.typed); err != nil {
			got = err.Error()
		} else if right {
			got = "right"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	a, _ := NewPassword(t.Context(), "correct horse")
	b, _ := NewPassword(t.Context(), "correct horse")
	if a == b {
		t.Error("two people with one password have one hash")
	}
	if right, err := verify(t.Context(), "", ""); right || err != nil {
		t.Errorf("nobody has signed in: %t, %v", right, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for range cap(derivations) {
		derivations <- struct{}{}
	}
	if _, err := NewPassword(ended, "correct horse"); err == nil {
		t.Error("a hash was computed beyond the bound")
	}
	for range cap(derivations) {
		<-derivations
	}
}

func TestParseHash(t *testing.T) {
	// One of the reference implementation's own test vectors (phc-winner-argon2, src/test.c).
	const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if right, err := verify(t.Context(), known, "password"); !right || err != nil {
		t.Errorf("a known hash does not verify: %t, %v", right, err)
	}
	replace := func(old, with string) string { return strings.Replace(known, old, with, 1) }
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"as written", known, true},
		{"other costs", replace("m=65536,t=2,p=1", "m=19456,t=3,p=4"), true},
		{"nothing", "", false},
		{"another function", replace("argon2id", "argon2i"), false},
		{"another version", replace("v=19", "v=16"), false},
		{"no passes", replace("t=2", "t=0"), false},
		{"too many passes", replace("t=2", "t=33"), false},
		{"no threads", replace("p=1", "p=0"), false},
		{"threads beyond a byte", replace("p=1", "p=257"), false},
		{"too much memory", replace("m=65536", "m=4294967295"), false},
		{"another spelling of a number", replace("t=2", "t=02"), false},
		{"more behind the costs", replace("p=1", "p=1,x=1"), false},
		{"padding", known + "=", false},
		{"bits that mean nothing", known[:len(known)-1] + "d", false},
		{"a short salt", replace("c29tZXNhbHQ", "c29t"), false},
		{"a short key", known[:len(known)-30], false},
		{"more behind the key", known + "$", false},
	} {
		h, err := parseHash(c.text)
		if (err == nil) != c.ok || (c.ok && h.String() != c.text) {
			t.Errorf("%s: %v, %v", c.name, h, err)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Add("$$$m=,t=,p=$$")
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := parseHash(s); err == nil && h.String() != s {
			t.Errorf("%q became %q", s, h)
		}
	})
}

func BenchmarkPassword(b *testing.B) {
	defer func(small argon) { cost = small }(cost)
	cost = costly
	for b.Loop() {
		if _, err := NewPassword(b.Context(), "correct horse"); err != nil {
			b.Fatal(err)
		}
	}
}
