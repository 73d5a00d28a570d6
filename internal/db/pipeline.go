package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pipeline is a transaction on PostgreSQL that sends what nobody waits for together with what somebody does: each wait is a
// trip to the server and back, and a line of twenty statements would spend its time travelling.
type pipeline struct {
	conn   *pgxpool.Conn
	queued *pgx.Batch
}

// newPipeline begins a transaction; the begin itself travels with the first statement.
func newPipeline(conn *pgxpool.Conn) *pipeline {
	p := &pipeline{conn: conn, queued: &pgx.Batch{}}
	p.later("begin", nil)
	return p
}

func (p *pipeline) later(query string, args []any) { p.queued.Queue(query, args...) }

// flush sends what is queued and reads all answers but the last, which is the caller's. An error of an earlier statement is
// the error of the whole.
func (p *pipeline) flush(ctx context.Context) (pgx.BatchResults, error) {
	before := p.queued.Len() - 1
	results := p.conn.SendBatch(ctx, p.queued)
	p.queued = &pgx.Batch{}
	for range before {
		if _, err := results.Exec(); err != nil {
			return nil, errors.Join(err, ignoring(results.Close(), err))
		}
	}
	return results, nil
}

// ignoring drops the error of closing answers that repeats the one that is reported already.
func ignoring(closing, reported error) error {
	if closing != nil && closing.Error() == reported.Error() {
		return nil
	}
	return closing
}

func (p *pipeline) exec(ctx context.Context, query string, args []any) (int64, error) {
	p.later(query, args)
	results, err := p.flush(ctx)
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	if closing := results.Close(); err == nil {
		err = closing
	}
	return tag.RowsAffected(), err
}

func (p *pipeline) query(ctx context.Context, query string, args []any) (rows, error) {
	p.later(query, args)
	results, err := p.flush(ctx)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		results.Close()
		return nil, err
	}
	return &pipedRows{found, results}, nil
}

// commit sends the rest and ends the transaction. A transaction of which a part has failed is rolled back by the server,
// which says so only in the answer's tag.
func (p *pipeline) commit(ctx context.Context) error {
	p.later("commit", nil)
	results, err := p.flush(ctx)
	if err != nil {
		return err
	}
	tag, err := results.Exec()
	if closing := results.Close(); err == nil {
		err = closing
	}
	if err == nil && tag.String() != "COMMIT" {
		err = errors.New("the transaction was rolled back instead of committed")
	}
	if err == nil {
		p.conn.Release()
	}
	return err
}

// rollback ends a transaction that failed. Where even that fails, the connection is not used again.
func (p *pipeline) rollback(ctx context.Context) error {
	_, err := p.conn.Exec(ctx, "rollback")
	if err != nil {
		p.conn.Conn().Close(ctx)
	}
	p.conn.Release()
	return err
}

// pipedRows are the rows of the last statement of a batch.
type pipedRows struct {
	pgx.Rows
	results pgx.BatchResults
}

func (r *pipedRows) Close() error {
	r.Rows.Close()
	if err := r.Rows.Err(); err != nil {
		r.results.Close()
		return err
	}
	return r.results.Close()
}
