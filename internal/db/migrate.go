package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migration is one step of the schema, in the order of the files' names.
type Migration struct {
	Name string
	SQL  string
}

// Migrations are all steps, oldest first. A step that has been released is never edited.
func Migrations() ([]Migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, Migration{strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql"), string(text)})
	}
	return all, nil
}

// Migrate brings the schema to the newest step and returns the names of the steps it took. Several nodes may call it at
// once: one does the work and the others find it done.
func (d *DB) Migrate(ctx context.Context) ([]string, error) {
	all, err := Migrations()
	if err != nil {
		return nil, err
	}
	var taken []string
	err = d.Write(ctx, func(tx *Tx) error {
		taken = nil
		if d.Engine == Postgres {
			if _, err := Exec(ctx, tx, "select pg_advisory_xact_lock(7482911)"); err != nil {
				return err
			}
		}
		if _, err := Exec(ctx, tx, `create table if not exists migration (name text primary key, at bigint not null)`); err != nil {
			return err
		}
		done, err := All(ctx, tx, Value[string], `/* db.Migrate */ select name from migration`)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, name := range done {
			seen[name] = true
		}
		for _, m := range all {
			if seen[m.Name] {
				delete(seen, m.Name)
				continue
			}
			if err := tx.script(ctx, m.SQL); err != nil {
				return fmt.Errorf("migration %s: %w", m.Name, err)
			}
			if _, err := Exec(ctx, tx, `/* db.Migrate */ insert into migration (name, at) values ($1, $2)`, m.Name, tx.Now.UnixMilli()); err != nil {
				return err
			}
			taken = append(taken, m.Name)
		}
		for name := range seen {
			return fmt.Errorf("the database has migration %s, which this version does not know: it was written by a newer one", name)
		}
		if len(taken) > 0 {
			return tx.assume(ctx)
		}
		return nil
	})
	return taken, err
}

// Check fails when the schema is not that of this version, and changes nothing.
func (d *DB) Check(ctx context.Context) error {
	all, err := Migrations()
	if err != nil {
		return err
	}
	done, err := All(ctx, d.Read(), Value[string], `/* db.Check */ select name from migration order by name`)
	if err != nil {
		return fmt.Errorf("the database has no schema yet, or is none of ours: %w", err)
	}
	known := make([]string, len(all))
	for i, m := range all {
		known[i] = m.Name
	}
	if !slices.Equal(done, known) {
		return fmt.Errorf("the database is at the schema of another version (%s): run migrate, or the version that wrote it", strings.Join(done, ", "))
	}
	return nil
}

// script runs statements that are separated by semicolons at the ends of lines.
func (t *Tx) script(ctx context.Context, text string) error {
	for _, statement := range strings.Split(text, ";\n") {
		if statement = strings.TrimSpace(statement); statement == "" {
			continue
		}
		var err error
		if t.pg != nil {
			_, err = t.pg.exec(ctx, statement, nil)
		} else {
			_, err = t.db.writer.conn.ExecContext(ctx, statement)
		}
		if err != nil {
			return fmt.Errorf("%w in: %s", err, statement)
		}
	}
	return nil
}

// Outside runs a statement that cannot be part of a transaction, such as vacuum or create database.
func (d *DB) Outside(ctx context.Context, statement string) error {
	if d.Engine == Postgres {
		_, err := d.pool.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol)
		return err
	}
	release, err := d.writer.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	_, err = d.writer.conn.ExecContext(ctx, statement)
	return err
}
