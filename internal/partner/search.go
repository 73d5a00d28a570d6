package partner

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
)

// Filter narrows a list of partnerships. Empty fields do not.
type Filter struct {
	Program string
	Status  Status
	Kind    string
	Country string
	Group   string // a group's id, or None
	Tag     string
	Manager string   // a person, or None
	Words   string   // in the partner's name, with or without its marks, e-mail address or website, or in the address of a property
	spelt   []string // the partnerships whose names have the words but for marks that no SQL folds
	After   string   // the id after which the page begins, for Partnerships
	Limit   int      // none when zero
}

// None is the filter for partnerships without a group or a manager.
const None = "none"

// where are the conditions of a filter, for a query over fromListed.
func (f Filter) where(args *db.Args) string {
	where := []string{"s.program = " + args.Add(f.Program)}
	for _, c := range []struct{ column, value string }{
		{"s.status", string(f.Status)}, {"p.kind", f.Kind}, {"p.country", strings.ToUpper(f.Country)},
		{"coalesce(k.grouped, '')", f.Group}, {"coalesce(k.manager, '')", f.Manager},
	} {
		switch c.value {
		case "":
		case None:
			where = append(where, c.column+" = ''")
		default:
			where = append(where, c.column+" = "+args.Add(c.value))
		}
	}
	if f.Tag != "" {
		where = append(where, "exists (select 1 from partnership_tag t where t.partnership = s.id and t.tag = "+args.Add(plainTag(f.Tag))+")")
	}
	if words := strings.ToLower(strings.TrimSpace(f.Words)); words != "" {
		like := " like " + args.Add("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words)+"%") + ` escape '\'`
		spelt := ""
		if len(f.spelt) > 0 {
			spelt = " or s.id in " + args.In(f.spelt)
		}
		where = append(where, `(lower(p.name)`+like+` or p.email`+like+` or lower(p.website)`+like+
			` or exists (select 1 from partner_property o where o.partner = p.id and lower(o.address)`+like+`)`+spelt+`)`)
	}
	if f.After != "" {
		where = append(where, "s.id > "+args.Add(f.After))
	}
	return strings.Join(where, " and ")
}

// speltMost is how many partnerships are found by their names without the marks.
const speltMost = 500

// spell finds the words in names that have other letters than those of ASCII: their marks are folded here, and so are those of
// the words. The other names need no look, unless the words have marks themselves.
func (f *Filter) spell(ctx context.Context, r db.Reader) error {
	words := lang.Fold(strings.TrimSpace(f.Words))
	if words == "" {
		return nil
	}
	where := "octet_length(p.name) > length(p.name)"
	if words != strings.ToLower(strings.TrimSpace(f.Words)) {
		where = "p.name <> ''"
	}
	type named struct{ id, name string }
	list, err := db.All(ctx, r, func(row db.Row) (n named, err error) {
		err = row.Scan(&n.id, &n.name)
		return n, err
	}, `/* partner.spell */ select s.id, p.name`+fromPartnership+`where s.program = $1 and `+where, f.Program)
	for _, n := range list {
		if len(f.spelt) < speltMost && strings.Contains(lang.Fold(n.name), words) {
			f.spelt = append(f.spelt, n.id)
		}
	}
	return err
}

const fromListed = fromPartnership + `left join partnership_care k on k.partnership = s.id `

// limit ends a query after so many rows; zero is no end.
func limit(args *db.Args, n int) string {
	if n == 0 {
		return ""
	}
	return " limit " + args.Add(n)
}

// Partnerships are those of a program, by id.
func Partnerships(ctx context.Context, r db.Reader, f Filter) ([]Partnership, error) {
	if err := f.spell(ctx, r); err != nil {
		return nil, err
	}
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanPartnership, `/* partner.Partnerships */ select `+partnershipColumns+fromListed+`where `+where+` order by s.id`+
		limit(&args, f.Limit), args.List()...)
}

// Listed is a partnership as a list shows it, without what the partner answered.
type Listed struct {
	Partnership
	Group   string
	Manager string
}

func scanListed(row db.Row) (Listed, error) {
	var l Listed
	var created int64
	p := &l.Partner
	err := row.Scan(&l.ID, &l.Program, &l.Status, &created, &p.ID, &p.Name, &p.Kind, &p.Email, &p.Website, &p.Country, &l.Group, &l.Manager)
	l.Created = instant(created)
	return l, err
}

// Search are the partnerships that a filter leaves, the newest first.
func Search(ctx context.Context, r db.Reader, f Filter) ([]Listed, error) {
	if err := f.spell(ctx, r); err != nil {
		return nil, err
	}
	var args db.Args
	where := f.where(&args)
	return db.All(ctx, r, scanListed, `/* partner.Search */ select s.id, s.program, s.status, s.created, p.id, p.name, p.kind, p.email, p.website, p.country,
		coalesce(k.grouped, ''), coalesce(k.manager, '')`+fromListed+`where `+where+` order by s.id desc`+limit(&args, f.Limit), args.List()...)
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

// Countries are those of a program's partners.
func Countries(ctx context.Context, r db.Reader, program string) ([]string, error) {
	return db.All(ctx, r, db.Value[string], `/* partner.Countries */ select distinct p.country`+fromPartnership+`
		where s.program = $1 and p.country <> '' order by p.country`, program)
}
