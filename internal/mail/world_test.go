package mail

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

const base = "https://go.example"

// house is an installation with a brand, its owner and a program.
type house struct {
	t     *testing.T
	d     *db.DB
	now   time.Time
	keys  touch.Keys
	brand program.Brand
	prog  program.Program
	owner auth.Person
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, now: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))}
	d.SetClock(func() time.Time { return h.now })
	defaults, err := json.Marshal(contract.Sensible("EUR"))
	if err != nil {
		t.Fatal(err)
	}
	h.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if h.brand, err = program.CreateBrand(ctx, tx, "Acme", "acme"); err != nil {
			return err
		}
		if h.owner, err = auth.Create(ctx, tx, auth.Person{Name: "Olga Owner", Email: "olga@acme.example"}); err != nil {
			return err
		}
		if err = auth.Join(ctx, tx, h.owner.ID, h.brand.ID, auth.Owner); err != nil {
			return err
		}
		h.prog, err = program.Create(ctx, tx, program.Program{Brand: h.brand.ID, Slug: "acme", Name: "Acme Partners", Currency: "EUR", Timezone: "Europe/Paris",
			Landing: "https://acme.example/", Defaults: defaults}, program.Model{Name: "last"}, "test")
		return err
	})
	return h
}

func (h *house) write(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) try(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return h.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

// post opens a post and fails the test when it cannot.
func (h *house) post(o Options) *Post {
	h.t.Helper()
	o.BaseURL = base
	p, err := Open(o)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// run watches and runs the jobs that are due.
func (h *house) run(p *Post) {
	h.t.Helper()
	if _, err := p.Watch(context.Background(), h.d); err != nil {
		h.t.Fatal(err)
	}
	if _, err := job.NewRunner(h.d, slog.New(slog.NewTextHandler(io.Discard, nil)), p.Handlers()).RunDue(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

// log are all mails, the oldest first and those of one moment by kind, as "kind state to".
func (h *house) log() (lines []string) {
	h.t.Helper()
	for _, l := range h.letters() {
		lines = append(lines, string(l.Kind)+" "+string(l.State)+" "+l.To)
	}
	return lines
}

func (h *house) letters() []Letter {
	h.t.Helper()
	list, err := db.All(context.Background(), h.d.Read(), scanLetter, `select `+letterColumns+` from mail order by created, once_key`)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) logs(want ...string) {
	h.t.Helper()
	if got := h.log(); strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.t.Fatalf("the log is\n  %s\nnot\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// applies is a partner with a person, who has applied.
func (h *house) applies(name, locale string) partner.Partnership {
	h.t.Helper()
	var s partner.Partnership
	h.write(func(ctx context.Context, tx *db.Tx) error {
		address := strings.ToLower(name) + "@partner.example"
		p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: address, Rail: "paypal", PayTo: "pay." + address})
		if err != nil {
			return err
		}
		who, err := auth.Create(ctx, tx, auth.Person{Name: name, Email: address, Locale: locale})
		if err != nil {
			return err
		}
		if err := auth.Join(ctx, tx, who.ID, p.ID, auth.Partner); err != nil {
			return err
		}
		s, err = partner.Apply(ctx, tx, h.prog, p, nil)
		return err
	})
	return s
}

func (h *house) accepts(s partner.Partnership) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := commission.Accept(ctx, tx, h.keys, s.ID, nil, h.owner.ID)
		return err
	})
}

// mailbox is a mail server of the test's own.
type mailbox struct {
	mu      sync.Mutex
	refuse  error
	user    string // that signed in last
	got     []*netmail.Message
	bodies  []string
	address string
	server  *gosmtp.Server
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.address = "smtp://post:secret@" + l.Addr().String()
	m.server = gosmtp.NewServer(m)
	m.server.AllowInsecureAuth = true
	m.server.ErrorLog = nothing{}
	go m.server.Serve(l)
	t.Cleanup(func() { m.server.Close() })
	return m
}

type nothing struct{}

func (nothing) Printf(string, ...any) {}
func (nothing) Println(...any)        {}

func (m *mailbox) refuses(err error) { m.mu.Lock(); m.refuse = err; m.mu.Unlock() }

func (m *mailbox) count() int { m.mu.Lock(); defer m.mu.Unlock(); return len(m.got) }

func (m *mailbox) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &talk{m}, nil }

type talk struct{ *mailbox }

func (s *talk) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *talk) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "post" || password != "secret" {
			return errors.New("who?")
		}
		s.mu.Lock()
		s.user = user
		s.mu.Unlock()
		return nil
	}), nil
}

func (s *talk) Mail(string, *gosmtp.MailOptions) error { return nil }

func (s *talk) Rcpt(string, *gosmtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refuse
}

func (s *talk) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	s.mu.Lock()
	s.got, s.bodies = append(s.got, m), append(s.bodies, string(body))
	s.mu.Unlock()
	return err
}

func (s *talk) Reset()        {}
func (s *talk) Logout() error { return nil }
