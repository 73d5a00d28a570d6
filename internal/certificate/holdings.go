package certificate

import (
	"sync"
	"time"
)

// holdings are the locks that this node has, each with a clock that says that it lives.
type holdings struct {
	mu   sync.Mutex
	ends map[string]chan struct{}
	over bool
}

func newHoldings() *holdings { return &holdings{ends: map[string]chan struct{}{}} }

// begin takes a lock on; false when all is over.
func (h *holdings) begin(name string, renew func()) bool {
	end := make(chan struct{})
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return false
	}
	h.ends[name] = end
	go func() {
		tick := time.NewTicker(lockFor / 3)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				renew()
			}
		}
	}()
	return true
}

func (h *holdings) end(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if end, ok := h.ends[name]; ok {
		close(end)
		delete(h.ends, name)
	}
}

// endAll ends them, and lets no other begin.
func (h *holdings) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	for name, end := range h.ends {
		close(end)
		delete(h.ends, name)
	}
}
