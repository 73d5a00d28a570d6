package mail

import (
	"context"
	"mime"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

const secret = "0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk"

func (h *house) sends(once string) {
	h.t.Helper()
	h.now = h.now.Add(time.Millisecond)
	h.write(func(ctx context.Context, tx *db.Tx) error {
		return Send(ctx, tx, Mail{Brand: h.brand.ID, To: "marta@partner.example", Name: `Marta "<x>" Müller`, Locale: "fr", Kind: Invitation, Once: once,
			Data: Data{From: "Acme", Words: []any{"author", "Olga", "role", "Analyste", "date", h.now}, Link: base + "/invitation/" + secret}})
	})
}

func TestSMTP(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, box := newHouse(t, d), newMailbox(t)
		p := h.post(Options{SMTP: box.address, From: "post@acme.example"})
		h.sends("a")
		h.sends("a")
		h.run(p)
		h.run(p)
		h.logs("invitation sent marta@partner.example")
		if box.count() != 1 || box.user != "post" {
			t.Fatalf("%d mails arrived, signed in as %q", box.count(), box.user)
		}
		l, got := h.letters()[0], box.got[0]
		subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		from, _ := got.Header.AddressList("From")
		to, _ := got.Header.AddressList("To")
		for _, c := range []struct{ name, got, want string }{
			{"subject", subject, "Olga vous invite à rejoindre l’équipe de Acme"},
			{"from", from[0].Name + " " + from[0].Address, "Acme post@acme.example"},
			{"to", to[0].Name + " " + to[0].Address, `Marta "<x>" Müller marta@partner.example`},
			{"id", got.Header.Get("Message-ID"), "<" + l.ID + "@acme.example>"},
			{"auto", got.Header.Get("Auto-Submitted"), "auto-generated"},
			{"date", got.Header.Get("Date"), "Fri, 01 May 2026 09:00:00 +0000"},
		} {
			if c.got != c.want {
				t.Errorf("%s is %q, want %q", c.name, c.got, c.want)
			}
		}
		if body := box.bodies[0]; !strings.Contains(body, "text/plain") || !strings.Contains(body, "text/html") {
			t.Errorf("the mail has not both forms: %s", body)
		}
		if !strings.Contains(strings.ReplaceAll(box.bodies[0], "=\r\n", ""), secret) || strings.Contains(l.Text+l.HTML, secret) {
			t.Error("the key must be in the mail and, once sent, nowhere else")
		}
		if l.Attempts != 1 || !l.Sent.Equal(h.now) {
			t.Errorf("%d attempts, sent %s", l.Attempts, l.Sent)
		}
	})
}

func TestRetries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, box := newHouse(t, d), newMailbox(t)
		busy := &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "busy"}
		gone := &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
		p := h.post(Options{SMTP: box.address, From: "Partners <post@acme.example>"})
		ctx := context.Background()

		box.refuses(busy)
		h.sends("busy")
		h.run(p)
		h.logs("invitation waiting marta@partner.example")
		if l := h.letters()[0]; l.Attempts != 1 || !strings.Contains(l.Error, "busy") || !strings.Contains(l.Text, secret) {
			t.Errorf("after a busy server: %d attempts, %q", l.Attempts, l.Error)
		}
		box.refuses(nil)
		h.now = h.now.Add(time.Minute)
		h.run(p)
		h.logs("invitation sent marta@partner.example")

		box.refuses(gone)
		h.sends("gone")
		h.now = h.now.Add(time.Minute)
		h.run(p)
		h.logs("invitation sent marta@partner.example", "invitation failed marta@partner.example")
		failed := h.letters()[1]
		box.refuses(nil)
		if err := h.try(func(ctx context.Context, tx *db.Tx) error { return Resend(ctx, tx, "brd_other", failed.ID) }); problem.Code(err) != "mail_not_failed" {
			t.Errorf("another brand sends it again: %v", err)
		}
		h.write(func(ctx context.Context, tx *db.Tx) error { return Resend(ctx, tx, h.brand.ID, failed.ID) })
		h.run(p)
		h.logs("invitation sent marta@partner.example", "invitation sent marta@partner.example")
		if err := h.try(func(ctx context.Context, tx *db.Tx) error { return Resend(ctx, tx, h.brand.ID, failed.ID) }); problem.Code(err) != "mail_not_failed" {
			t.Errorf("a mail that was sent is sent again: %v", err)
		}

		down := h.post(Options{SMTP: "smtp://127.0.0.1:1", From: "post@acme.example"})
		h.sends("down")
		for range 12 {
			h.run(down)
			h.now = h.now.Add(7 * time.Hour)
		}
		if l := h.letters()[2]; l.State != Failed || l.Attempts != 10 {
			t.Errorf("with no server there: %s after %d attempts", l.State, l.Attempts)
		}
		if box.count() != 2 {
			t.Errorf("%d mails arrived", box.count())
		}
		if _, err := Get(ctx, d.Read(), "brd_other", failed.ID); problem.Code(err) != "mail_unknown" {
			t.Errorf("another brand reads it: %v", err)
		}
	})
}

func TestFate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, box := newHouse(t, d), newMailbox(t)
		h.write(func(ctx context.Context, tx *db.Tx) error {
			return Send(ctx, tx, Mail{To: "test@brand.invalid", Kind: PayoutPaid})
		})
		h.logs()
		h.sends("none")
		h.run(h.post(Options{}))
		h.logs("invitation unsent marta@partner.example")
		h.write(func(ctx context.Context, tx *db.Tx) error { return Resend(ctx, tx, h.brand.ID, h.letters()[0].ID) })
		h.run(h.post(Options{SMTP: box.address, From: "post@acme.example"}))
		h.logs("invitation sent marta@partner.example")
		h.sends("caught")
		h.run(h.post(Options{SMTP: box.address, From: "post@acme.example", Catch: true}))
		h.logs("invitation sent marta@partner.example", "invitation caught marta@partner.example")
		if l := h.letters()[1]; !strings.Contains(l.Text, secret) || l.Attempts != 0 || box.count() != 1 {
			t.Errorf("caught: %d attempts, %d arrived, %q", l.Attempts, box.count(), l.Text)
		}
		h.now = h.now.Add(KeepFor + time.Hour)
		h.write(Sweep)
		h.logs()
	})
}

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		name, smtp, from, fault string
	}{
		{"nothing is nothing", "", "", ""},
		{"with a password", "smtp://user:pass@mail.example:587", "Acme <a@acme.example>", ""},
		{"TLS from the first byte", "smtps://mail.example", "a@acme.example", ""},
		{"a way that is safe", "smtp://relay:25?starttls=no", "a@acme.example", ""},
		{"no sender", "smtp://mail.example", "", "is not an address"},
		{"not a mail server", "https://mail.example", "a@acme.example", "not of the form"},
		{"no host", "smtp://", "a@acme.example", "not of the form"},
		{"no port", "smtp://mail.example:0", "a@acme.example", "port"},
	} {
		_, err := Open(Options{SMTP: c.smtp, From: c.from})
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: the password is told", c.name)
		}
	}
}
