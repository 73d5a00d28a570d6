package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelpIsNoFailure(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"help", "serve"}} {
		var out, faults bytes.Buffer
		if err := run(t.Context(), args, nil, &out, &faults); err != nil || !strings.Contains(out.String(), "Usage: tributary") || faults.Len() > 0 {
			t.Errorf("tributary %v: %v\n%s%s", args, err, &out, &faults)
		}
	}
	if err := run(t.Context(), []string{"nosuch"}, nil, io.Discard, io.Discard); err == nil {
		t.Error("a command that is not there is no failure")
	}
}

// TestTools walks a new installation from the shell: schema, owner, token, proof, copy.
func TestTools(t *testing.T) {
	data := t.TempDir()
	foreign := filepath.Join(data, "foreign.db")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		promise string
		input   string
		args    []string
		want    string // in what it prints
		fails   string // in its error
	}{
		{"nothing to verify yet", "", []string{"verify"}, "", "there is no database"},
		{"the schema comes", "", []string{"migrate"}, "applied 0001_line", ""},
		{"once", "", []string{"migrate"}, "nothing to do", ""},
		{"an owner, and a brand with them", "a long enough password\n", []string{"user", "add", "ann@example.org", "--brand", "acme", "--brand-name", "Acme"}, "ann@example.org is owner of acme", ""},
		{"no password, no owner", "", []string{"user", "add", "bob@example.org", "--brand", "acme"}, "", "no password"},
		{"no such role", "x", []string{"user", "add", "bob@example.org", "--brand", "acme", "--role", "king"}, "", "king"},
		{"another password", "another long password\n", []string{"user", "password", "ann@example.org"}, "is set", ""},
		{"of nobody", "another long password\n", []string{"user", "password", "zoe@example.org"}, "", "person_unknown"},
		{"a token is printed once", "", []string{"token", "create", "--brand", "acme", "--name", "shop", "--scope", "conversions.write"}, "trb_live_", ""},
		{"a token for tests", "", []string{"token", "create", "--brand", "acme", "--name", "shop", "--test"}, "trb_test_", ""},
		{"and listed without its secret", "", []string{"token", "list", "--brand", "acme"}, "holds  shop", ""},
		{"of a brand that is there", "", []string{"token", "create", "--brand", "none", "--name", "shop"}, "", "brand_unknown"},
		{"empty books agree", "", []string{"verify"}, "the books agree to the cent", ""},
		{"a database of nobody's", "", []string{"verify", "--database", foreign}, "", "has no schema"},
		{"a copy", "", []string{"backup", filepath.Join(data, "copy.db")}, "wrote", ""},
		{"but never over another", "", []string{"backup", filepath.Join(data, "copy.db")}, "", "is there already"},
		{"the copy is a database", "", []string{"verify", "--database", filepath.Join(data, "copy.db")}, "the books agree to the cent", ""},
		{"what runs", "", []string{"version"}, "tributary development", ""},
		{"no such command", "", []string{"fly"}, "", "fly"},
	}
	for _, s := range steps {
		args := s.args
		if args[0] != "version" {
			args = append(args, "--data", data)
		}
		out, err := do(t, s.input, args...)
		if s.fails == "" && err != nil || s.fails != "" && (err == nil || !strings.Contains(err.Error(), s.fails)) {
			t.Errorf("%s: %v, want %q", s.promise, err, s.fails)
		}
		if !strings.Contains(out, s.want) {
			t.Errorf("%s: printed %q, want %q", s.promise, out, s.want)
		}
	}
}

// TestFlagBeforeEnvironmentBeforeFile: where a value comes from.
func TestFlagBeforeEnvironmentBeforeFile(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "tributary.json")
	if err := os.WriteFile(config, []byte(`{"data": "`+filepath.Join(dir, "file")+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	migrated := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name, "tributary.db"))
		return err == nil
	}
	if _, err := do(t, "", "migrate", "--config", config); err != nil || !migrated("file") {
		t.Errorf("the file's value was not taken: %v", err)
	}
	t.Setenv("TRIBUTARY_DATA", filepath.Join(dir, "environment"))
	if _, err := do(t, "", "migrate", "--config", config); err != nil || !migrated("environment") {
		t.Errorf("the environment's value was not taken before the file's: %v", err)
	}
	if _, err := do(t, "", "migrate", "--config", config, "--data", filepath.Join(dir, "flag")); err != nil || !migrated("flag") {
		t.Errorf("the flag's value was not taken before the others: %v", err)
	}
}
