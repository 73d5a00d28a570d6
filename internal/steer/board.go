package steer

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
)

// Board holds the plans of all programs that have one. Asking it takes no lock and no query. A nil one has none.
type Board struct {
	db    *db.DB
	plans atomic.Pointer[map[string]*Plan] // by program

	refreshing sync.Mutex // held while what follows is used
	since      time.Time  // what was written before has been read
	meters     map[string]*meter
	counted    time.Time // when caps were last counted
	book       report.Book
}

const (
	overlap    = time.Minute     // as for links: clocks of nodes differ, and a transaction commits after its instant
	countEvery = 5 * time.Second // see meter
)

// Load reads everything.
func Load(ctx context.Context, d *db.DB) (*Board, error) {
	b := &Board{db: d, meters: map[string]*meter{}}
	b.plans.Store(&map[string]*Plan{})
	return b, b.Refresh(ctx)
}

// Of is the plan of a program; nil when it has none.
func (b *Board) Of(prog string) *Plan {
	if b == nil {
		return nil
	}
	return (*b.plans.Load())[prog]
}

// Refresh compiles anew what has changed, and counts caps now and then; call it about once a second.
func (b *Board) Refresh(ctx context.Context) error {
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	now, r := b.db.Now(), b.db.Read()
	changed, err := db.All(ctx, r, db.Value[string], `/* steer.Refresh */ select program from rule where changed >= $1
		union select program from cap where changed >= $1 union select program from split where changed >= $1
		union select id from program where changed >= $1`, b.since.UnixMilli())
	if err != nil {
		return err
	}
	for _, prog := range changed {
		if err := b.compile(ctx, r, prog, now); err != nil {
			return err
		}
	}
	b.since = now.Add(-overlap)
	if since := now.Sub(b.counted); since >= 0 && since < countEvery {
		return nil
	}
	for prog, p := range *b.plans.Load() {
		if err := b.measure(ctx, r, prog, p.caps, now); err != nil {
			return err
		}
	}
	b.counted = now
	return nil
}

func (b *Board) compile(ctx context.Context, r db.Reader, id string, now time.Time) error {
	prog, err := program.Get(ctx, r, id)
	if err != nil {
		return err
	}
	rules, err := Rules(ctx, r, id)
	if err != nil {
		return err
	}
	caps, err := Caps(ctx, r, id)
	if err != nil {
		return err
	}
	splits, err := Splits(ctx, r, id)
	if err != nil {
		return err
	}
	var meters, fresh []*meter
	for _, c := range caps {
		if !Leads(&prog, c.Target) {
			c.Target = prog.Landing
		}
		m := b.meters[c.ID]
		if m == nil || m.Cap != c {
			m = m.as(c)
			fresh = append(fresh, m)
		}
		meters = append(meters, m)
	}
	if err := b.measure(ctx, r, id, fresh, now); err != nil {
		return err
	}
	for _, m := range fresh {
		b.meters[m.ID] = m
	}
	plan := compile(&prog, rules, meters, splits)
	plans := maps.Clone(*b.plans.Load())
	if delete(plans, id); len(plan.rules)+len(plan.caps)+len(plan.splits) > 0 {
		plans[id] = plan
	}
	b.plans.Store(&plans)
	return nil
}

// as is a meter for a cap that has changed, or is new. What the one before has counted of late is counted still.
func (m *meter) as(c Cap) *meter {
	next := &meter{Cap: c}
	if m != nil {
		m.mu.Lock()
		next.seconds = m.seconds
		m.mu.Unlock()
	}
	return next
}

func (b *Board) measure(ctx context.Context, r db.Reader, id string, meters []*meter, now time.Time) error {
	if len(meters) == 0 {
		return nil
	}
	prog, err := program.Get(ctx, r, id)
	if err != nil {
		return err
	}
	caps := make([]Cap, len(meters))
	for i, m := range meters {
		caps[i] = m.Cap
	}
	list, err := count(ctx, r, &b.book, prog, caps, now, now.Add(-settling))
	for i := range list {
		meters[i].know(list[i])
	}
	return err
}

// Names are the programs that have a plan, in order.
func (b *Board) Names() []string { return slices.Sorted(maps.Keys(*b.plans.Load())) }
