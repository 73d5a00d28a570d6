package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
)

// TestTheCommandLineIsInTheLog goes through the commands that change something.
func TestTheCommandLineIsInTheLog(t *testing.T) {
	data := t.TempDir()
	run := func(input string, args ...string) string {
		t.Helper()
		out, err := do(t, input, append(args, "--data", data)...)
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return out
	}
	run("a long enough password\n", "user", "add", "ann@example.org", "--brand", "acme")
	run("another long password\n", "user", "password", "ann@example.org")
	secret := strings.TrimSpace(run("", "token", "create", "--brand", "acme", "--name", "shop"))
	id, _, _ := strings.Cut(run("", "token", "list", "--brand", "acme"), " ")
	run("", "token", "revoke", "--brand", "acme", id)
	d, err := db.Open(t.Context(), filepath.Join(data, "tributary.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	brand, err := brandNamed(t.Context(), d.Read(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	list, err := audit.List(t.Context(), d.Read(), audit.Filter{Brand: brand.ID, Who: string(audit.Command), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var told []audit.Action
	for _, e := range list {
		told = append(told, e.Action)
		if e.Kind != audit.Command || e.Name == "" || e.From != "" {
			t.Errorf("told as %+v", e)
		}
		for _, c := range e.Changes {
			if strings.Contains(c.After, secret) || strings.Contains(c.After, "password") {
				t.Errorf("the log tells a secret: %+v", c)
			}
		}
	}
	slices.Sort(told)
	if want := []audit.Action{audit.BrandCreate, audit.PasswordChange, audit.TeamJoin, audit.TokenCreate, audit.TokenRevoke}; !slices.Equal(told, want) {
		t.Errorf("the log has %v, want %v", told, want)
	}
	mails, err := db.All(t.Context(), d.Read(), db.Value[string], "select recipient from mail where kind = 'password_changed'")
	if err != nil || !slices.Equal(mails, []string{"ann@example.org"}) {
		t.Errorf("written to %v, %v", mails, err)
	}
}
