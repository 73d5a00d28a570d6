package creative

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Near says what else of its partner an order must show for a code to count.
type Near string

// How near a code must be to its partner. A code that stands on its own needs nothing, as one that is said in a podcast; one
// that has leaked to lists of codes is told by the visits that are missing.
const (
	Alone  Near = ""
	Met    Near = "met"   // a visit from the partner
	Source Near = "hosts" // a visit from the partner that came from one of the hosts
)

// Standing is whose a code is from a moment on, and what it needs to count. A code has one at every moment.
type Standing struct {
	ID          string // empty for the first, which came with the code
	Program     string
	Code        string
	Partnership string
	Since       time.Time
	Turn        int64
	Suspended   bool
	Near        Near
	Hosts       []string // of Source: hosts, with their subdomains
	Reason      string
	Author      string
	Created     time.Time
}

const standingColumns = "id, program, code, partnership, since, turn, suspended, near, hosts, reason, author, created"

func scanStanding(row db.Row) (Standing, error) {
	var s Standing
	var since, created int64
	var hosts string
	err := row.Scan(&s.ID, &s.Program, &s.Code, &s.Partnership, &since, &s.Turn, &s.Suspended, &s.Near, &hosts, &s.Reason, &s.Author, &created)
	s.Since, s.Created, s.Hosts = time.UnixMilli(since).UTC(), time.UnixMilli(created).UTC(), strings.Fields(hosts)
	return s, err
}

// first is the standing that came with the code.
func (c Code) first() Standing {
	return Standing{Program: c.Program, Code: c.Code, Partnership: c.Given, Since: c.Created, Turn: c.Turn, Created: c.Created}
}

const (
	reasonMost = 500 // letters
	hostsMost  = 50
)

// check puts the standing into its kept form and says what is wrong with it.
func (s *Standing) check(now time.Time) error {
	var faults []*problem.Problem
	fault := func(ok bool, field, format string, args ...any) {
		if !ok {
			faults = append(faults, problem.Invalid(field, format, args...))
		}
	}
	s.Reason = strings.TrimSpace(s.Reason)
	fault(len([]rune(s.Reason)) <= reasonMost, "reason", "a reason has at most %d letters", reasonMost)
	fault(!s.Since.After(now), "since", "a code changes now or at a moment in the past, not in the future")
	fault(s.Near == Alone || s.Near == Met || s.Near == Source, "near", "%q is not how near a code can be bound", s.Near)
	if s.Near != Source {
		s.Hosts = nil
	}
	fault(s.Near != Source || len(s.Hosts) > 0, "hosts", "name at least one host that the visits may come from")
	fault(len(s.Hosts) <= hostsMost, "hosts", "a code is bound to at most %d hosts", hostsMost)
	for i, host := range s.Hosts {
		s.Hosts[i] = hostOf(host)
		fault(s.Hosts[i] != "" && len(s.Hosts[i]) <= 253, "hosts", "%q is not a host such as blog.example", clip(host))
	}
	return problem.Join(faults...)
}

// hostOf is the host of an address, or the host itself, without "www."; empty for what is neither.
func hostOf(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if !strings.Contains(text, "//") {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || strings.ContainsAny(u.Hostname(), " _") || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// From tells whether a visit with the referrer came from one of the standing's hosts.
func (s Standing) From(referrer string) bool {
	host := hostOf(referrer)
	return host != "" && slices.ContainsFunc(s.Hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}

// Stand gives a code another standing from a moment on. It derives nothing again: that is the caller's to do.
func Stand(ctx context.Context, tx *db.Tx, s Standing) (Standing, error) {
	if err := s.check(tx.Now); err != nil {
		return s, err
	}
	turns, err := program.Turn(ctx, tx, s.Program)
	if err != nil {
		return s, err
	}
	code, err := GetCode(ctx, tx, s.Program, s.Code)
	if err != nil {
		return s, err
	}
	s.ID, s.Code, s.Turn, s.Created, s.Since = id.New("cst", tx.Now), code.Code, turns[s.Program], tx.Now, s.Since.UTC().Truncate(time.Millisecond)
	if _, err := db.Insert(ctx, tx, `/* creative.Stand */ insert into code_standing (`+standingColumns+`)`, [][]any{{s.ID, s.Program, s.Code, s.Partnership,
		s.Since.UnixMilli(), s.Turn, s.Suspended, string(s.Near), strings.Join(s.Hosts, " "), s.Reason, s.Author, s.Created.UnixMilli()}}, ""); err != nil {
		return s, err
	}
	all, err := Standings(ctx, tx, s.Program, map[string]Code{code.Code: code})
	if err != nil {
		return s, err
	}
	now, _ := StandingAt(all[code.Code], tx.Now, program.Always)
	_, err = db.Exec(ctx, tx, `/* creative.Stand */ update promo_code set partnership = $1 where program = $2 and code = $3`, now.Partnership, s.Program, s.Code)
	return s, err
}

// Standings are those of codes of one program, in the order in which they come into force.
func Standings(ctx context.Context, r db.Reader, prog string, codes map[string]Code) (map[string][]Standing, error) {
	names := make([]string, 0, len(codes))
	found := make(map[string][]Standing, len(codes))
	for name, c := range codes {
		names = append(names, name)
		found[name] = []Standing{c.first()}
	}
	slices.Sort(names)
	err := db.Batches(names, 500, func(names []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanStanding, `/* creative.Standings */ select `+standingColumns+` from code_standing
			where program = `+args.Add(prog)+` and code in `+args.In(names)+` order by code, since, turn`, args.List()...)
		for _, s := range list {
			found[s.Code] = append(found[s.Code], s)
		}
		return err
	})
	return found, err
}

// StandingAt is the standing of the moment, among those known at the turn. Of two for the same moment the later word holds.
// ok is false when the code did not exist.
func StandingAt(standings []Standing, at time.Time, turn int64) (s Standing, ok bool) {
	for _, one := range standings {
		if !one.Since.After(at) && one.Turn <= turn && (!ok || !one.Since.Before(s.Since)) {
			s, ok = one, true
		}
	}
	return s, ok
}
