package creative

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// checkEnd puts a link's end into its kept form.
func (l *Link) checkEnd(prog *program.Program) error {
	if l.Afterwards = strings.TrimSpace(l.Afterwards); l.Afterwards != "" {
		u, err := Page(prog, l.Afterwards)
		if p, ok := problem.As(err); ok {
			return problem.Wrong("afterwards", p.Code, "%s", p.Detail)
		}
		l.Afterwards = u.String()
	}
	if l.Ends.IsZero() {
		return nil
	}
	if l.Ends = l.Ends.UTC().Truncate(time.Millisecond); l.Ends.Year() < 2000 || l.Ends.Year() > 9000 {
		return problem.Invalid("ends", "a link cannot end in the year %d", l.Ends.Year())
	}
	return nil
}

// EndLink says until when a link leads to its page, and where it leads afterwards; a zero time is never. Clicks from then on
// are kept and do not count.
func EndLink(ctx context.Context, tx *db.Tx, prog program.Program, l Link, ends time.Time, afterwards string) (Link, error) {
	l.Ends, l.Afterwards = ends, afterwards
	if err := l.checkEnd(&prog); err != nil {
		return l, err
	}
	n, err := db.Exec(ctx, tx, `/* creative.EndLink */ update link set ends = $1, afterwards = $2, changed = $3 where id = $4 and program = $5`,
		milliseconds(l.Ends), l.Afterwards, tx.Now.UnixMilli(), l.ID, prog.ID)
	if err == nil && n == 0 {
		return l, problem.NotFound("link", l.ID)
	}
	return l, err
}
