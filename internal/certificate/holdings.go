package certificate

import (
	"sync"
	"time"
)

// holdings are the locks that this node has, each with a clock that says that it lives.
type holdings struct {
	mu   sync.Mutex
	ends map[string]chan struct{}
}

func newHoldings() *holdings { return &holdings{ends: map[string]chan struct{}{}} }

func (h *holdings) begin(name string, renew func()) {
	end := make(chan struct{})
	h.mu.Lock()
	h.ends[name] = end
	h.mu.Unlock()
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
}

func (h *holdings) end(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if end, ok := h.ends[name]; ok {
		close(end)
		delete(h.ends, name)
	}
}
