package program_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func TestAllows(t *testing.T) {
	p := program.Program{Domains: []string{"acme.example", "127.0.0.1:8080"}}
	for address, want := range map[string]bool{
		"https://acme.example/a":          true,
		"http://acme.example":             true,
		"https://shop.acme.example/x?y=z": true,
		"https://ACME.example/":           true,
		"http://127.0.0.1:8080/shop":      true,
		"http://127.0.0.1:8081/shop":      false,
		"http://127.0.0.1/shop":           false,
		"https://acme.example:444/":       false,
		"https://evilacme.example/":       false,
		"https://acme.example.evil/":      false,
		"https://acme.example@evil/":      false,
		"https://user@acme.example/":      false,
		"javascript:alert(1)":             false,
		"ftp://acme.example/":             false,
		"//acme.example/":                 false,
		"/a":                              false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Allows(u); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestWhatAProgramNeeds(t *testing.T) {
	cases := []struct {
		promise string
		with    func(p *program.Program)
		want    string
	}{
		{"as it is", func(*program.Program) {}, ""},
		{"a name", func(p *program.Program) { p.Name = " " }, "name_invalid"},
		{"a short name", func(p *program.Program) { p.Slug = "A b" }, "slug_invalid"},
		{"one of its own", func(p *program.Program) { p.Slug = "taken" }, "slug_taken"},
		{"none that is an address of the pages", func(p *program.Program) { p.Slug = "settings" }, "slug_reserved"},
		{"a currency", func(p *program.Program) { p.Currency = "EUX" }, "currency_invalid"},
		{"a zone", func(p *program.Program) { p.Timezone = "Paris" }, "timezone_invalid"},
		{"a page to land on", func(p *program.Program) { p.Landing = "acme.example" }, "landing_invalid"},
		{"domains without addresses", func(p *program.Program) { p.Domains = []string{"https://x"} }, "domains_invalid"},
		{"event types that can be spelled", func(p *program.Program) { p.Events = []string{"Big Sale"} }, "events_invalid"},
		{"a parameter's name", func(p *program.Program) { p.ClickParam = "a=b" }, "click_param_invalid"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		create := func(with func(p *program.Program)) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				p := program.Program{Brand: "", Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://acme.example"}
				brands, err := program.Brands(ctx, tx)
				if err != nil {
					return err
				}
				p.Brand = brands[0].ID
				with(&p)
				_, err = program.Create(ctx, tx, p, program.Model{}, "test")
				return err
			})
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := program.CreateBrand(ctx, tx, "Acme", "acme"); return err }); err != nil {
			t.Fatal(err)
		}
		if err := create(func(p *program.Program) { p.Slug = "taken" }); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if got := problem.Code(create(c.with)); got != c.want {
				t.Errorf("%s: %q, want %q", c.promise, got, c.want)
			}
		}
	})
}

func TestThePolicyOfTheDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
		var id string
		err := d.Write(ctx, func(tx *db.Tx) error {
			brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
			if err != nil {
				return err
			}
			p, err := program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://acme.example"}, program.Model{Name: "last"}, "test")
			if err != nil {
				return err
			}
			id = p.ID
			for n, name := range map[int]string{10: "linear", 20: "first"} {
				if _, err := program.Decide(ctx, tx, id, day(n), program.Model{Name: name}, "test"); err != nil {
					return err
				}
			}
			_, err = program.Decide(ctx, tx, id, day(10), program.Model{Name: "lottery"}, "test")
			if problem.Code(err) != "model_unknown" {
				t.Errorf("a model that does not exist: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		policies, err := program.Policies(ctx, d.Read(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		for n, want := range map[int]string{1: "last", 9: "last", 10: "linear", 19: "linear", 20: "first", 30: "first"} {
			if p, err := program.InForce(policies[id], day(n), program.Always); err != nil || p.Model.Name != want {
				t.Errorf("on day %d: %s, %v; want %s", n, p.Model.Name, err, want)
			}
		}
	})
}
