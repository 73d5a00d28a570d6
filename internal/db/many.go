package db

import (
	"context"
	"strconv"
	"strings"
)

// Args gathers the parameters of a query that takes many values.
type Args struct{ list []any }

// Add appends a parameter and returns its name, such as $3.
func (a *Args) Add(v any) string {
	a.list = append(a.list, v)
	return "$" + strconv.Itoa(len(a.list))
}

// In appends values as a list for "in": ($1, $2, $2, $2). The list is filled up to a power of two with its last value, so
// that only a few different statements are ever prepared. An empty list is (null), which holds for nothing.
func (a *Args) In(values []string) string {
	if len(values) == 0 {
		return "(null)"
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	var b strings.Builder
	b.WriteByte('(')
	for i := range size {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(a.Add(values[min(i, len(values)-1)]))
	}
	b.WriteByte(')')
	return b.String()
}

// List is the parameters gathered so far.
func (a *Args) List() []any { return a.list }

// rowsPerInsert are the sizes in which Insert sends rows: few, so that few statements are prepared.
var rowsPerInsert = []int{128, 64, 32, 16, 8, 4, 2, 1}

// Insert runs "insert into … values" for many rows: head ends before the word values, tail follows the rows (an "on
// conflict" clause, or nothing). It returns how many rows were written.
func Insert(ctx context.Context, tx *Tx, head string, rows [][]any, tail string) (int64, error) {
	var written int64
	for len(rows) > 0 {
		n := chunk(len(rows))
		query, args := valuesQuery(head, rows[:n], tail)
		rows = rows[n:]
		count, err := Exec(ctx, tx, query, args...)
		if err != nil {
			return written, err
		}
		written += count
	}
	return written, nil
}

// InsertLater is Insert for rows on whose outcome nothing in the transaction depends; see Later.
func InsertLater(ctx context.Context, tx *Tx, head string, rows [][]any, tail string) error {
	for len(rows) > 0 {
		n := chunk(len(rows))
		query, args := valuesQuery(head, rows[:n], tail)
		rows = rows[n:]
		if err := Later(ctx, tx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// InsertReturning is Insert with a tail that returns rows.
func InsertReturning[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), head string, rows [][]any, tail string) ([]T, error) {
	var all []T
	for len(rows) > 0 {
		n := chunk(len(rows))
		query, args := valuesQuery(head, rows[:n], tail)
		rows = rows[n:]
		got, err := All(ctx, tx, scan, query, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, got...)
	}
	return all, nil
}

func chunk(rows int) int {
	for _, size := range rowsPerInsert {
		if size <= rows {
			return size
		}
	}
	return rows
}

func valuesQuery(head string, rows [][]any, tail string) (string, []any) {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString(" values ")
	args := make([]any, 0, len(rows)*len(rows[0]))
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j, v := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			args = append(args, v)
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(len(args)))
		}
		b.WriteByte(')')
	}
	if tail != "" {
		b.WriteByte(' ')
		b.WriteString(tail)
	}
	return b.String(), args
}

// Batches cuts a list into pieces of at most n, for queries that take a list.
func Batches[T any](list []T, n int, fn func([]T) error) error {
	for len(list) > 0 {
		size := min(n, len(list))
		if err := fn(list[:size]); err != nil {
			return err
		}
		list = list[size:]
	}
	return nil
}
