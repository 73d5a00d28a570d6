package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Version is the terms of a partnership from a moment on.
type Version struct {
	ID          string
	Program     string
	Partnership string
	Version     int64 // 1 is the first
	Since       time.Time
	Turn        int64
	Terms       Terms
	Author      string
	Created     time.Time
}

const versionColumns = "id, program, partnership, version, since, turn, terms, author, created"

func scanVersion(row db.Row) (Version, error) {
	var v Version
	var since, created int64
	var terms string
	err := row.Scan(&v.ID, &v.Program, &v.Partnership, &v.Version, &since, &v.Turn, &terms, &v.Author, &created)
	v.Since, v.Created = time.UnixMilli(since).UTC(), time.UnixMilli(created).UTC()
	if err == nil {
		err = json.Unmarshal([]byte(terms), &v.Terms)
	}
	return v, err
}

// Agree adds a version. It derives nothing again: that is the caller's to do when since lies in the past.
func Agree(ctx context.Context, tx *db.Tx, s partner.Partnership, since time.Time, t Terms, author string) (Version, error) {
	if err := t.Check(); err != nil {
		return Version{}, err
	}
	turn, err := program.Amend(ctx, tx, s.Program)
	if err != nil {
		return Version{}, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return Version{}, err
	}
	v := Version{ID: id.New("ctr", tx.Now), Program: s.Program, Partnership: s.ID, Since: since.UTC().Truncate(time.Millisecond),
		Turn: turn, Terms: t, Author: author, Created: tx.Now}
	v.Version, err = db.One(ctx, tx, db.Value[int64], `/* contract.Agree */
		insert into terms (`+versionColumns+`, binds) values ($1, $2, $3,
			(select coalesce(max(version), 0) + 1 from terms where partnership = $3), $4, $5, $6, $7, $8, $9) returning version`,
		v.ID, v.Program, v.Partnership, v.Since.UnixMilli(), v.Turn, string(text), v.Author, v.Created.UnixMilli(), t.BindMonths)
	if err != nil {
		return Version{}, fmt.Errorf("agree terms: %w", err)
	}
	return v, nil
}

// Versions are the terms of the partnerships, in the order in which they come into force.
func Versions(ctx context.Context, r db.Reader, partnerships []string) (map[string][]Version, error) {
	found := map[string][]Version{}
	err := db.Batches(partnerships, 500, func(partnerships []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanVersion, `/* contract.Versions */ select `+versionColumns+` from terms
			where partnership in `+args.In(partnerships)+` order by partnership, since, turn`, args.List()...)
		for _, v := range list {
			found[v.Partnership] = append(found[v.Partnership], v)
		}
		return err
	})
	return found, err
}

// Get is the version with the id.
func Get(ctx context.Context, r db.Reader, id string) (Version, error) {
	v, err := db.One(ctx, r, scanVersion, `/* contract.Get */ select `+versionColumns+` from terms where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return v, problem.NotFound("contract", id)
	}
	return v, err
}

// InForce is the version of the day: the latest to come into force by then, among those agreed up to the turn. Of two for
// the same moment the later agreement holds. ok is false when nothing was agreed.
func InForce(versions []Version, at time.Time, turn int64) (v Version, ok bool) {
	for i := len(versions) - 1; i >= 0; i-- {
		if v := versions[i]; !v.Since.After(at) && v.Turn <= turn {
			return v, true
		}
	}
	return Version{}, false
}

// Defaults are the terms that a program offers to new partners.
func Defaults(p program.Program) (Terms, error) {
	if len(p.Defaults) == 0 || string(p.Defaults) == "{}" {
		return Sensible(p.Currency), nil
	}
	var t Terms
	err := json.Unmarshal(p.Defaults, &t)
	return t, err
}
