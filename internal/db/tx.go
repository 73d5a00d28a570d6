package db

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Reader runs queries. Both a Tx and what DB.Read returns are one; a function that takes a Reader writes nothing.
type Reader interface {
	query(ctx context.Context, query string, args []any) (rows, error)
	engine() Engine
}

// rows is what both drivers answer with.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Tx is a transaction that writes. Now is the one instant of all that it does.
type Tx struct {
	Now   time.Time
	db    *DB
	pg    *pipeline // nil on SQLite, whose one writing connection is in the transaction itself
	after []func()
}

// Read is the database as a Reader, each query on its own.
func (d *DB) Read() Reader { return pool{d} }

type pool struct{ d *DB }

func (p pool) engine() Engine { return p.d.Engine }

func (p pool) query(ctx context.Context, query string, args []any) (rows, error) {
	if p.d.Engine == Postgres {
		return p.d.read.QueryContext(ctx, query, args...)
	}
	stmt, err := p.d.reads.get(ctx, p.d.read, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return p.d.read.QueryContext(ctx, query, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// View runs fn on one unchanging snapshot of the database.
func (d *DB) View(ctx context.Context, fn func(r Reader) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return fn(snapshot{d, tx})
}

type snapshot struct {
	d  *DB
	tx *sql.Tx
}

func (s snapshot) engine() Engine { return s.d.Engine }

func (s snapshot) query(ctx context.Context, query string, args []any) (rows, error) {
	if s.d.Engine == SQLite {
		// Only what is prepared already: preparing needs a second connection, and snapshots that hold all of them would
		// wait for each other.
		if stmt := s.d.reads.known(query); stmt != nil {
			return s.tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
		}
		query = positional(query)
	}
	return s.tx.QueryContext(ctx, query, args...)
}

func (t *Tx) engine() Engine { return t.db.Engine }

// Before is the database as all others still see it: of what the transaction has written, it shows what was there before.
func (t *Tx) Before() Reader { return t.db.Read() }

func (t *Tx) query(ctx context.Context, query string, args []any) (rows, error) {
	if t.pg != nil {
		return t.pg.query(ctx, query, args)
	}
	stmt, err := t.db.writer.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (t *Tx) exec(ctx context.Context, query string, args []any) (int64, error) {
	if t.pg != nil {
		return t.pg.exec(ctx, query, args)
	}
	stmt, err := t.db.writer.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// After runs fn once the transaction has been committed, and not at all when it has not.
func (t *Tx) After(fn func()) { t.after = append(t.after, fn) }

// Write runs fn in one transaction, and commits when it returns nil. What failed only because of others at the same time
// is run again, so fn must have no effect outside the transaction but through Tx.After.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	release, err := d.writer.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, fn)
		if err == nil || try == 5 || !Retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(time.Duration(try*try) * 5 * time.Millisecond):
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, fn func(tx *Tx) error) error {
	tx := &Tx{db: d}
	commit, rollback, err := d.begin(ctx, tx)
	if err != nil {
		return err
	}
	tx.Now = d.Now()
	open := true
	defer func() {
		if open {
			rollback()
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := commit(); err != nil {
		return err
	}
	open = false
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

// Exec runs a statement that returns no rows, and tells how many it touched.
func Exec(ctx context.Context, tx *Tx, query string, args ...any) (int64, error) {
	return tx.exec(ctx, query, args)
}

// Later runs a statement on whose outcome nothing in the transaction depends. On PostgreSQL it travels with the next
// statement that is waited for, at the latest with the commit, which then reports its error.
func Later(ctx context.Context, tx *Tx, query string, args ...any) error {
	if tx.pg != nil {
		tx.pg.later(query, args)
		return nil
	}
	_, err := tx.exec(ctx, query, args)
	return err
}

// Row is what a scan function reads from.
type Row interface{ Scan(dest ...any) error }

// One reads exactly one row; ErrNone says that there is none.
func One[T any](ctx context.Context, r Reader, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var zero T
	rows, err := r.query(ctx, query, args)
	if err != nil {
		return zero, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return zero, err
		}
		return zero, ErrNone
	}
	v, err := scan(rows)
	if err != nil {
		return zero, err
	}
	return v, rows.Close()
}

// All reads every row.
func All[T any](ctx context.Context, r Reader, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := r.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// ErrNone is what One returns when no row fits.
var ErrNone = sql.ErrNoRows

// Value is a scan function for a query of one column.
func Value[T any](row Row) (T, error) {
	var v T
	err := row.Scan(&v)
	return v, err
}

// ForUpdate is the clause that locks the rows of a select until the transaction ends.
func ForUpdate(tx *Tx) string {
	if tx.engine() == Postgres {
		return " for update"
	}
	return ""
}

// CollateC makes an order by text bytewise on both engines.
func CollateC(r Reader) string {
	if r.engine() == Postgres {
		return ` collate "C"`
	}
	return ""
}
