package domain_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

const own = "go.tributary.example"

// names is a DNS: what a name is an alias of, its TXT records and its addresses.
type names struct {
	aliases, texts, hosts map[string]string
	down                  bool
}

func (n names) answer(of map[string]string, name string) (string, error) {
	if n.down {
		return "", &net.DNSError{Err: "timeout", Name: name, IsTimeout: true}
	}
	if value, ok := of[name]; ok {
		return value, nil
	}
	return "", &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (n names) LookupCNAME(_ context.Context, name string) (string, error) {
	if to, err := n.answer(n.aliases, name); err == nil {
		return to + ".", nil
	}
	_, err := n.answer(n.hosts, name)
	return name + ".", err
}

func (n names) LookupTXT(_ context.Context, name string) ([]string, error) {
	text, err := n.answer(n.texts, name)
	return []string{text}, err
}

func (n names) LookupHost(_ context.Context, name string) ([]string, error) {
	address, err := n.answer(n.hosts, name)
	return []string{address}, err
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"go.example.com": "go.example.com", " https://GO.Example.com/ ": "go.example.com", "go.example.com.": "go.example.com", "bücher.example.de": "xn--bcher-kva.example.de",
		"аpple.example.com": "xn--pple-43d.example.com", // a Cyrillic letter is seen for what it is
		"":                  "", "localhost": "", "com": "", "co.uk": "", "127.0.0.1": "", "[::1]": "", "a..b.example": "", "go.example.com/x": "", "go.example.com:81": "", "*.example.com": "",
		"user@example.com": "", "go example.com": "", "_x.example.com": "", "x\x00.example.com": "", "\xff.example.com": "",
	} {
		got, err := domain.ReadName(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("https://GO.Example.com/")
	f.Add("xn--bcher-kva.example")
	f.Fuzz(func(t *testing.T, text string) {
		name, err := domain.ReadName(text)
		if err != nil {
			return
		}
		if again, err := domain.ReadName(name); err != nil || again != name {
			t.Errorf("%q is %q, which is %q %v", text, name, again, err)
		}
		for i := range len(name) {
			if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
				t.Errorf("%q is %q", text, name)
			}
		}
	})
}

// registry is two programs that claim names.
type registry struct {
	t        *testing.T
	d        *db.DB
	one, two program.Program
}

func openRegistry(t *testing.T, d *db.DB) *registry {
	r := &registry{t: t, d: d}
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		b, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		for _, to := range []*program.Program{&r.one, &r.two} {
			slug := "one"
			if to == &r.two {
				slug = "two"
			}
			if *to, err = program.Create(ctx, tx, program.Program{Brand: b.ID, Name: slug, Slug: slug, Landing: "https://shop.example/", Currency: "EUR", Timezone: "UTC", Locale: "en",
				Events: []string{"sale"}}, program.Model{Name: "last"}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *registry) claim(p program.Program, name string) (d domain.Domain, err error) {
	err = r.d.Write(r.t.Context(), func(tx *db.Tx) error {
		d, err = domain.Claim(r.t.Context(), tx, domain.Domain{Name: name, Program: p.ID}, own)
		return err
	})
	return d, err
}

func (r *registry) look(d domain.Domain, dns names) domain.Domain {
	r.t.Helper()
	kept, err := domain.Check(r.t.Context(), r.d, dns, own, d)
	if err != nil {
		r.t.Fatal(err)
	}
	return kept
}

func TestADomainIsProvenByTheDNSAndWorksWhereItLeadsHere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := openRegistry(t, d)
		ours := map[string]string{own: "192.0.2.1", "bare.example": "192.0.2.1", "far.example": "198.51.100.7"}
		for _, c := range []struct {
			name  string
			text  bool // whether the TXT record is there
			alias string
			fault domain.Fault
			works bool
		}{
			{"alias.example", false, own, domain.NoFault, true},
			{"text-alias.example", true, own, domain.NoFault, true},
			{"bare.example", true, "", domain.NoFault, true}, // by its address
			{"far.example", true, "", domain.Elsewhere, false},
			{"other.example", false, "elsewhere.example", domain.Unproven, false},
			{"nobody.example", false, "", domain.Unknown, false},
		} {
			one, err := r.claim(r.one, c.name)
			if err != nil {
				t.Fatal(err)
			}
			dns := names{hosts: ours, aliases: map[string]string{}, texts: map[string]string{}}
			if c.alias != "" {
				dns.aliases[c.name] = c.alias
			}
			if record, value := one.Record(); c.text {
				dns.texts[record] = value
			}
			got := r.look(one, dns)
			if got.Works() != c.works || got.Fault != c.fault {
				t.Errorf("%s: works %v, %q", c.name, got.Works(), got.Fault)
			}
			if down := r.look(one, names{down: true}); down.Works() != c.works {
				t.Errorf("%s: a silent DNS changes what is known: %v", c.name, down.Works())
			}
		}
	})
}

func TestANameBelongsToOneProgram(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := openRegistry(t, d)
		alias := names{aliases: map[string]string{"go.example.com": own}}
		mine, err := r.claim(r.one, "go.example.com")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.claim(r.one, own); problem.Code(err) != "domain_ours" {
			t.Errorf("our own name: %v", err)
		}
		theirs, err := r.claim(r.two, "go.example.com")
		if err != nil {
			t.Fatal(err)
		}
		if got := r.look(theirs, alias); got.Fault != domain.Contested || got.Works() {
			t.Errorf("an alias proves a name that two claim: %+v", got)
		}
		record, value := mine.Record()
		said := names{aliases: alias.aliases, texts: map[string]string{record: value}}
		if got := r.look(mine, said); !got.Works() {
			t.Errorf("the record proves it: %+v", got)
		}
		if got := r.look(theirs, said); got.Works() {
			t.Error("somebody else's record proves it")
		}
		third, err := r.claim(r.two, "go.example.com")
		if err == nil {
			t.Errorf("claimed once more: %+v", third)
		}

		snapshot, err := domain.Load(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		for host, want := range map[string]bool{"go.example.com": true, "GO.example.com:443": true, "go.example.com.": true, "x.go.example.com": false, "": false} {
			if at, ok := snapshot.At(host); ok != want || ok && at.Program != r.one.ID {
				t.Errorf("at %q: %v", host, ok)
			}
		}

		// The name changes hands: the new owner shows another record.
		record, value = theirs.Record()
		if got := r.look(theirs, names{aliases: alias.aliases, texts: map[string]string{record: value}}); !got.Works() {
			t.Errorf("whoever shows the record now has the name: %+v", got)
		}
		if got, err := domain.Get(t.Context(), d.Read(), mine.ID); err != nil || got.Works() || got.Fault != domain.Contested {
			t.Errorf("who had it before: %+v %v", got, err)
		}
		if err := snapshot.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if at, _ := snapshot.At("go.example.com"); at.Program != r.two.ID {
			t.Error("memory did not follow")
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return domain.Remove(t.Context(), tx, theirs.ID) }); err != nil {
			t.Fatal(err)
		}
		if err := snapshot.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok := snapshot.At("go.example.com"); ok {
			t.Error("a domain that was removed is served")
		}
	})
}

func TestDomainsAreLookedAtAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := openRegistry(t, d)
		now := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
		d.SetClock(func() time.Time { return now })
		one, err := r.claim(r.one, "go.example.com")
		if err != nil {
			t.Fatal(err)
		}
		check := func(dns names) domain.Domain {
			t.Helper()
			if err := domain.CheckDue(t.Context(), d, dns, own); err != nil {
				t.Fatal(err)
			}
			got, err := domain.Get(t.Context(), d.Read(), one.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := check(names{}); got.Fault != domain.Unknown {
			t.Errorf("%+v", got)
		}
		alias := names{aliases: map[string]string{"go.example.com": own}}
		if got := check(alias); got.Works() {
			t.Error("looked at twice in a moment")
		}
		now = now.Add(6 * time.Minute)
		if got := check(alias); !got.Works() || !got.Since.Equal(now) {
			t.Errorf("not soon: %+v", got)
		}
		now = now.Add(time.Hour)
		if got := check(names{}); !got.Works() {
			t.Error("one that works is asked for each hour")
		}
		now = now.Add(12 * time.Hour)
		if got := check(names{hosts: map[string]string{"go.example.com": "198.51.100.1"}}); got.Works() || got.Fault != domain.Elsewhere {
			t.Errorf("it leads away: %+v", got)
		}
	})
}
