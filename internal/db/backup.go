package db

import (
	"context"
	"fmt"
	"os"
)

// Backup writes a copy of a SQLite database, as it stands at one moment, into a new file, while others go on reading and
// writing. A PostgreSQL database has its own tools for this, and is refused.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.Engine == Postgres {
		return fmt.Errorf("a PostgreSQL database is backed up with pg_dump")
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s is there already", path)
	}
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "pragma query_only(off)"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "pragma query_only(on)")
	if _, err := conn.ExecContext(ctx, "vacuum into $1", path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}
