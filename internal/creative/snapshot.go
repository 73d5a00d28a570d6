package creative

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Place is where a code leads: all that a redirect needs.
type Place struct {
	Link        string
	Number      int64
	Partnership string
	Target      string // the link's page or the program's landing page; never empty
	Program     *program.Program
	Own         bool   // whether the page is the link's own
	Ends        int64  // ms: from here on it leads to Afterwards; 0: never
	Afterwards  string // empty: to the landing page
}

// Over tells whether the link has ended.
func (p Place) Over(at time.Time) bool { return p.Ends != 0 && at.UnixMilli() >= p.Ends }

// Fallback is where the link leads afterwards.
func (p Place) Fallback() string {
	if p.Afterwards != "" {
		return p.Afterwards
	}
	return p.Program.Landing
}

// Snapshot holds every link in memory. Reading it takes no lock; a write copies the thousandth part that it changes.
type Snapshot struct {
	db       *db.DB
	seed     maphash.Seed
	parts    [1024]atomic.Pointer[map[string]spot]
	programs atomic.Pointer[map[string]*atomic.Pointer[program.Program]] // by id and by slug
	directs  directs

	writing sync.Mutex // held while the above or shared changes
	shared  map[string]string

	refreshing sync.Mutex // held while since is used
	since      time.Time  // what was written before has been read
}

// spot is a link as it is kept: its partnership's name is one string for all its links, its program one pointer.
type spot struct {
	link, partnership, target string
	number                    int64
	program                   *atomic.Pointer[program.Program]
	end                       *ending // of the few links that have one
}

type ending struct {
	at int64 // ms
	to string
}

// endingOf is the ending of a link; nil when it has none.
func endingOf(l Link) *ending {
	if l.Ends.IsZero() && l.Afterwards == "" {
		return nil
	}
	return &ending{milliseconds(l.Ends), strings.Clone(l.Afterwards)}
}

func (e *ending) is(other *ending) bool {
	return e == other || e != nil && other != nil && *e == *other
}

// overlap is how far back a refresh reads again: clocks of nodes differ, and a transaction commits after its instant.
const overlap = time.Minute

// Load reads every program and link.
func Load(ctx context.Context, d *db.DB) (*Snapshot, error) {
	s := &Snapshot{db: d, seed: maphash.MakeSeed(), shared: map[string]string{}, since: d.Now().Add(-overlap)}
	s.programs.Store(&map[string]*atomic.Pointer[program.Program]{})
	programs, err := program.WithTwins(ctx, d.Read())
	if err != nil {
		return nil, err
	}
	s.addPrograms(programs)
	if err := s.directs.read(ctx, d.Read(), time.UnixMilli(0)); err != nil {
		return nil, err
	}
	if err := s.fill(ctx); err != nil {
		return nil, fmt.Errorf("load links: %w", err)
	}
	return s, nil
}

// Refresh reads what has changed since it was last read; call it about once a second.
func (s *Snapshot) Refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	now := s.db.Now()
	programs, err := program.ChangedSince(ctx, s.db.Read(), s.since)
	if err != nil {
		return err
	}
	s.addPrograms(programs)
	links, err := db.All(ctx, s.db.Read(), scanLink, `/* creative.Refresh */ select `+linkColumns+` from link where changed >= $1`, s.since.UnixMilli())
	if err != nil {
		return err
	}
	if err := s.add(ctx, links); err != nil {
		return err
	}
	if err := s.directs.read(ctx, s.db.Read(), s.since); err != nil {
		return err
	}
	s.since = now.Add(-overlap)
	return nil
}

func (s *Snapshot) part(code string) *atomic.Pointer[map[string]spot] { return &s.parts[s.place(code)] }

func (s *Snapshot) place(code string) uint64 {
	return maphash.String(s.seed, code) % uint64(len(s.parts))
}

// Find is the place that a code leads to. A code that is not in memory is asked of the database, so that a new link works
// at once and on every node; one that does not exist is asked again each time.
func (s *Snapshot) Find(ctx context.Context, code string) (Place, bool, error) {
	if at, ok := (*s.part(code).Load())[code]; ok {
		return at.place(), true, nil
	}
	if !isCode(code) {
		return Place{}, false, nil
	}
	link, ok, err := byCode(ctx, s.db.Read(), code)
	if err != nil || !ok {
		return Place{}, false, err
	}
	if err := s.add(ctx, []Link{link}); err != nil {
		return Place{}, false, err
	}
	return (*s.part(code).Load())[code].place(), true, nil
}

// FindTyped is Find for a code that somebody may have typed: print, speech and telephones put capitals where there were none.
func (s *Snapshot) FindTyped(ctx context.Context, code string) (Place, bool, error) {
	place, ok, err := s.Find(ctx, code)
	if err == nil && !ok {
		if small := strings.ToLower(code); small != code {
			return s.Find(ctx, small)
		}
	}
	return place, ok, err
}

func (s spot) place() Place {
	prog := s.program.Load()
	p := Place{Link: s.link, Number: s.number, Partnership: s.partnership, Target: s.target, Program: prog, Own: s.target != ""}
	if s.end != nil {
		p.Ends, p.Afterwards = s.end.at, s.end.to
	}
	if p.Target == "" {
		p.Target = prog.Landing
	}
	return p
}

// Program is the one that a stranger's input names by id or by short name, from memory where it is there.
func (s *Snapshot) Program(ctx context.Context, name string) (*program.Program, error) {
	if held := (*s.programs.Load())[name]; held != nil {
		if p := held.Load(); p.ID == name || p.Slug == name {
			return p, nil
		}
	}
	if name = clip(name); strings.ContainsFunc(name, unicode.IsControl) {
		return nil, problem.NotFound("program", name)
	}
	p, err := program.Named(ctx, s.db.Read(), name)
	if err != nil {
		return nil, err
	}
	s.addPrograms([]program.Program{p})
	return &p, nil
}

func (s *Snapshot) addPrograms(list []program.Program) {
	if len(list) == 0 {
		return
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	byName := maps.Clone(*s.programs.Load())
	for _, p := range list {
		held := byName[p.ID]
		if held == nil {
			held = new(atomic.Pointer[program.Program])
		}
		held.Store(&p)
		byName[p.ID], byName[p.Slug] = held, held
	}
	s.programs.Store(&byName)
}

// add puts links into copies of the parts they belong to.
func (s *Snapshot) add(ctx context.Context, links []Link) error {
	for _, l := range links {
		if _, err := s.Program(ctx, l.Program); err != nil {
			return fmt.Errorf("program of link %s: %w", l.ID, err)
		}
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	programs := *s.programs.Load()
	copies := map[*atomic.Pointer[map[string]spot]]map[string]spot{}
	for _, l := range links {
		at := s.part(l.Code)
		if known, ok := (*at.Load())[l.Code]; ok && known.link == l.ID && known.target == l.Target && known.end.is(endingOf(l)) {
			continue
		}
		part := copies[at]
		if part == nil {
			part = maps.Clone(*at.Load())
			copies[at] = part
		}
		s.put(part, l, programs[l.Program])
	}
	for at, part := range copies {
		at.Store(&part)
	}
	return nil
}

// put writes a link into a part that nobody reads yet.
func (s *Snapshot) put(part map[string]spot, l Link, in *atomic.Pointer[program.Program]) {
	text := l.ID + l.Code + l.Target // one piece of memory for the three
	code := text[len(l.ID):][:len(l.Code)]
	part[code] = spot{link: text[:len(l.ID)], partnership: s.share(l.Partnership), target: text[len(l.ID)+len(l.Code):], number: l.Number, program: in,
		end: endingOf(l)}
}

func (s *Snapshot) share(text string) string {
	if known, ok := s.shared[text]; ok {
		return known
	}
	text = strings.Clone(text)
	s.shared[text] = text
	return text
}
