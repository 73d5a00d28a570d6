package creative

import (
	"context"
	"maps"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// directs are the approved domains in memory: which link stands for which host of which program.
type directs struct {
	held atomic.Pointer[map[string]direct]
}

type direct struct{ domain, code string }

// read takes over what was written at the moment or later.
func (m *directs) read(ctx context.Context, r db.Reader, since time.Time) error {
	type row struct {
		Domain
		code string
	}
	list, err := db.All(ctx, r, func(from db.Row) (row, error) {
		var one row
		err := from.Scan(&one.ID, &one.Program, &one.Host, &one.State, &one.code)
		return one, err
	}, `/* creative.directs */ select d.id, d.program, d.host, d.state, coalesce(l.code, '') from direct_domain d left join link l on l.id = d.link
		where d.changed >= $1 order by d.changed, d.id`, since.UnixMilli())
	before := m.held.Load()
	if err != nil || len(list) == 0 && before != nil {
		return err
	}
	now := map[string]direct{}
	if before != nil {
		now = maps.Clone(*before)
	}
	for _, one := range list { // what is no longer approved first, for a host may have gone from one to another
		if at := one.Program + " " + one.Host; one.State != DomainApproved && now[at].domain == one.ID {
			delete(now, at)
		}
	}
	for _, one := range list {
		if one.State == DomainApproved {
			now[one.Program+" "+one.Host] = direct{one.ID, one.code}
		}
	}
	m.held.Store(&now)
	return nil
}

// Direct is the code of the partner's link that stands for the approved domain which the host is, or is below; the longest
// name holds.
func (s *Snapshot) Direct(program, host string) (code string, ok bool) {
	held := *s.directs.held.Load()
	if len(held) == 0 {
		return "", false
	}
	for name, more := strings.ToLower(strings.TrimSuffix(host, ".")), true; more; _, name, more = strings.Cut(name, ".") {
		if at, ok := held[program+" "+name]; ok {
			return at.code, true
		}
	}
	return "", false
}
