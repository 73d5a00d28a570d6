package touch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// Keeper is a group commit: touches that come while a row of the journal is being written share the next one, and each is
// answered once its row is durable. Alone, a touch is written at once; under load, one row and one fsync serve hundreds.
type Keeper struct {
	db   *db.DB
	wake chan struct{}
	done chan struct{}

	mu      sync.Mutex
	gather  *batch
	closing bool
}

type batch struct {
	body    []byte
	touches int64
	last    Touch
	done    chan struct{} // closed when err is known
	err     error
}

// Most touches, and most bytes of them, that wait for a row; beyond these Keep says db.ErrBusy.
const (
	keeperTouches = 4096
	keeperBytes   = 8 << 20
)

// When a row had a crowd, the next one gathers for a moment before it is written: fewer and fuller rows serve a loaded server
// better, by a sixth, and nobody waits longer for it. A few alone wait for nothing.
const (
	crowd     = 8
	gathering = time.Millisecond
)

// NewKeeper starts a keeper. Close it.
func NewKeeper(d *db.DB) *Keeper {
	k := &Keeper{db: d, wake: make(chan struct{}, 1), done: make(chan struct{}), gather: newBatch(nil)}
	go k.loop()
	return k
}

func newBatch(space []byte) *batch {
	return &batch{body: append(space[:0], journalVersion), done: make(chan struct{})}
}

// Keep returns once the touch is durable; texts that strangers send are cut to what can be kept. After db.ErrBusy and db.ErrClosed nothing was kept; after the context's end it
// may have been.
func (k *Keeper) Keep(ctx context.Context, t Touch) error {
	t.clean()
	k.mu.Lock()
	b := k.gather
	switch {
	case k.closing:
		k.mu.Unlock()
		return db.ErrClosed
	case b.touches >= keeperTouches || len(b.body) >= keeperBytes:
		k.mu.Unlock()
		return db.ErrBusy
	}
	b.body = appendTouch(b.body, &b.last, &t)
	b.touches++
	b.last = t
	k.mu.Unlock()
	k.rouse()
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close takes no more touches, keeps those it has accepted, and returns.
func (k *Keeper) Close() {
	k.mu.Lock()
	k.closing = true
	k.mu.Unlock()
	k.rouse()
	<-k.done
}

func (k *Keeper) rouse() {
	select {
	case k.wake <- struct{}{}:
	default: // it has been roused already
	}
}

func (k *Keeper) loop() {
	defer close(k.done)
	var space []byte
	crowded := false
	for range k.wake {
		if crowded {
			time.Sleep(gathering)
		}
		b, closing := k.take(space)
		if b != nil {
			b.err = k.write(b)
			space, crowded = b.body, b.touches >= crowd
			close(b.done)
		}
		if closing {
			return
		}
	}
}

// take ends the gathering of a batch, and begins another in the space of one that has been written.
func (k *Keeper) take(space []byte) (b *batch, closing bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.gather.touches == 0 {
		return nil, k.closing
	}
	b, k.gather = k.gather, newBatch(space)
	return b, k.closing
}

// keeperTimeout bounds one row's transaction, so that a database that hangs turns into an error.
const keeperTimeout = 5 * time.Second

func (k *Keeper) write(b *batch) error {
	ctx, cancel := context.WithTimeout(context.Background(), keeperTimeout)
	defer cancel()
	err := k.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* touch.Keep */ insert into journal (id, touches, body) values ($1, $2, $3)`,
			id.New("jrn", tx.Now), b.touches, b.body)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep %d touches: %w", b.touches, err)
	}
	return nil
}
