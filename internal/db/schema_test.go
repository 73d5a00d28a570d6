package db_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// TestSchema holds schema.sql true: the tables as all migrations together make them.
func TestSchema(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "schema.db"), db.Options{Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	statements, err := db.All(ctx, d.Read(), db.Value[string], `select sql from sqlite_master where sql is not null order by tbl_name, type desc, name`)
	if err != nil {
		t.Fatal(err)
	}
	now := "-- The tables as they are, made from internal/db/migrations by: go test ./internal/db -run TestSchema -update\n\n" +
		strings.Join(statements, ";\n\n") + ";\n"
	const file = "../../schema.sql"
	if *update {
		if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != now {
		t.Error("schema.sql is stale: go test ./internal/db -run TestSchema -update")
	}
}
