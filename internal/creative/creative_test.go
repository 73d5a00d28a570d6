package creative_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

var ctx = context.Background()

// shop makes a program and two partnerships in it.
func shop(t testing.TB, d *db.DB) (prog program.Program, ann, bob string) {
	t.Helper()
	err := d.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Shop", "shop")
		if err != nil {
			return err
		}
		prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "shop", Name: "Shop", Currency: "EUR", Landing: "https://shop.example/"},
			program.Model{}, "test")
		if err != nil {
			return err
		}
		for name, partnership := range map[string]*string{"ann": &ann, "bob": &bob} {
			p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: name + "@blog.example"})
			if err != nil {
				return err
			}
			in, err := partner.Apply(ctx, tx, prog, p, nil)
			if err != nil {
				return err
			}
			*partnership = in.ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return prog, ann, bob
}

func create(d *db.DB, prog program.Program, l creative.Link) (created creative.Link, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		created, err = creative.CreateLink(ctx, tx, prog, l)
		return err
	})
	return created, err
}

func TestCreateLink(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, bob := shop(t, d)
		for _, c := range []struct{ name, code, target, want string }{
			{"a code of one's own", "Ann-s_blog", "", ""},
			{"a code that is taken", "Ann-s_blog", "", "code_taken"},
			{"the shortest", "a1", "", ""},
			{"too short", "a", "", "code_invalid"},
			{"too long", strings.Repeat("a", 65), "", "code_invalid"},
			{"with a slash", "a/b", "", "code_invalid"},
			{"with a hyphen first", "-a", "", "code_invalid"},
			{"with letters that look like others", "аnn", "", "code_invalid"},
			{"to a page", "", "https://www.shop.example/red?size=42#top", ""},
			{"to another site", "", "https://evil.example/", "target_not_allowed"},
			{"to a site that looks like it", "", "https://evil.example／.shop.example/", "target_not_allowed"},
			{"to no site", "", "/red", "target_not_allowed"},
		} {
			l, err := create(d, prog, creative.Link{Partnership: ann, Code: c.code, Target: c.target, Label: " a label "})
			if problem.Code(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if err != nil {
				continue
			}
			if l.Number <= 0 || l.Number >= 1<<39 || len(l.Code) < 2 || l.Label != "a label" {
				t.Errorf("%s: %+v", c.name, l)
			}
			if got, err := creative.GetLink(ctx, d.Read(), l.ID); err != nil || got != l {
				t.Errorf("%s: got %+v, %v, want %+v", c.name, got, err, l)
			}
			if got, err := creative.ByNumber(ctx, d.Read(), []int64{1, l.Number}); err != nil || len(got) != 1 || got[l.Number] != l {
				t.Errorf("%s: by number %+v, %v", c.name, got, err)
			}
		}
		theirs, err := create(d, prog, creative.Link{Partnership: bob})
		if err != nil || len(theirs.Code) != 7 {
			t.Fatalf("%+v, %v", theirs, err)
		}
		var codes []string
		for after := ""; ; {
			page, err := creative.Links(ctx, d.Read(), ann, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range page {
				codes, after = append(codes, l.ID), l.ID
			}
			if len(page) < 2 {
				break
			}
		}
		named, err := creative.LinksNamed(ctx, d.Read(), append(codes, theirs.ID, "lnk_none"))
		if err != nil || len(codes) != 3 || !slices.IsSorted(codes) || len(named) != 4 {
			t.Errorf("%d links in %v, %d named, %v", len(codes), codes, len(named), err)
		}
		if _, err := creative.GetLink(ctx, d.Read(), "lnk_none"); problem.Code(err) != "link_unknown" {
			t.Errorf("no such link: %v", err)
		}
	})
}

func TestOneCodeForFifty(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, _ := shop(t, d)
		var made, taken int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				_, err := create(d, prog, creative.Link{Partnership: ann, Code: "one"})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case problem.Code(err) == "code_taken":
					taken++
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if made != 1 || taken != 49 {
			t.Errorf("%d made, %d told that it is taken", made, taken)
		}
	})
}

func TestPromoCodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, bob := shop(t, d)
		var turns []int64
		for _, c := range []struct{ name, partnership, code, want string }{
			{"a code", ann, " ann10 ", ""},
			{"taken, however it is written", bob, "Ann10", "code_taken"},
			{"another", bob, "BOB", ""},
			{"none", bob, " ", "code_invalid"},
			{"a space is passed over", bob, "B O B", "code_taken"},
		} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				made, err := creative.CreateCode(ctx, tx, prog.ID, c.partnership, c.code)
				if err == nil {
					turns = append(turns, made.Turn)
				}
				return err
			})
			if problem.Code(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if len(turns) != 2 || turns[0] >= turns[1] {
			t.Errorf("turns %v", turns)
		}
		named, err := creative.CodesNamed(ctx, d.Read(), prog.ID, []string{"ann10", " bob", "none"})
		if err != nil || len(named) != 2 || named["ANN10"].Partnership != ann || named["BOB"].Partnership != bob {
			t.Errorf("%v, %v", named, err)
		}
		of, err := creative.Codes(ctx, d.Read(), ann)
		if err != nil || len(of) != 1 || of[0].Code != "ANN10" {
			t.Errorf("%v, %v", of, err)
		}
	})
}

func TestSnapshot(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, _ := shop(t, d)
		before, err := create(d, prog, creative.Link{Partnership: ann, Code: "before"})
		if err != nil {
			t.Fatal(err)
		}
		s, err := creative.Load(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		after, err := create(d, prog, creative.Link{Partnership: ann, Code: "after", Target: "https://shop.example/red"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			code, target string
			link         creative.Link
		}{{"before", "https://shop.example/", before}, {"after", "https://shop.example/red", after}} {
			p, ok, err := s.Find(ctx, c.code)
			if err != nil || !ok || p.Link != c.link.ID || p.Number != c.link.Number || p.Partnership != ann || p.Target != c.target || p.Program.ID != prog.ID {
				t.Errorf("%s leads to %+v, %v, %v", c.code, p, ok, err)
			}
		}
		for _, code := range []string{"", "none", "Before", "\x00", "\xff\xff"} {
			if p, ok, err := s.Find(ctx, code); ok || err != nil {
				t.Errorf("%q leads to %+v, %v", code, p, err)
			}
		}
		prog.Landing, prog.Slug = "https://shop.example/new", "boutique"
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := program.Change(ctx, tx, prog); return err }); err != nil {
			t.Fatal(err)
		}
		if err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if p, _, _ := s.Find(ctx, "before"); p.Target != prog.Landing {
			t.Errorf("after the program moved, its link leads to %s", p.Target)
		}
		if _, err := s.Program(ctx, "shop"); problem.Code(err) != "program_unknown" {
			t.Errorf("by the name that it had: %v", err)
		}
		for _, name := range []string{"boutique", prog.ID} {
			if p, err := s.Program(ctx, name); err != nil || p.ID != prog.ID {
				t.Errorf("%s: %v, %v", name, p, err)
			}
		}
	})
}

func TestSnapshotWhileLinksAreMade(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	prog, ann, _ := shop(t, d)
	s, err := creative.Load(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			code := fmt.Sprintf("code%d", n)
			if _, err := create(d, prog, creative.Link{Partnership: ann, Code: code}); err != nil {
				t.Error(err)
			}
			if _, ok, err := s.Find(ctx, code); !ok || err != nil {
				t.Errorf("%s: %v, %v", code, ok, err)
			}
			if err := s.Refresh(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func BenchmarkFind(b *testing.B) {
	d := dbtest.Open(b, db.SQLite)
	prog, ann, _ := shop(b, d)
	const links = 100_000
	rows := make([][]any, links)
	for n := range rows {
		rows[n] = []any{fmt.Sprintf("lnk_%024d", n), n + 1, prog.ID, ann, fmt.Sprintf("code%d", n), "", "", 0, 0}
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Insert(ctx, tx, `/* creative.BenchmarkFind */ insert into link (id, number, program, partnership, code, target, label, created, changed)`, rows, "")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	s, err := creative.Load(ctx, d)
	if err != nil {
		b.Fatal(err)
	}
	loaded := time.Since(began)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, _ := s.Find(ctx, "code4711"); !ok {
			b.Fatal("not found")
		}
	}
	b.ReportMetric(loaded.Seconds()/links*1e6, "load-µs/link")
}
