package partner_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// shelf is two programs of two brands; Ann is in both.
type shelf struct {
	t        *testing.T
	d        *db.DB
	one, two program.Program
	ann, bob partner.Partnership // in one
	annTwo   partner.Partnership // in two
}

func newShelf(t *testing.T, d *db.DB) *shelf {
	s := &shelf{t: t, d: d}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for i, into := range []*program.Program{&s.one, &s.two} {
			slug := fmt.Sprintf("brand-%d", i)
			brand, err := program.CreateBrand(ctx, tx, slug, slug)
			if err != nil {
				return err
			}
			if *into, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: slug, Name: slug, Currency: "EUR", Timezone: "UTC",
				Landing: "https://shop.example/"}, program.Model{Name: "last"}, "test"); err != nil {
				return err
			}
		}
		return nil
	})
	var people [2]partner.Partner
	s.write(func(ctx context.Context, tx *db.Tx) error {
		ann, err := partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: "ann@example.org", Kind: "podcast", Country: "FR"})
		if err != nil {
			return err
		}
		bob, err := partner.Create(ctx, tx, partner.Partner{Name: "Bob", Email: "bob@example.org"})
		if err != nil {
			return err
		}
		people = [2]partner.Partner{ann, bob}
		return nil
	})
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	d.SetClock(func() time.Time { return now })
	for _, j := range []struct {
		who  partner.Partner
		in   program.Program
		into *partner.Partnership
	}{{people[0], s.one, &s.ann}, {people[1], s.one, &s.bob}, {people[0], s.two, &s.annTwo}} {
		now = now.Add(time.Minute)
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			*j.into, err = partner.Apply(ctx, tx, j.in, j.who, nil)
			return err
		})
	}
	return s
}

func (s *shelf) write(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return s.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func TestFilters(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newShelf(t, d)
		var group partner.Group
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if group, err = partner.CreateGroup(ctx, tx, partner.Group{Program: s.one.ID, Name: "Content"}); err != nil {
				return err
			}
			if err = partner.SetGroup(ctx, tx, s.ann, group.ID); err != nil {
				return err
			}
			if err = partner.Tag(ctx, tx, s.ann, "#Winter  Campaign", "top"); err != nil {
				return err
			}
			_, err = partner.AddProperty(ctx, tx, partner.Property{Partner: s.ann.Partner.ID, Kind: "podcast", Address: "https://waves.example/50%25off"})
			return err
		})
		for _, c := range []struct {
			promise string
			filter  partner.Filter
			want    string
		}{
			{"all of a program", partner.Filter{}, "Bob Ann"},
			{"a group", partner.Filter{Group: group.ID}, "Ann"},
			{"no group", partner.Filter{Group: partner.None}, "Bob"},
			{"a tag, as somebody else writes it", partner.Filter{Tag: "WINTER campaign"}, "Ann"},
			{"a tag that nobody has", partner.Filter{Tag: "summer"}, ""},
			{"a kind", partner.Filter{Kind: "podcast"}, "Ann"},
			{"a country, in small letters", partner.Filter{Country: "fr"}, "Ann"},
			{"no manager", partner.Filter{Manager: partner.None}, "Bob Ann"},
			{"a property", partner.Filter{Words: "WAVES.example"}, "Ann"},
			{"a percent sign is one", partner.Filter{Words: "0%2"}, "Ann"},
			{"an underscore is one", partner.Filter{Words: "waves_example"}, ""},
			{"a state and a group", partner.Filter{Status: partner.Approved, Group: group.ID}, ""},
			{"after an id", partner.Filter{After: s.ann.ID}, "Bob"},
			{"at most one", partner.Filter{Limit: 1}, "Bob"},
		} {
			c.filter.Program = s.one.ID
			list, err := partner.Search(t.Context(), d.Read(), c.filter)
			var got []string
			for _, l := range list {
				got = append(got, l.Partner.Name)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: %v, %v; want %s", c.promise, got, err, c.want)
			}
		}
		cares, err := partner.Cares(t.Context(), d.Read(), []string{s.ann.ID, s.bob.ID, s.annTwo.ID})
		if err != nil || cares[s.ann.ID].Group != group.ID || len(cares[s.ann.ID].Tags) != 2 || cares[s.annTwo.ID].Group != "" || cares[s.annTwo.ID].Tags != nil {
			t.Errorf("%+v, %v", cares, err)
		}
	})
}

func TestWhatIsOneProgramsIsNoOthers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newShelf(t, d)
		var foreign partner.Group
		var place partner.Property
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if foreign, err = partner.CreateGroup(ctx, tx, partner.Group{Program: s.two.ID, Name: "Content"}); err != nil {
				return err
			}
			if place, err = partner.AddProperty(ctx, tx, partner.Property{Partner: s.ann.Partner.ID, Kind: "website", Address: "https://ann.example/"}); err != nil {
				return err
			}
			return partner.Confirm(ctx, tx, s.ann, place.ID, "test")
		})
		for _, c := range []struct {
			promise, code string
			do            func(ctx context.Context, tx *db.Tx) error
		}{
			{"a group of another program", "group_unknown", func(ctx context.Context, tx *db.Tx) error { return partner.SetGroup(ctx, tx, s.ann, foreign.ID) }},
			{"a manager from nowhere", "manager_invalid", func(ctx context.Context, tx *db.Tx) error { return partner.SetManager(ctx, tx, s.ann, "per_none") }},
			{"another partner's property", "property_unknown", func(ctx context.Context, tx *db.Tx) error { return partner.Confirm(ctx, tx, s.bob, place.ID, "test") }},
			{"a tag with a comma", "tag_invalid", func(ctx context.Context, tx *db.Tx) error { return partner.Tag(ctx, tx, s.ann, "a,b") }},
			{"merging a group into itself", "into_invalid", func(ctx context.Context, tx *db.Tx) error {
				return partner.DissolveGroup(ctx, tx, foreign, foreign.ID)
			}},
			{"a group of the same name", "group_taken", func(ctx context.Context, tx *db.Tx) error {
				_, err := partner.CreateGroup(ctx, tx, partner.Group{Program: s.two.ID, Name: " Content "})
				return err
			}},
			{"the same property twice", "property_taken", func(ctx context.Context, tx *db.Tx) error {
				_, err := partner.AddProperty(ctx, tx, partner.Property{Partner: s.ann.Partner.ID, Kind: "shop", Address: "https://ann.example/"})
				return err
			}},
		} {
			err := s.try(c.do)
			p, ok := problem.As(err)
			if !ok || p.Code != c.code && (len(p.Fields) == 0 || p.Fields[0].Code != c.code) {
				t.Errorf("%s: %v, want %s", c.promise, err, c.code)
			}
		}
		for _, c := range []struct {
			program string
			want    int
		}{{s.one.ID, 1}, {s.two.ID, 0}} {
			if got, err := partner.Confirmed(t.Context(), d.Read(), s.ann.Partner.ID, c.program); err != nil || len(got) != c.want {
				t.Errorf("%d are confirmed, %v; want %d", len(got), err, c.want)
			}
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			place.Address = "https://ann.example/new"
			_, err := partner.ChangeProperty(ctx, tx, place)
			return err
		})
		if got, err := partner.Confirmed(t.Context(), d.Read(), s.ann.Partner.ID, s.one.ID); err != nil || len(got) != 0 {
			t.Errorf("another address is confirmed: %v %v", got, err)
		}
	})
}

func TestTagsAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""}, {" Winter  Campaign , #top,, TOP", "winter campaign|top"}, {"冬季，视频、法语", "冬季|视频|法语"}, {"a;b\nc", "a|b|c"},
	} {
		if got := strings.Join(partner.Tags(c.text), "|"); got != c.want {
			t.Errorf("%q is read as %s, want %s", c.text, got, c.want)
		}
	}
}
