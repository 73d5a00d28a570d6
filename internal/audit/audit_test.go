package audit

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// founded is a brand with a program and an owner who acts.
func founded(t *testing.T, d *db.DB) (program.Program, auth.Actor) {
	t.Helper()
	var p program.Program
	by := auth.Actor{From: "203.0.113.0"}
	write(t, d, func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Alpine", "alpine")
		if err != nil {
			return err
		}
		who, err := auth.Create(ctx, tx, auth.Person{Name: "Olga", Email: "olga@alpine.example"})
		if err != nil {
			return err
		}
		by.ID, by.Name, by.Brand = who.ID, who.Name, brand.ID
		if err := auth.Join(ctx, tx, who.ID, brand.ID, auth.Owner); err != nil {
			return err
		}
		p, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "alpine", Name: "Alpine Friends", Currency: "EUR", Timezone: "UTC",
			Landing: "https://alpine.example/"}, program.Model{}, "test")
		return err
	})
	return p, by
}

func TestWhatAnEntrySays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p, by := founded(t, d)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			changed := p
			changed.Name, changed.Secret, changed.TagSales = "Alpine Partners", "another secret", true
			if _, err := program.Change(ctx, tx, changed); err != nil {
				return err
			}
			return Record(ctx, tx, by, ProgramChange, p.ID, Note("reason", "a better name"), Note("order", ""))
		})
		list, err := List(t.Context(), d.Read(), Filter{Brand: p.Brand, Limit: 10})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d entries, %v", len(list), err)
		}
		e := list[0]
		want := []Change{{"name", "Alpine Friends", "Alpine Partners"}, {"tag_sales", "false", "true"}, {"reason", "", "a better name"}}
		if !slices.Equal(e.Changes, want) {
			t.Errorf("the changes are %+v, want %+v", e.Changes, want)
		}
		if e.Kind != Person || e.Who != by.ID || e.Name != "Olga" || e.From != by.From || e.Program != p.ID || e.Title != "Alpine Partners" || e.Action != ProgramChange {
			t.Errorf("the entry is %+v", e)
		}
	})
}

// TestNoChangeNoEntry lets a transaction fail after its entry was written, and record what there is no word for.
func TestNoChangeNoEntry(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p, by := founded(t, d)
		for name, fn := range map[string]func(tx *db.Tx) error{
			"rolled back":  func(tx *db.Tx) error { Record(t.Context(), tx, by, ProgramChange, p.ID); return fs.ErrClosed },
			"no action":    func(tx *db.Tx) error { return Record(t.Context(), tx, by, "program.paint", p.ID) },
			"no such kind": func(tx *db.Tx) error { return Record(t.Context(), tx, by, ProgramChange, "xyz_1") },
		} {
			if err := d.Write(t.Context(), fn); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		if list, err := List(t.Context(), d.Read(), Filter{Brand: p.Brand, Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("%d entries, %v", len(list), err)
		}
	})
}

// TestWhomAProfileConcerns has a partner with a place in two brands, of which one has declined.
func TestWhomAProfileConcerns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		p, _ := founded(t, d)
		var rival program.Program
		var ann partner.Partner
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			brand, err := program.CreateBrand(ctx, tx, "Rival", "rival")
			if err != nil {
				return err
			}
			if rival, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "rival", Name: "Rival", Currency: "EUR", Timezone: "UTC",
				Landing: "https://rival.example/"}, program.Model{}, "test"); err != nil {
				return err
			}
			if ann, err = partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: "ann@example.org"}); err != nil {
				return err
			}
			if _, err := partner.Apply(ctx, tx, p, ann, nil); err != nil {
				return err
			}
			s, err := partner.Apply(ctx, tx, rival, ann, nil)
			if err != nil {
				return err
			}
			_, err = partner.SetStatus(ctx, tx, s.ID, partner.Declined, tx.Now, "test", "")
			return err
		})
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			ann.Rail, ann.PayTo, ann.Locale = "wise", "secret.account@example.org", "fr"
			if _, err := partner.Change(ctx, tx, ann); err != nil {
				return err
			}
			return Record(ctx, tx, auth.Actor{ID: "per_1", Name: "A person at Ann’s", Partner: ann.ID, From: "198.51.100.0"}, PartnerChange, ann.ID)
		})
		list, err := List(t.Context(), d.Read(), Filter{Brand: p.Brand, Limit: 10})
		if err != nil || len(list) != 1 || !slices.Equal(list[0].Changes, []Change{{"rail", "", "wise"}, {"pay_to", "", "s***@example.org"}}) {
			t.Fatalf("the brand reads %+v, %v", list, err)
		}
		if e := list[0]; e.Who != ann.ID || e.Name != "Ann" || e.From != "" || e.Kind != Person {
			t.Errorf("the brand reads who works at the partner: %+v", e)
		}
		for _, brand := range []string{rival.Brand, ""} {
			if list, err := List(t.Context(), d.Read(), Filter{Brand: brand, Limit: 10}); err != nil || len(list) != 0 {
				t.Errorf("%q reads %+v, %v", brand, list, err)
			}
		}
	})
}

func TestPagesAndStretches(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		d.SetClock(func() time.Time { return now })
		p, by := founded(t, d)
		for range 5 {
			now = now.AddDate(0, 0, 1)
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return Record(ctx, tx, by, ProgramTry, p.ID) })
		}
		days := func(f Filter) (list []int) {
			f.Brand = p.Brand
			entries, err := List(t.Context(), d.Read(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				list = append(list, e.At.Day())
			}
			return list
		}
		second, err := List(t.Context(), d.Read(), Filter{Brand: p.Brand, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		at := func(day int) time.Time { return time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC) }
		for _, c := range []struct {
			name string
			f    Filter
			want []int
		}{
			{"a page", Filter{Limit: 2}, []int{6, 5}},
			{"the next", Filter{Limit: 2, Before: second[1].ID}, []int{4, 3}},
			{"from its very moment", Filter{Limit: 9, From: at(5)}, []int{6, 5}},
			{"before its very moment", Filter{Limit: 9, To: at(4)}, []int{3, 2}},
			{"of a noun", Filter{Limit: 9, Noun: "program"}, []int{6, 5, 4, 3, 2}},
			{"of another", Filter{Limit: 9, Noun: "team"}, nil},
			{"an action", Filter{Limit: 1, Action: ProgramTry}, []int{6}},
			{"another of the noun", Filter{Limit: 1, Action: ProgramModel}, nil},
			{"of several things", Filter{Limit: 1, Subjects: []string{"pts_1", p.ID}}, []int{6}},
			{"by somebody", Filter{Limit: 1, Who: by.ID, Program: p.ID}, []int{6}},
			{"by somebody else", Filter{Limit: 1, Who: "per_1"}, nil},
		} {
			if got := days(c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	})
}

// TestPlans holds each way of reading the log to an index that stays fast when it is long.
func TestPlans(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	for _, c := range []struct {
		f     Filter
		index string
	}{
		{Filter{}, "audit_brand (brand=?)"},
		{Filter{From: time.UnixMilli(1), To: time.UnixMilli(2)}, "audit_brand (brand=? AND id>? AND id<?)"},
		{Filter{Before: "aud_1"}, "audit_brand (brand=? AND id<?)"},
		{Filter{Noun: "team"}, "audit_noun (brand=? AND noun=?)"},
		{Filter{Action: TeamRole, Before: "aud_1"}, "audit_noun (brand=? AND noun=? AND id<?)"},
		{Filter{Who: "per_1"}, "audit_who (who=? AND brand=?)"},
		{Filter{Who: "per_1", Noun: "team"}, "audit_who (who=? AND brand=?)"},
		{Filter{Subjects: []string{"pts_1"}}, "audit_subject (subject=? AND brand=?)"},
		{Filter{Subjects: []string{"pts_1", "prt_1"}, Before: "aud_1"}, "audit_subject (subject=? AND brand=? AND id<?)"},
	} {
		var args db.Args
		c.f.Brand = "brd_1"
		query := "explain query plan select * from audit where " + c.f.where(&args) + " order by id desc limit 51"
		plan, err := db.All(t.Context(), d.Read(), func(row db.Row) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, query, args.List()...)
		if got := strings.Join(plan, "; "); err != nil || !strings.Contains(got, c.index) {
			t.Errorf("%+v is planned as %q, %v; want %s", c.f, got, err, c.index)
		}
	}
}

// TestNothingIsTakenBack reads all sources for a statement that alters the log.
func TestNothingIsTakenBack(t *testing.T) {
	alters := regexp.MustCompile(`(?i)(update|delete\s+from|truncate|drop\s+table|replace\s+into)\s+audit\b`)
	seen := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if ext := filepath.Ext(path); err != nil || entry.IsDir() || ext != ".go" && ext != ".sql" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if seen++; alters.Match(text) {
			t.Errorf("%s alters the log: %s", path, alters.Find(text))
		}
		return err
	})
	if err != nil || seen < 100 {
		t.Errorf("%d files, %v", seen, err)
	}
}
