package partner

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Care is what a brand keeps about a partnership to look after it. It is no part of Partnership, so that nothing that a
// partner reads can show it.
type Care struct {
	Group   string // a group's id, or empty
	Manager string // the person of the brand's team who looks after the partner, or empty
	Tags    []string
}

// Cares are what is kept about partnerships, by partnership. One of which nothing is kept has an empty one.
func Cares(ctx context.Context, r db.Reader, partnerships []string) (map[string]Care, error) {
	found := make(map[string]Care, len(partnerships))
	type kept struct{ partnership, group, manager string }
	type tagged struct{ partnership, tag string }
	err := db.Batches(partnerships, 500, func(partnerships []string) error {
		var args, more db.Args
		cares, err := db.All(ctx, r, func(row db.Row) (k kept, err error) { return k, row.Scan(&k.partnership, &k.group, &k.manager) },
			`/* partner.Cares */ select partnership, grouped, manager from partnership_care where partnership in `+args.In(partnerships), args.List()...)
		if err != nil {
			return err
		}
		for _, k := range cares {
			found[k.partnership] = Care{Group: k.group, Manager: k.manager}
		}
		tags, err := db.All(ctx, r, func(row db.Row) (t tagged, err error) { return t, row.Scan(&t.partnership, &t.tag) },
			`/* partner.Cares */ select partnership, tag from partnership_tag where partnership in `+more.In(partnerships)+
				` order by partnership, tag`+db.CollateC(r), more.List()...)
		for _, t := range tags {
			c := found[t.partnership]
			c.Tags = append(c.Tags, t.tag)
			found[t.partnership] = c
		}
		return err
	})
	return found, err
}

// CareOf is what is kept about one partnership.
func CareOf(ctx context.Context, r db.Reader, partnership string) (Care, error) {
	found, err := Cares(ctx, r, []string{partnership})
	return found[partnership], err
}

// SetGroup puts a partnership into a group of its program, or with an empty id into none.
func SetGroup(ctx context.Context, tx *db.Tx, s Partnership, group string) error {
	if group != "" {
		g, err := GetGroup(ctx, tx, group)
		if err != nil {
			return err
		}
		if g.Program != s.Program {
			return problem.NotFound("group", group)
		}
	}
	_, err := db.Exec(ctx, tx, `/* partner.SetGroup */ insert into partnership_care (partnership, program, grouped, manager) values ($1, $2, $3, '')
		on conflict (partnership) do update set grouped = excluded.grouped`, s.ID, s.Program, group)
	return err
}

// SetManager says who of the brand's team looks after a partner; empty: nobody.
func SetManager(ctx context.Context, tx *db.Tx, s Partnership, person string) error {
	if person != "" {
		prog, err := program.Get(ctx, tx, s.Program)
		if err != nil {
			return err
		}
		members, err := auth.Members(ctx, tx, prog.Brand)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(members, func(m auth.Member) bool { return m.Person.ID == person }) {
			return problem.Invalid("manager", "%q is not in the brand's team", person)
		}
	}
	_, err := db.Exec(ctx, tx, `/* partner.SetManager */ insert into partnership_care (partnership, program, grouped, manager) values ($1, $2, '', $3)
		on conflict (partnership) do update set manager = excluded.manager`, s.ID, s.Program, person)
	return err
}

const (
	tagsMost = 50 // of one partnership
	tagMost  = 40 // characters
)

// Tags reads a list of tags as people write it: with commas between them. Capitals do not count.
func Tags(text string) []string {
	var list []string
	for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '，' || r == '、' || r == ';' || r == '\n' }) {
		if tag = plainTag(tag); tag != "" && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	return list
}

func plainTag(tag string) string {
	return strings.ToLower(strings.TrimPrefix(strings.Join(strings.Fields(tag), " "), "#"))
}

// Tag adds tags to a partnership; those that it has stay as they are.
func Tag(ctx context.Context, tx *db.Tx, s Partnership, tags ...string) error {
	care, err := CareOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, tag := range tags {
		tag = plainTag(tag)
		if tag == "" || utf8.RuneCountInString(tag) > tagMost || strings.ContainsAny(tag, ",;") {
			return problem.Wrong("tags", "tag_invalid", "a tag is a word or a few, of at most %d characters and without commas", tagMost)
		}
		if !slices.Contains(care.Tags, tag) {
			care.Tags = append(care.Tags, tag)
			rows = append(rows, []any{s.ID, s.Program, tag, tx.Now.UnixMilli()})
		}
	}
	if len(care.Tags) > tagsMost {
		return problem.Wrong("tags", "tags_too_many", "a partner has at most %d tags", tagsMost)
	}
	_, err = db.Insert(ctx, tx, `/* partner.Tag */ insert into partnership_tag (partnership, program, tag, created)`, rows, "on conflict (partnership, tag) do nothing")
	return err
}

// Untag takes tags away.
func Untag(ctx context.Context, tx *db.Tx, s Partnership, tags ...string) error {
	for _, tag := range tags {
		if _, err := db.Exec(ctx, tx, `/* partner.Untag */ delete from partnership_tag where partnership = $1 and tag = $2`, s.ID, plainTag(tag)); err != nil {
			return err
		}
	}
	return nil
}

// Retag gives a partnership these tags and no others.
func Retag(ctx context.Context, tx *db.Tx, s Partnership, tags []string) error {
	care, err := CareOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(care.Tags, func(tag string) bool { return slices.Contains(tags, tag) })
	if err := Untag(ctx, tx, s, gone...); err != nil {
		return err
	}
	return Tag(ctx, tx, s, tags...)
}

// TagCount is a tag and how many of a program's partnerships have it.
type TagCount struct {
	Tag     string
	Members int64
}

// TagsIn are the tags of a program, by name.
func TagsIn(ctx context.Context, r db.Reader, program string) ([]TagCount, error) {
	return db.All(ctx, r, func(row db.Row) (t TagCount, err error) { return t, row.Scan(&t.Tag, &t.Members) },
		`/* partner.TagsIn */ select tag, count(*) from partnership_tag where program = $1 group by tag order by tag`+db.CollateC(r), program)
}
