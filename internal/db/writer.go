package db

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"
)

// writer hands SQLite's one writing connection to one transaction after the other, in the order they asked, instead of
// leaving them to poll for it, and keeps the statements prepared on it. On PostgreSQL it is empty and stops nobody.
type writer struct {
	turn  chan struct{} // holds one token while the connection is free; nil on PostgreSQL
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (w *writer) open(ctx context.Context, pool *sql.DB) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.stmts, w.turn = conn, map[string]*sql.Stmt{}, make(chan struct{}, 1)
	w.turn <- struct{}{}
	return nil
}

func (w *writer) acquire(ctx context.Context) (release func(), err error) {
	if w.turn == nil {
		return func() {}, nil
	}
	select {
	case <-w.turn:
		return func() { w.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *writer) close() error {
	if w.conn == nil {
		return nil
	}
	<-w.turn // the transaction under way comes to its end first
	for _, stmt := range w.stmts {
		stmt.Close()
	}
	conn := w.conn
	w.conn = nil
	w.turn <- struct{}{}
	return conn.Close()
}

// statement prepares a statement on the writing connection, once. Only the holder of the turn may call it.
func (w *writer) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := w.stmts[query]; stmt != nil {
		return stmt, nil
	}
	if len(w.stmts) >= statementsMax {
		for text, stmt := range w.stmts {
			stmt.Close()
			delete(w.stmts, text)
		}
	}
	stmt, err := w.conn.PrepareContext(ctx, positional(query))
	if err == nil {
		w.stmts[query] = stmt
	}
	return stmt, err
}

// positional spells $1, $2, $3 as ?, ?, ? where each parameter stands once and in order. SQLite takes $7 for a name, and its
// driver looks for each name among all before it, which makes a long insert quadratic.
func positional(query string) string {
	var b strings.Builder
	rest := query
	for n := 1; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number := strconv.Itoa(n)
		if rest, found = strings.CutPrefix(after, number); !found || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return query
		}
		b.WriteByte('?')
	}
}

// endMost is how long a commit or a rollback may take. They go through even when the context of the work has ended.
const endMost = 30 * time.Second

// begin starts the transaction on its engine.
func (d *DB) begin(ctx context.Context, tx *Tx) (commit func() error, rollback func(), err error) {
	late := func(end func(ctx context.Context) error) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endMost)
		defer cancel()
		return end(ctx)
	}
	if d.Engine == Postgres {
		conn, err := d.pool.Acquire(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx.pg = newPipeline(conn)
		return func() error { return late(tx.pg.commit) }, func() { late(tx.pg.rollback) }, nil
	}
	// Without the context of the work: the driver reports what it has done as failed when that ends meanwhile, and a
	// transaction that is thought never to have begun would stay open for ever. busy_timeout bounds the wait.
	settled := context.WithoutCancel(ctx)
	end := func(how string) error {
		_, err := tx.exec(settled, how, nil)
		return err
	}
	if err := end("begin immediate"); err != nil {
		return nil, nil, err
	}
	return func() error { return end("commit") }, func() { end("rollback") }, nil
}
