package domain

import (
	"context"
	"maps"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Snapshot holds the proven domains in memory, by name.
type Snapshot struct {
	db   *db.DB
	held atomic.Pointer[map[string]Domain]

	refreshing sync.Mutex
	since      time.Time
}

// overlap is how far back a refresh reads again, for clocks of nodes differ and a transaction commits after its instant.
const overlap = time.Minute

// Load reads them.
func Load(ctx context.Context, d *db.DB) (*Snapshot, error) {
	s := &Snapshot{db: d}
	s.held.Store(&map[string]Domain{})
	return s, s.Refresh(ctx)
}

// Refresh reads what has changed; call it about once a second.
func (s *Snapshot) Refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	now := s.db.Now()
	list, err := db.All(ctx, s.db.Read(), scan, `/* domain.Refresh */ select `+columns+` from domain where changed >= $1`, s.since.UnixMilli())
	if err != nil {
		return err
	}
	if len(list) > 0 {
		held := maps.Clone(*s.held.Load())
		for _, d := range list { // first those that lost a name, then those that have it
			if d.Proven.IsZero() || !d.Removed.IsZero() {
				if held[d.Name].ID == d.ID {
					delete(held, d.Name)
				}
			}
		}
		for _, d := range list {
			if !d.Proven.IsZero() && d.Removed.IsZero() {
				held[d.Name] = d
			}
		}
		s.held.Store(&held)
	}
	s.since = now.Add(-overlap)
	return nil
}

// At is the domain of a request's Host.
func (s *Snapshot) At(host string) (Domain, bool) {
	held := *s.held.Load()
	if len(held) == 0 {
		return Domain{}, false
	}
	d, ok := held[Plain(host)]
	return d, ok
}

// Has tells whether a name is proven, asking the database when memory does not have it.
func (s *Snapshot) Has(ctx context.Context, name string) (bool, error) {
	if _, ok := s.At(name); ok {
		return true, nil
	}
	_, ok, err := Proven(ctx, s.db.Read(), Plain(name))
	return ok, err
}

// Plain is a Host header's name: without a port and a final dot, in small letters.
func Plain(host string) string {
	if strings.Contains(host, ":") {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// Best is the domain at which links of a partner are shown: their own, else the program's, the oldest that works; empty when
// there is none.
func (s *Snapshot) Best(program, partnership string) string {
	var best Domain
	for _, d := range *s.held.Load() {
		if !d.Works() || d.Program != program || d.Partnership != "" && d.Partnership != partnership {
			continue
		}
		own, ownBest := d.Partnership != "", best.Partnership != ""
		if best.ID == "" || own && !ownBest || own == ownBest && d.ID < best.ID {
			best = d
		}
	}
	return best.Name
}
