package creative

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// LinkFilter narrows a list of a program's links. Empty fields do not.
type LinkFilter struct {
	Program string
	Words   string // in the code, the page, the label or the partner's name
	Before  string // the id after which the page begins; newest first
	Limit   int
}

// Search are the links of a program's partners, the newest first.
func Search(ctx context.Context, r db.Reader, f LinkFilter) ([]Link, error) {
	var args db.Args
	where := "l.program = " + args.Add(f.Program)
	if words := strings.ToLower(strings.TrimSpace(f.Words)); words != "" {
		like := args.Add("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words)+"%") + ` escape '\'`
		where += ` and (lower(l.code) like ` + like + ` or lower(l.target) like ` + like + ` or lower(l.label) like ` + like + ` or lower(p.name) like ` + like + `)`
	}
	if f.Before != "" {
		where += " and l.id < " + args.Add(f.Before)
	}
	return db.All(ctx, r, scanLink, `/* creative.Search */ select l.id, l.number, l.program, l.partnership, l.code, l.target, l.label, l.created, l.ends, l.afterwards
		from link l join partnership s on s.id = l.partnership join partner p on p.id = s.partner
		where `+where+` order by l.id desc limit `+args.Add(f.Limit), args.List()...)
}
