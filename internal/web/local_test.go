package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestLocal(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"/console/acme?days=7", "/console/acme?days=7"}, {"", "/"}, {"console", "/"}, {"//elsewhere.example", "/"}, {`/\elsewhere.example`, "/"},
		{"https://elsewhere.example/", "/"}, {"/\t/elsewhere.example", "/"}, {"/%2f/x", "/"}, {"/ok#x y", "/"}, {"javascript:alert(1)", "/"},
	} {
		if got := local(c.address); got != c.want {
			t.Errorf("local(%q) is %q, want %q", c.address, got, c.want)
		}
	}
}

// FuzzLocal holds that nothing leads a browser off this installation.
func FuzzLocal(f *testing.F) {
	for _, seed := range []string{"/", "/console", "//x", `/\x`, "/\r\nLocation: x", "https://x", "/%5c%5cx", "/..//x", "/a?b=//c"} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://here.example/sign-in")
	f.Fuzz(func(t *testing.T, address string) {
		got := local(address)
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("local(%q) is %q", address, got)
		}
	})
}

func TestSignIn(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := w.browser()
	status, _, to := b.get("/console/acme/payouts?x=1")
	if want := "/sign-in?to=%2Fconsole%2Facme%2Fpayouts%3Fx%3D1"; status != http.StatusSeeOther || to != want {
		t.Errorf("a stranger is led to %d %s", status, to)
	}
	for _, c := range []struct{ email, password string }{{email("owner"), "wrong password"}, {"nobody@example.org", password}, {"", ""}} {
		if body := b.step("/sign-in", url.Values{"email": {c.email}, "password": {c.password}}, "The e-mail address or the password is wrong."); body != "" {
			t.Error("a wrong sign-in leads somewhere")
		}
	}
	b.step("/sign-in", url.Values{"email": {email("owner")}, "password": {password}, "to": {"/console/acme/payouts?x=1"}}, "/console/acme/payouts?x=1")
	b.shows("/console/acme/payouts", "Payouts")
	if _, _, to := b.get("/"); to != "/console" {
		t.Errorf("home is %q", to)
	}
	b.step("/sign-out", nil, "/sign-in")
	if _, _, to := b.get("/console/acme"); !strings.HasPrefix(to, "/sign-in") {
		t.Error("still signed in")
	}
	w.browser().step("/sign-in", url.Values{"email": {email("owner")}, "password": {password}, "to": {"//elsewhere.example"}}, "/")
}
