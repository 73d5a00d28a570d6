package api

import (
	"sync"
	"time"
)

const (
	recentFor  = time.Second
	recentMost = 10_000
)

// recent remembers for a second what was found under a name, so that a busy caller is not looked up for each request. What
// is not found is not remembered.
type recent[V any] struct {
	mu    sync.Mutex
	found map[string]found[V]
}

type found[V any] struct {
	value V
	at    time.Time
}

func (r *recent[V]) get(name string, find func(name string) (V, error)) (V, error) {
	now := time.Now()
	r.mu.Lock()
	known, ok := r.found[name]
	r.mu.Unlock()
	if ok && now.Sub(known.at) < recentFor {
		return known.value, nil
	}
	value, err := find(name)
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.found == nil || len(r.found) >= recentMost {
		r.found = map[string]found[V]{}
	}
	r.found[name] = found[V]{value, now}
	return value, nil
}

// forget drops everything, after a change that must be seen at once.
func (r *recent[V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found = nil
}
