package partner

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// Filter narrows a list of partnerships. Empty fields do not.
type Filter struct {
	Program string
	Status  Status
	Words   string // in the partner's name, e-mail address or website
	But     string // one that is left out
	Before  string // the id after which the page begins; newest first
	Limit   int
}

// Search are the partnerships of a program, the newest first.
func Search(ctx context.Context, r db.Reader, f Filter) ([]Partnership, error) {
	var args db.Args
	where := []string{"s.program = " + args.Add(f.Program)}
	if f.Status != "" {
		where = append(where, "s.status = "+args.Add(string(f.Status)))
	}
	if words := strings.ToLower(strings.TrimSpace(f.Words)); words != "" {
		like := args.Add("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words) + "%")
		where = append(where, `(lower(p.name) like `+like+` escape '\' or p.email like `+like+` escape '\' or lower(p.website) like `+like+` escape '\')`)
	}
	if f.But != "" {
		where = append(where, "s.id <> "+args.Add(f.But))
	}
	if f.Before != "" {
		where = append(where, "s.id < "+args.Add(f.Before))
	}
	return db.All(ctx, r, scanPartnership, `/* partner.Search */ select `+partnershipColumns+fromPartnership+`where `+
		strings.Join(where, " and ")+` order by s.id desc limit `+args.Add(f.Limit), args.List()...)
}

// ByStatus counts the partnerships of a program in each state.
func ByStatus(ctx context.Context, r db.Reader, program string) (map[Status]int64, error) {
	type group struct {
		status Status
		n      int64
	}
	groups, err := db.All(ctx, r, func(row db.Row) (group, error) {
		var g group
		err := row.Scan(&g.status, &g.n)
		return g, err
	}, `/* partner.ByStatus */ select status, count(*) from partnership where program = $1 group by status`, program)
	counts := make(map[Status]int64, len(groups))
	for _, g := range groups {
		counts[g.status] = g.n
	}
	return counts, err
}
