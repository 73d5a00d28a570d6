// Package dbtest opens a fresh database on each engine for a test and audits the books when the test is over.
package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/ledger"
)

// Run runs the test on every engine at hand, each on a migrated, empty database. Without a PostgreSQL server it skips
// that half with a line, unless TEST_POSTGRES=required asks for it.
func Run(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { test(t, Open(t, engine)) })
	}
}

// Open opens a migrated, empty database of one engine and closes it, after an audit, when the test ends.
func Open(t testing.TB, engine db.Engine) *db.DB {
	t.Helper()
	d := Reopen(t, Target(t, engine))
	t.Cleanup(func() {
		if !t.Failed() {
			Audit(t, d)
		}
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// Audit fails the test when the books do not hold.
func Audit(t testing.TB, d *db.DB) {
	t.Helper()
	faults, err := ledger.Audit(context.Background(), d.Read())
	if err != nil {
		t.Errorf("audit: %v", err)
	}
	for _, fault := range faults {
		t.Errorf("audit: %s", fault)
	}
}

// Reopen opens a target that a test made before; the caller closes it.
func Reopen(t testing.TB, target string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), target, db.Options{Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Target makes an empty, migrated database and returns what db.Open needs. It is gone when the test ends.
func Target(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.Postgres {
		return postgresTarget(t)
	}
	path := filepath.Join(t.TempDir(), "tributary.db")
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sqliteTemplate is the bytes of a migrated, empty database file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "tributary-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // the last connection's close has moved the write-ahead log into it
})

func migrate(target string) error {
	d, err := db.Open(context.Background(), target, db.Options{Relaxed: true})
	if err != nil {
		return err
	}
	if _, err := d.Migrate(context.Background()); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}

func postgresTarget(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		if os.Getenv("TEST_POSTGRES") == "required" {
			t.Fatalf("PostgreSQL is required and not here: %v", err)
		}
		t.Skipf("SKIPPED ON POSTGRESQL: %v (install PostgreSQL, or set TEST_POSTGRES=postgres://…)", err)
	}
	name, err := server.borrow()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.giveBack(name); err != nil {
			t.Errorf("empty the database: %v", err)
		}
	})
	return server.target(name)
}
