// Package db opens the database and runs statements on it: one SQL for SQLite and PostgreSQL. It knows no table but those
// of its own migrations, and decides nothing.
//
// The common ground of the two engines is $1 parameters; text, bigint, boolean and bytea columns; upserts with returning;
// partial and expression indexes; CTEs; window functions; filter. Times are bigint milliseconds UTC, ids are text, JSON is
// text that no query looks into. What differs lives here and nowhere else:
//
//   - row locks: ForUpdate is empty on SQLite, which has one writer at a time;
//   - sums: PostgreSQL's sum(bigint) is numeric, so queries write cast(sum(x) as bigint);
//   - order of text: SQLite compares bytewise, PostgreSQL as its database was made; where it matters, queries add CollateC;
//   - unique violations and retryable faults have different codes: see IsUnique, Retryable and Unavailable;
//   - trips: on PostgreSQL, what Later sends travels with the next statement that is waited for;
//   - statistics: SQLite is told what large tables look like, PostgreSQL measures for itself.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Engine is one of the two databases.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. Its clock is the only one that the packages of the line ever see.
type DB struct {
	Engine Engine
	write  *sql.DB       // SQLite's one connection
	pool   *pgxpool.Pool // PostgreSQL's connections for transactions
	read   *sql.DB
	clock  atomic.Pointer[func() time.Time]
	reads  statements
	writer writer
	memo   memo
}

// Options say how a database is opened.
type Options struct {
	Clock func() time.Time // time.Now when nil
	// Relaxed does not wait until a write is on the disk: a crash of the machine may lose the last ones.
	// Only for databases that can be made again, such as the demo while it is filled.
	Relaxed bool
}

// Open opens the database that target names: a file's path, or postgres://…. It does not migrate.
func Open(ctx context.Context, target string, o Options) (*DB, error) {
	d := &DB{}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	d.SetClock(o.Clock)
	var err error
	if IsPostgres(target) {
		d.Engine = Postgres
		err = d.openPostgres(ctx, target, o.Relaxed)
	} else {
		d.Engine = SQLite
		err = d.openSQLite(target, o.Relaxed)
	}
	if err == nil {
		err = d.read.PingContext(ctx)
	}
	if err == nil && d.Engine == SQLite {
		err = d.writer.open(ctx, d.write)
	}
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("open database %s: %w", Redact(target), err)
	}
	return d, nil
}

// IsPostgres tells whether a target is a PostgreSQL address rather than a path.
func IsPostgres(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

// Redact is the target without its password, for messages.
func Redact(target string) string {
	if u, err := url.Parse(target); err == nil && IsPostgres(target) {
		return u.Redacted()
	}
	return target
}

func (d *DB) openSQLite(path string, relaxed bool) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	sync := "full"
	if relaxed {
		sync = "off"
	}
	pragmas := "_pragma=journal_mode(wal)&_pragma=busy_timeout(2000)&_pragma=foreign_keys(on)&_pragma=cache_size(-32000)" +
		"&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(4000)&_pragma=mmap_size(268435456)&_pragma=synchronous(" + sync + ")"
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas
	var err error
	if d.write, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	d.write.SetConnMaxIdleTime(0)
	if d.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(on)"); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(8)
	d.read.SetMaxIdleConns(8)
	return nil
}

func (d *DB) openPostgres(ctx context.Context, target string, relaxed bool) error {
	config, err := pgxpool.ParseConfig(target)
	if err != nil {
		return err
	}
	config.MaxConns = 12
	if relaxed { // for this process's sessions alone
		config.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	d.read = stdlib.OpenDB(*config.ConnConfig)
	d.read.SetMaxOpenConns(12)
	d.read.SetMaxIdleConns(12)
	return nil
}

// Close ends all connections. Transactions under way are rolled back.
func (d *DB) Close() error {
	d.reads.close()
	errs := []error{d.writer.close()}
	if d.pool != nil {
		d.pool.Close()
	}
	if d.read != nil {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil {
		errs = append(errs, d.write.Close())
	}
	return errors.Join(errs...)
}

// Now is the instant of the database's clock, in UTC and whole milliseconds, as it is stored.
func (d *DB) Now() time.Time { return (*d.clock.Load())().UTC().Truncate(time.Millisecond) }

// SetClock replaces the clock; tests and the demo walk through time with it.
func (d *DB) SetClock(now func() time.Time) { d.clock.Store(&now) }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

// Retryable tells whether a transaction failed only because of others at the same time and may succeed when run again.
func Retryable(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01" // serialization_failure, deadlock_detected
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return false
}

// IsUnique tells whether a statement failed because a row with the same key exists.
func IsUnique(err error) bool {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// statements keeps prepared statements by their text: SQLite's driver would parse each query anew. PostgreSQL's driver
// keeps its own.
type statements struct {
	mu   sync.RWMutex
	byID map[string]*sql.Stmt
}

const statementsMax = 1000

// get returns the prepared statement, or nil when so many are kept that this one is better run as it is.
func (s *statements) get(ctx context.Context, pool *sql.DB, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt, full := s.byID[query], len(s.byID) >= statementsMax
	s.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	if full {
		return nil, nil
	}
	stmt, err := pool.PrepareContext(ctx, positional(query))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.byID[query]; known != nil {
		stmt.Close()
		return known, nil
	}
	if s.byID == nil {
		s.byID = map[string]*sql.Stmt{}
	}
	s.byID[query] = stmt
	return stmt, nil
}

// known returns the prepared statement, or nil when there is none.
func (s *statements) known(query string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[query]
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.byID {
		stmt.Close()
	}
	s.byID = nil
}
