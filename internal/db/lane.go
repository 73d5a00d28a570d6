package db

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrBusy says that a lane's queue is full: nothing was accepted, the caller may come again.
var ErrBusy = errors.New("the queue is full")

// ErrClosed says that a lane takes nothing any more.
var ErrClosed = errors.New("closed")

// Lane is a group commit: requests that arrive while a transaction is being written share the next one, and each is
// answered once that is durable. One fsync, and one round of set-wise statements, serve them all.
type Lane[In, Out any] struct {
	db    *DB
	run   func(ctx context.Context, tx *Tx, batch []In) ([]Result[Out], error)
	most  int
	queue chan waiting[In, Out]

	mu     sync.RWMutex
	closed bool
	done   chan struct{}
}

// Result is the answer to one request of a batch. An Err of one leaves the others' work standing.
type Result[Out any] struct {
	Value Out
	Err   error
}

type waiting[In, Out any] struct {
	in  In
	out chan Result[Out]
}

// NewLane starts a lane that runs at most most requests in a transaction and lets at most queue others wait.
//
// run returns one result per request, in order; a result's Err must have written nothing. When run itself fails, the
// transaction is rolled back and each request is tried alone, so that one that cannot be written does not take others
// with it; unless the database is away, for then all have the same answer at once.
func NewLane[In, Out any](d *DB, most, queue int, run func(ctx context.Context, tx *Tx, batch []In) ([]Result[Out], error)) *Lane[In, Out] {
	l := &Lane[In, Out]{db: d, run: run, most: most, queue: make(chan waiting[In, Out], queue), done: make(chan struct{})}
	go l.loop()
	return l
}

// Do hands in a request and waits until it is durable. ErrBusy and ErrClosed mean that nothing was done; the error of a
// context that ends while the request is being written leaves open whether it was.
func (l *Lane[In, Out]) Do(ctx context.Context, in In) (Out, error) {
	w := waiting[In, Out]{in, make(chan Result[Out], 1)}
	var zero Out
	l.mu.RLock()
	if l.closed {
		l.mu.RUnlock()
		return zero, ErrClosed
	}
	select {
	case l.queue <- w:
		l.mu.RUnlock()
	default:
		l.mu.RUnlock()
		return zero, ErrBusy
	}
	select {
	case r := <-w.out:
		return r.Value, r.Err
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

// Close takes no more requests, finishes those it has, and returns.
func (l *Lane[In, Out]) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.queue)
	}
	l.mu.Unlock()
	<-l.done
}

func (l *Lane[In, Out]) loop() {
	defer close(l.done)
	for first := range l.queue {
		batch := []waiting[In, Out]{first}
	gather:
		for len(batch) < l.most {
			select {
			case w, ok := <-l.queue:
				if !ok {
					break gather
				}
				batch = append(batch, w)
			default:
				break gather
			}
		}
		l.write(batch)
	}
}

// laneTimeout bounds one transaction of a lane, so that a database that hangs turns into an error.
const laneTimeout = 10 * time.Second

func (l *Lane[In, Out]) write(batch []waiting[In, Out]) {
	ctx, cancel := context.WithTimeout(context.Background(), laneTimeout)
	defer cancel()
	ins := make([]In, len(batch))
	for i, w := range batch {
		ins[i] = w.in
	}
	var results []Result[Out]
	err := l.db.Write(ctx, func(tx *Tx) error {
		var err error
		results, err = l.run(ctx, tx, ins)
		return err
	})
	if err != nil && len(batch) > 1 && !isAway(err) { // else each alone would wait as long as all together
		for i := range batch {
			l.write(batch[i : i+1])
		}
		return
	}
	for i, w := range batch {
		if err != nil {
			w.out <- Result[Out]{Err: err}
		} else {
			w.out <- results[i]
		}
	}
}
