package creative

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// Use is a partnership's own link for a material.
type Use struct {
	Creative    string
	Partnership string
	Link        Link
}

const useColumns = "u.creative, u.partnership, l.id, l.number, l.program, l.partnership, l.code, l.target, l.label, l.created, l.ends, l.afterwards"

func scanUse(row db.Row) (Use, error) {
	var u Use
	l, err := scanLink(after{row, []any{&u.Creative, &u.Partnership}})
	u.Link = l
	return u, err
}

// after reads columns that stand before those that a scan function knows.
type after struct {
	db.Row
	first []any
}

func (a after) Scan(into ...any) error { return a.Row.Scan(append(a.first, into...)...) }

// Take gives a partnership its link for a material: the first time it is made, ever after it is the same one. Clicks on it
// are those of any link, so what came by a material is what came by its links.
func Take(ctx context.Context, tx *db.Tx, prog program.Program, m Material, partnership string) (Link, error) {
	n, err := db.Exec(ctx, tx, `/* creative.Take */ insert into creative_link (creative, partnership, link) values ($1, $2, '')
		on conflict (creative, partnership) do nothing`, m.ID, partnership)
	if err != nil {
		return Link{}, err
	}
	if n == 0 {
		u, err := db.One(ctx, tx, scanUse, `/* creative.Take */ select `+useColumns+` from creative_link u join link l on l.id = u.link
			where u.creative = $1 and u.partnership = $2`, m.ID, partnership)
		return u.Link, err
	}
	l, err := CreateLink(ctx, tx, prog, Link{Partnership: partnership, Target: m.Target, Label: m.Name})
	if err != nil {
		return Link{}, err
	}
	_, err = db.Exec(ctx, tx, `/* creative.Take */ update creative_link set link = $1 where creative = $2 and partnership = $3`, l.ID, m.ID, partnership)
	return l, err
}

// Taken are a partnership's links by the material that they are for.
func Taken(ctx context.Context, r db.Reader, partnership string) (map[string]Link, error) {
	list, err := db.All(ctx, r, scanUse, `/* creative.Taken */ select `+useColumns+` from creative_link u join link l on l.id = u.link
		where u.partnership = $1`, partnership)
	links := make(map[string]Link, len(list))
	for _, u := range list {
		links[u.Creative] = u.Link
	}
	return links, err
}

// Uses are all links that the partners of a program have for its materials.
func Uses(ctx context.Context, r db.Reader, prog string) ([]Use, error) {
	return db.All(ctx, r, scanUse, `/* creative.Uses */ select `+useColumns+` from creative c join creative_link u on u.creative = c.id
		join link l on l.id = u.link where c.program = $1 order by l.id`, prog)
}
