package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/demo"
	"github.com/tributary-hq/tributary/internal/web"
)

type serverFlags struct {
	Listen  string         `help:"The address to listen on." default:"127.0.0.1:8080" env:"TRIBUTARY_LISTEN"`
	BaseURL string         `help:"How browsers and shops reach the server, such as https://go.example.com. Without it, the address that is listened on." env:"TRIBUTARY_BASE_URL"`
	Rate    int            `help:"API requests a second that one token may send; 0 for any number." default:"200" env:"TRIBUTARY_RATE"`
	Proxy   []netip.Prefix `help:"Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8." env:"TRIBUTARY_PROXY"`
}

// listen opens the listener, and finds the base URL where none was given.
func (f serverFlags) listen() (net.Listener, string, error) {
	l, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return nil, "", err
	}
	base := strings.TrimRight(f.BaseURL, "/")
	if base == "" {
		if at, err := netip.ParseAddrPort(l.Addr().String()); err != nil || !at.Addr().IsLoopback() || len(f.Proxy) > 0 {
			l.Close()
			return nil, "", errors.New("say with --base-url how the world reaches this server: links, cookies and mails depend on it")
		}
		base = "http://" + l.Addr().String()
	}
	return l, base, nil
}

type serveCmd struct {
	serverFlags
	SMTP      string   `name:"smtp-url" help:"The mail server: smtp://user:password@host:587, or smtps:// for TLS from the first byte. Without it no mail is sent. A password is safer in the variable than in the command." env:"TRIBUTARY_SMTP_URL"`
	Networks  string   `help:"A file of data centres' networks, one CIDR to a line. A click from one of them that is odd otherwise too does not count. Read again when it changes." type:"path" env:"TRIBUTARY_NETWORKS"`
	Spammers  string   `help:"A file of hosts, one to a line, that advertise themselves as referrers: clicks from there do not count. Read again when it changes." type:"path" env:"TRIBUTARY_SPAMMERS"`
	TLS       string   `name:"tls" help:"A further address to listen on, encrypted, such as :443: certificates of the base URL's name and of proven domains are got and renewed by themselves. --listen, at :80, then answers the authority, and sends people here." env:"TRIBUTARY_TLS"`
	ACMECA    string   `name:"acme-ca" help:"The directory of the authority that gives certificates. Without it, Let's Encrypt's." env:"TRIBUTARY_ACME_CA"`
	ACMEEmail string   `name:"acme-email" help:"Whom the authority writes to when a certificate is about to end." env:"TRIBUTARY_ACME_EMAIL"`
	ACMERoots string   `name:"acme-roots" help:"A PEM file of the roots by which the authority itself is known, where the system does not know it." type:"path" env:"TRIBUTARY_ACME_ROOTS"`
	Places    []string `help:"Files of places in MaxMind's format, .mmdb: of countries or cities, of networks. Clicks are then known by country, region and network. Read again when they change." type:"path" env:"TRIBUTARY_PLACES"`
	MailFrom  string   `help:"The sender of mails, such as 'Acme Partners <partners@acme.example>'." env:"TRIBUTARY_MAIL_FROM"`
}

func (s *serveCmd) Run(ctx context.Context, c *commands, t terminal, log *slog.Logger) error {
	l, base, err := s.listen()
	if err != nil {
		return err
	}
	listeners := []net.Listener{l}
	secure, err := s.secure(base)
	if err == nil && secure != nil {
		var encrypted net.Listener
		if encrypted, err = net.Listen("tcp", s.TLS); err == nil {
			listeners = append(listeners, encrypted)
			secure.Plain, secure.Safe = l.Addr(), encrypted.Addr()
		}
	}
	if err != nil {
		l.Close()
		return err
	}
	closeAll := func() {
		for _, l := range listeners {
			l.Close()
		}
	}
	a, err := app.Open(ctx, app.Config{Database: c.target(), BaseURL: base, Proxies: s.Proxy, Rate: s.Rate, Log: log, SMTP: s.SMTP, MailFrom: s.MailFrom,
		Networks: s.Networks, Spammers: s.Spammers, Places: s.Places, TLS: secure})
	if err != nil {
		closeAll()
		return err
	}
	if state, _, err := demo.Look(ctx, a.DB); err != nil || state == demo.Ready || state == demo.Unfinished {
		closeAll()
		return finish(a, cmp.Or(err, errors.New("this is the demonstration's database, whose passwords everybody knows: run demo, or serve another")))
	}
	if secure != nil {
		listeners[1] = a.Certificates.Listen(listeners[1])
	}
	t.printf("Tributary serves at %s\n", base)
	code, err := web.SetupCode(ctx, a.DB)
	if err != nil {
		closeAll()
		return finish(a, err)
	}
	if code != "" {
		t.printf("Nobody is here yet. Open %s/setup?code=%s\n", base, code)
	}
	return finish(a, a.Run(ctx, listeners...))
}

// secure reads where certificates come from; nil when none are wanted.
func (s *serveCmd) secure(base string) (*app.TLS, error) {
	if s.TLS == "" {
		return nil, nil
	}
	if !strings.HasPrefix(base, "https://") {
		return nil, errors.New("--tls needs a --base-url that begins with https://")
	}
	wanted := &app.TLS{CA: s.ACMECA, Email: s.ACMEEmail}
	if s.ACMERoots == "" {
		return wanted, nil
	}
	pem, err := os.ReadFile(s.ACMERoots)
	if err != nil {
		return nil, err
	}
	wanted.Roots = x509.NewCertPool()
	if !wanted.Roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", s.ACMERoots)
	}
	return wanted, nil
}
