package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
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
	SMTP     string   `name:"smtp-url" help:"The mail server: smtp://user:password@host:587, or smtps:// for TLS from the first byte. Without it no mail is sent. A password is safer in the variable than in the command." env:"TRIBUTARY_SMTP_URL"`
	Networks string   `help:"A file of data centres' networks, one CIDR to a line. A click from one of them that is odd otherwise too does not count. Read again when it changes." type:"path" env:"TRIBUTARY_NETWORKS"`
	Spammers string   `help:"A file of hosts, one to a line, that advertise themselves as referrers: clicks from there do not count. Read again when it changes." type:"path" env:"TRIBUTARY_SPAMMERS"`
	Places   []string `help:"Files of places in MaxMind's format, .mmdb: of countries or cities, of networks. Clicks are then known by country, region and network. Read again when they change." type:"path" env:"TRIBUTARY_PLACES"`
	MailFrom string   `help:"The sender of mails, such as 'Acme Partners <partners@acme.example>'." env:"TRIBUTARY_MAIL_FROM"`
}

func (s *serveCmd) Run(ctx context.Context, c *commands, t terminal, log *slog.Logger) error {
	l, base, err := s.listen()
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Config{Database: c.target(), BaseURL: base, Proxies: s.Proxy, Rate: s.Rate, Log: log, SMTP: s.SMTP, MailFrom: s.MailFrom,
		Networks: s.Networks, Spammers: s.Spammers, Places: s.Places})
	if err != nil {
		l.Close()
		return err
	}
	if state, _, err := demo.Look(ctx, a.DB); err != nil || state == demo.Ready || state == demo.Unfinished {
		l.Close()
		return finish(a, cmp.Or(err, errors.New("this is the demonstration's database, whose passwords everybody knows: run demo, or serve another")))
	}
	t.printf("Tributary serves at %s\n", base)
	code, err := web.SetupCode(ctx, a.DB)
	if err != nil {
		l.Close()
		return finish(a, err)
	}
	if code != "" {
		t.printf("Nobody is here yet. Open %s/setup?code=%s\n", base, code)
	}
	return finish(a, a.Run(ctx, l))
}
