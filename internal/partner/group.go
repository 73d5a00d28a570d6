package partner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Group is one of the drawers into which a program sorts its partners: a partnership is in one or in none. It is the
// brand's own; partners do not know of it.
type Group struct {
	ID      string
	Program string
	Name    string
	Colour  string // one of Colours
	Rank    int64  // the order among the program's groups
	Created time.Time
	Members int64 // partnerships in it
}

// Colours are those that a group can have, in the order of the palette.
var Colours = []string{"teal", "orange", "violet", "green", "pink", "slate"}

// groupsMost keeps a program's groups readable in one list.
const groupsMost = 100

func (g *Group) check() error {
	var faults []*problem.Problem
	g.Name = strings.Join(strings.Fields(g.Name), " ")
	if g.Name == "" || utf8.RuneCountInString(g.Name) > 60 {
		faults = append(faults, problem.Wrong("name", "group_name_invalid", "a group needs a name of at most 60 characters"))
	}
	if g.Colour == "" {
		g.Colour = Colours[0]
	}
	if !slices.Contains(Colours, g.Colour) {
		faults = append(faults, problem.Invalid("colour", "%q is not a colour of the palette", g.Colour))
	}
	return problem.Join(faults...)
}

const groupColumns = `g.id, g.program, g.name, g.colour, g.rank, g.created,
	(select count(*) from partnership_care c where c.program = g.program and c.grouped = g.id)`

func scanGroup(row db.Row) (Group, error) {
	var g Group
	var created int64
	err := row.Scan(&g.ID, &g.Program, &g.Name, &g.Colour, &g.Rank, &created, &g.Members)
	g.Created = time.UnixMilli(created).UTC()
	return g, err
}

// Groups are a program's, in its order.
func Groups(ctx context.Context, r db.Reader, program string) ([]Group, error) {
	return db.All(ctx, r, scanGroup, `/* partner.Groups */ select `+groupColumns+` from partner_group g where g.program = $1 order by g.rank, g.id`, program)
}

// GetGroup is the group with the id.
func GetGroup(ctx context.Context, r db.Reader, id string) (Group, error) {
	g, err := db.One(ctx, r, scanGroup, `/* partner.GetGroup */ select `+groupColumns+` from partner_group g where g.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return g, problem.NotFound("group", id)
	}
	return g, err
}

// CreateGroup adds a group behind the others.
func CreateGroup(ctx context.Context, tx *db.Tx, g Group) (Group, error) {
	g.ID, g.Created, g.Members = id.New("grp", tx.Now), tx.Now, 0
	if err := g.check(); err != nil {
		return Group{}, err
	}
	groups, err := Groups(ctx, tx, g.Program)
	if err != nil {
		return Group{}, err
	}
	if len(groups) >= groupsMost {
		return Group{}, problem.Conflict("too_many_groups", "a program has at most %d groups", groupsMost)
	}
	g.Rank = 1
	if len(groups) > 0 {
		g.Rank = groups[len(groups)-1].Rank + 1
	}
	n, err := db.Exec(ctx, tx, `/* partner.CreateGroup */ insert into partner_group (id, program, name, colour, rank, created)
		values ($1, $2, $3, $4, $5, $6) on conflict (program, name) do nothing`, g.ID, g.Program, g.Name, g.Colour, g.Rank, g.Created.UnixMilli())
	if err == nil && n == 0 {
		return Group{}, errGroupTaken
	}
	return g, err
}

var errGroupTaken = problem.Wrong("name", "group_taken", "there is a group with this name")

// ChangeGroup gives a group another name, colour or place.
func ChangeGroup(ctx context.Context, tx *db.Tx, g Group) (Group, error) {
	if err := g.check(); err != nil {
		return Group{}, err
	}
	taken, err := db.All(ctx, tx, db.Value[string], `/* partner.ChangeGroup */ select id from partner_group
		where program = $1 and name = $2 and id <> $3`, g.Program, g.Name, g.ID)
	if err != nil {
		return g, err
	}
	if len(taken) > 0 {
		return Group{}, errGroupTaken
	}
	n, err := db.Exec(ctx, tx, `/* partner.ChangeGroup */ update partner_group set name = $1, colour = $2, rank = $3 where id = $4`,
		g.Name, g.Colour, g.Rank, g.ID)
	if err == nil && n == 0 {
		return g, problem.NotFound("group", g.ID)
	}
	return g, err
}

// RaiseGroup lets a group and the one before it change places. The first stays where it is.
func RaiseGroup(ctx context.Context, tx *db.Tx, g Group) error {
	groups, err := Groups(ctx, tx, g.Program)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(groups, func(one Group) bool { return one.ID == g.ID })
	if at < 1 {
		return nil
	}
	groups[at-1], groups[at] = groups[at], groups[at-1]
	for i, one := range groups {
		if one.Rank == int64(i+1) {
			continue
		}
		if _, err := db.Exec(ctx, tx, `/* partner.RaiseGroup */ update partner_group set rank = $1 where id = $2`, int64(i+1), one.ID); err != nil {
			return err
		}
	}
	return nil
}

// DissolveGroup takes a group away. Its partners go into another group of the program, or into none when into is empty.
func DissolveGroup(ctx context.Context, tx *db.Tx, g Group, into string) error {
	if into != "" {
		other, err := GetGroup(ctx, tx, into)
		if err != nil {
			return err
		}
		if other.Program != g.Program || other.ID == g.ID {
			return problem.Invalid("into", "%q is not another group of the program", into)
		}
	}
	if _, err := db.Exec(ctx, tx, `/* partner.DissolveGroup */ update partnership_care set grouped = $1 where program = $2 and grouped = $3`,
		into, g.Program, g.ID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* partner.DissolveGroup */ delete from partner_group where id = $1`, g.ID)
	if err == nil && n == 0 {
		return problem.NotFound("group", g.ID)
	}
	return err
}
