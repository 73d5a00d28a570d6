// Package refusal counts by the hour the reports that were refused, and why. It keeps nothing of what they held.
package refusal

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Tally is how often reports came in a way, and were refused for a reason.
type Tally struct {
	Way    string // api, postback, tag
	Reason string // the problem's code
	Field  string // which of its fields was wrong; empty: none of them
	N      int64
	Last   time.Time
}

type key struct {
	program, way, reason, field string
	hour                        int64
}

type count struct{ n, last int64 }

// Book counts in memory, and writes the counts down now and then: a stranger who sends rubbish costs no write each.
type Book struct {
	db     *db.DB
	mu     sync.Mutex
	counts map[key]count
}

// most is how many sorts of refusals are held between two writes.
const most = 10_000

// New is an empty book.
func New(d *db.DB) *Book { return &Book{db: d, counts: map[key]count{}} }

// Note counts a refusal. What is our fault, or for the sender to send again, is none. No book counts nothing.
func (b *Book) Note(program, way string, err error) {
	p, ok := problem.As(err)
	if b == nil || !ok || p.Status >= 500 || program == "" {
		return
	}
	field := ""
	if len(p.Fields) > 0 {
		field = p.Fields[0].Name
	}
	now := b.db.Now()
	k := key{program, way, p.Code, field, now.Truncate(time.Hour).UnixMilli()}
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, known := b.counts[k]; known || len(b.counts) < most {
		b.counts[k] = count{c.n + 1, now.UnixMilli()}
	}
}

// Flush writes the counts down.
func (b *Book) Flush(ctx context.Context) error {
	b.mu.Lock()
	counts := b.counts
	b.counts = map[key]count{}
	b.mu.Unlock()
	if len(counts) == 0 {
		return nil
	}
	return b.db.Write(ctx, func(tx *db.Tx) error {
		for k, c := range counts {
			if err := db.Later(ctx, tx, `/* refusal.Flush */ insert into refusal (program, hour, way, reason, field, n, last) values ($1, $2, $3, $4, $5, $6, $7)
				on conflict (program, hour, way, reason, field) do update set n = refusal.n + excluded.n, last = excluded.last`,
				k.program, k.hour, k.way, k.reason, k.field, c.n, c.last); err != nil {
				return err
			}
		}
		return nil
	})
}

// KeepFor is how long counts are kept.
const KeepFor = 30 * 24 * time.Hour

// Sweep removes old counts.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `/* refusal.Sweep */ delete from refusal where hour < $1`, tx.Now.Add(-KeepFor).UnixMilli())
	return err
}

// Since are a program's from a moment on, the most frequent first.
func Since(ctx context.Context, r db.Reader, program string, from time.Time) ([]Tally, error) {
	list, err := db.All(ctx, r, func(row db.Row) (t Tally, err error) {
		var last int64
		err = row.Scan(&t.Way, &t.Reason, &t.Field, &t.N, &last)
		t.Last = time.UnixMilli(last).UTC()
		return t, err
	}, `/* refusal.Since */ select way, reason, field, cast(sum(n) as bigint), max(last) from refusal where program = $1 and hour >= $2 group by way, reason, field`,
		program, from.Truncate(time.Hour).UnixMilli())
	slices.SortFunc(list, func(a, b Tally) int {
		if a.N != b.N {
			return int(b.N - a.N)
		}
		return strings.Compare(a.Way+a.Reason+a.Field, b.Way+b.Reason+b.Field)
	})
	return list, err
}
