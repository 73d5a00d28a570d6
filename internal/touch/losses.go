package touch

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Loss is what became of a visitor whose touch could not be kept.
type Loss string

// The losses.
const (
	TurnedAway Loss = "turned_away" // asked to come again in a moment
	Dropped    Loss = "dropped"     // sent on all the same, as the program wants it
)

// Losses counts touches that could not be kept while the database was out of reach or the queue full, and writes the counts
// when it is back. What it holds when the process dies is lost; the log has told of it by then.
type Losses struct {
	mu     sync.Mutex
	counts map[lossKey]lossCount
	fault  error
	told   time.Time
}

type lossKey struct {
	program string
	loss    Loss
	hour    int64 // its first millisecond
}

type lossCount struct{ touches, last int64 }

const hourLong = 60 * 60 * 1000 // milliseconds

// Add counts a touch of a moment that could not be kept because of the fault.
func (l *Losses) Add(program string, loss Loss, at time.Time, fault error) {
	ms := at.UnixMilli()
	key := lossKey{program, loss, ms - ms%hourLong}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[lossKey]lossCount{}
	}
	c := l.counts[key]
	l.counts[key] = lossCount{c.touches + 1, max(c.last, ms)}
	l.fault = fault
}

// tellEvery is how often the log says that touches are being lost.
const tellEvery = 10 * time.Second

// Keep writes what was counted. When the database is still away, the counts wait for the next time.
func (l *Losses) Keep(ctx context.Context, d *db.DB, log *slog.Logger) error {
	counts, fault, tell := l.take()
	if len(counts) == 0 {
		return nil
	}
	var all int64
	rows := make([][]any, 0, len(counts))
	for key, c := range counts {
		all += c.touches
		rows = append(rows, []any{key.program, string(key.loss), key.hour, c.touches, c.last})
	}
	if tell {
		log.Error("touches cannot be kept", "touches", all, "error", fault)
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Insert(ctx, tx, `/* touch.Losses */ insert into touch_loss (program, kind, at, touches, last)`, rows,
			`on conflict (program, at, kind) do update set touches = touch_loss.touches + excluded.touches,
			last = case when excluded.last > touch_loss.last then excluded.last else touch_loss.last end`)
		return err
	})
	if err != nil {
		l.giveBack(counts)
		return fmt.Errorf("count what could not be kept: %w", err)
	}
	return nil
}

func (l *Losses) take() (counts map[lossKey]lossCount, fault error, tell bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts, l.counts = l.counts, nil
	if now := time.Now(); l.fault != nil && now.Sub(l.told) >= tellEvery { // of the log, not of any fact
		fault, tell, l.told, l.fault = l.fault, true, now, nil
	}
	return counts, fault, tell
}

func (l *Losses) giveBack(counts map[lossKey]lossCount) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[lossKey]lossCount{}
	}
	for key, was := range counts {
		c := l.counts[key]
		l.counts[key] = lossCount{c.touches + was.touches, max(c.last, was.last)}
	}
}

// Lost is how many touches of a program could not be kept.
type Lost struct {
	TurnedAway int64
	Dropped    int64
	Last       time.Time // zero when there is none
}

// All are both kinds together.
func (l Lost) All() int64 { return l.TurnedAway + l.Dropped }

// LostBetween is what a program lost in the hours that begin between two moments, the latter excluded.
func LostBetween(ctx context.Context, r db.Reader, program string, from, to time.Time) (Lost, error) {
	type row struct {
		kind          Loss
		touches, last int64
	}
	list, err := db.All(ctx, r, func(in db.Row) (row, error) {
		var l row
		err := in.Scan(&l.kind, &l.touches, &l.last)
		return l, err
	}, `/* touch.LostBetween */ select kind, cast(sum(touches) as bigint), max(last) from touch_loss
		where program = $1 and at >= $2 and at < $3 group by kind`, program, from.UnixMilli(), to.UnixMilli())
	var lost Lost
	for _, l := range list {
		if l.kind == Dropped {
			lost.Dropped = l.touches
		} else {
			lost.TurnedAway = l.touches
		}
		if last := time.UnixMilli(l.last).UTC(); last.After(lost.Last) {
			lost.Last = last
		}
	}
	return lost, err
}
