package app_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// served is an installation at https://go.tributary.example, as it would be on the net, with an authority that gives it
// certificates.
type served struct {
	t           *testing.T
	app         *app.App
	authority   *authority
	plain, safe net.Listener
	prog, other program.Program
	ann, bob    creative.Link // of prog
	elsewhere   creative.Link // of other
	stop        func()
}

// dnsOf answers as if names led to us: those in aliases by a CNAME.
type dnsOf struct{ aliases, texts map[string]string }

func (d dnsOf) LookupCNAME(_ context.Context, host string) (string, error) {
	if to := d.aliases[host]; to != "" {
		return to + ".", nil
	}
	return host + ".", nil
}

func (d dnsOf) LookupTXT(_ context.Context, name string) ([]string, error) {
	if text := d.texts[name]; text != "" {
		return []string{"v=spf1 -all", text}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (d dnsOf) LookupHost(_ context.Context, host string) ([]string, error) {
	return []string{"192.0.2.1"}, nil
}

const own = "go.tributary.example"

func serve(t *testing.T, target string, lifetime time.Duration) *served {
	t.Helper()
	s := &served{t: t}
	s.plain, s.safe = listen(t), listen(t)
	s.authority = openAuthority(t, port(s.plain), port(s.safe), lifetime)
	var err error
	s.app, err = app.Open(t.Context(), app.Config{Database: target, BaseURL: "https://" + own, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Relaxed: true,
		Resolver: dnsOf{aliases: map[string]string{"go.brand.example": own, "ann.example": own}},
		TLS:      &app.TLS{CA: s.authority.directory, Roots: s.authority.itself, Email: "ops@tributary.example", Plain: s.plain.Addr(), Safe: s.safe.Addr()}})
	if err != nil {
		t.Fatal(err)
	}
	s.fill()
	s.run(s.plain, s.app.Certificates.Listen(s.safe))
	return s
}

// run serves until stop.
func (s *served) run(listeners ...net.Listener) {
	t := s.t
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.app.Run(ctx, listeners...) }()
	s.stop = func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.app.Close(); err != nil {
			t.Error(err)
		}
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// fill makes two programs, links of two partners in the first and one in the second, and proves two domains.
func (s *served) fill() {
	ctx := s.t.Context()
	err := s.app.DB.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		create := func(slug string) (p program.Program) {
			if p, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Name: slug, Slug: slug, Landing: "https://shop.example/", Domains: []string{"landing.example"}, Currency: "EUR",
				Timezone: "UTC", Locale: "en", Events: []string{"sale"}}, program.Model{Name: "last"}, ""); err != nil {
				s.t.Fatal(err)
			}
			return p
		}
		link := func(p program.Program, who, code string) creative.Link {
			one, known, err := partner.ByEmail(ctx, tx, who+"@x.example")
			if err == nil && !known {
				one, err = partner.Create(ctx, tx, partner.Partner{Name: who, Email: who + "@x.example"})
			}
			if err != nil {
				s.t.Fatal(err)
			}
			in, err := partner.Apply(ctx, tx, p, one, nil)
			if err != nil {
				s.t.Fatal(err)
			}
			l, err := creative.CreateLink(ctx, tx, p, creative.Link{Partnership: in.ID, Code: code})
			if err != nil {
				s.t.Fatal(err)
			}
			return l
		}
		s.prog, s.other = create("one"), create("two")
		s.ann, s.bob, s.elsewhere = link(s.prog, "ann", "ann-1"), link(s.prog, "bob", "bob-1"), link(s.other, "ann", "far-1")
		for name, partnership := range map[string]string{"go.brand.example": "", "ann.example": s.ann.Partnership, "waiting.example": ""} {
			if _, err := domain.Claim(ctx, tx, domain.Domain{Name: name, Program: s.prog.ID, Partnership: partnership}, own); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = domain.CheckDue(ctx, s.app.DB, dnsOf{aliases: map[string]string{"go.brand.example": own, "ann.example": own}}, own)
	}
	if err == nil {
		err = s.app.Domains.Refresh(ctx)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// client reaches every name at this machine, and believes the authority alone.
func (s *served) client() *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		to := s.safe
		if strings.HasSuffix(address, ":80") {
			to = s.plain
		}
		return new(net.Dialer).DialContext(ctx, network, to.Addr().String())
	}
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: s.authority.gives}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// get is the status, where it leads and the number of the certificate.
func (s *served) get(address string) (status int, to, serial string, err error) {
	s.t.Helper()
	answer, err := s.client().Get(address)
	if err != nil {
		return 0, "", "", err
	}
	defer answer.Body.Close()
	if answer.TLS != nil {
		serial = answer.TLS.PeerCertificates[0].SerialNumber.String()
	}
	return answer.StatusCode, answer.Header.Get("Location"), serial, nil
}

func TestLinksAreServedAtDomainsOfTheirOwnWithCertificatesOfTheirOwn(t *testing.T) {
	s := serve(t, dbtest.Target(t, db.SQLite), 90*24*time.Hour)
	defer func() { s.stop() }()
	for _, c := range []struct {
		address string
		status  int
		to      string
	}{
		{"https://go.brand.example/ann-1", 302, "https://shop.example/?tclid="},
		{"https://go.brand.example/c/bob-1", 302, "https://shop.example/?tclid="},
		{"https://go.brand.example/ann-1?u=https://landing.example/x", 302, "https://landing.example/x?tclid="},
		{"https://go.brand.example/ann-1?u=https://go.brand.example/console", 302, "https://shop.example/?tclid="},
		{"http://go.brand.example/ann-1", 302, "https://shop.example/?tclid="},
		{"https://go.brand.example/far-1", 404, ""},  // of another program
		{"https://go.brand.example/nosuch", 404, ""}, //
		{"https://go.brand.example/", 302, "https://shop.example/"},
		{"https://go.brand.example/tag.js", 200, ""},
		{"https://go.brand.example/console", 404, ""},
		{"https://go.brand.example/sign-in", 404, ""},
		{"https://go.brand.example/partner/x", 404, ""},
		{"https://go.brand.example/p/one", 404, ""},
		{"https://go.brand.example/api/v1/programs", 404, ""},
		{"https://go.brand.example/healthz", 404, ""},
		{"https://go.brand.example/postback/one", 403, ""}, // it asks for the key
		{"https://go.brand.example/postback/two", 404, ""},
		{"https://ann.example/ann-1", 302, "https://shop.example/?tclid="},
		{"https://ann.example/bob-1", 404, ""}, // of another partner
		{"https://" + own + "/c/bob-1", 302, "https://shop.example/?tclid="},
		{"https://" + own + "/sign-in", 303, "/setup"},
		{"http://" + own + "/sign-in?next=/x", 308, "https://" + own + "/sign-in?next=/x"},
		{"http://stranger.example/sign-in", 308, "https://" + own + "/sign-in"},
		{"http://stranger.example//evil.example/", 308, "https://" + own + "//evil.example/"},
	} {
		status, to, _, err := s.get(c.address)
		if err != nil || status != c.status || (to == "") != (c.to == "") || !strings.HasPrefix(to, c.to) {
			t.Errorf("%s: %d %s %v", c.address, status, to, err)
		}
	}
	if n := s.authority.orders.Load(); n != 3 {
		t.Errorf("%d orders for three names", n)
	}
	for _, name := range []string{"waiting.example", "stranger.example", "sub.go.brand.example"} {
		if _, _, _, err := s.get("https://" + name + "/ann-1"); err == nil {
			t.Errorf("%s has a certificate", name)
		}
	}
	if n := s.authority.orders.Load(); n != 3 {
		t.Errorf("a name that is not proven was ordered: %d orders", n)
	}

	s.authority.fails.Store(true)
	err := s.app.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, "update domain set proven = 1, reaches = $1, changed = $2 where name = 'waiting.example'", true, tx.Now.UnixMilli())
		return err
	})
	if err == nil {
		err = s.app.Domains.Refresh(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.get("http://waiting.example/ann-1"); err != nil {
		t.Errorf("without encryption a link needs no authority: %v", err)
	}
	if status, _, _, err := s.get("https://go.brand.example/ann-1"); err != nil || status != 302 {
		t.Errorf("an authority that fails took down what works: %d %v", status, err)
	}
}

func TestCertificatesAreKeptForTheNextStart(t *testing.T) {
	target := dbtest.Target(t, db.SQLite)
	s := serve(t, target, 90*24*time.Hour)
	_, _, first, err := s.get("https://go.brand.example/ann-1")
	s.stop()
	if err != nil {
		t.Fatal(err)
	}
	s.authority.fails.Store(true)
	if s.safe, err = net.Listen("tcp", s.safe.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if s.app, err = app.Open(t.Context(), app.Config{Database: target, BaseURL: "https://" + own, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Relaxed: true,
		TLS: &app.TLS{CA: s.authority.directory, Roots: s.authority.itself, Plain: s.plain.Addr(), Safe: s.safe.Addr()}}); err != nil {
		t.Fatal(err)
	}
	s.run(s.app.Certificates.Listen(s.safe))
	defer s.stop()
	if _, _, again, err := s.get("https://go.brand.example/ann-1"); err != nil || again != first {
		t.Errorf("after a restart, without an authority: %s, not %s: %v", again, first, err)
	}
}

func TestCertificatesAreRenewedWhileTheyServe(t *testing.T) {
	s := serve(t, dbtest.Target(t, db.SQLite), 40*time.Minute) // so that each visitor finds it due
	defer s.stop()
	_, _, first, err := s.get("https://ann.example/ann-1")
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		_, _, now, err := s.get("https://ann.example/ann-1")
		if err != nil {
			t.Fatalf("while it is renewed: %v", err)
		}
		if now != first {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("never renewed")
		}
	}
}
