package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	smtp "github.com/wneessen/go-mail"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
)

// The jobs of this package.
const (
	deliver job.Kind = "mail"
	reset   job.Kind = "mail_reset"
)

// Sender hands a mail over to the world.
type Sender interface {
	Send(ctx context.Context, m *smtp.Msg) error
}

// Options say how mails leave.
type Options struct {
	SMTP    string // smtp://user:password@host:587, smtps://…; empty: nothing leaves
	From    string // the sender's address, with a name or without: Acme <partners@acme.example>
	Catch   bool   // send nothing, let everything be read
	BaseURL string // how the world reaches the installation, without a slash at the end
}

// Post takes mails out of the log and sends them.
type Post struct {
	sender Sender // nil: none
	from   mail.Address
	catch  bool
	base   string
}

// Open reads the options. It connects to nothing yet.
func Open(o Options) (*Post, error) {
	p := &Post{catch: o.Catch, base: o.BaseURL}
	if o.SMTP == "" {
		return p, nil
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("the sender of mails %q is not an address such as Acme <partners@acme.example>", o.From)
	}
	p.from = *from
	p.sender, err = newServer(o.SMTP)
	return p, err
}

// Fate is what becomes of the mails of this installation: Sent, Caught or Unsent.
func (p *Post) Fate() State {
	switch {
	case p != nil && p.catch:
		return Caught
	case p != nil && p.sender != nil:
		return Sent
	}
	return Unsent
}

// Handlers are those of this package's jobs.
func (p *Post) Handlers() map[job.Kind]job.Handler {
	return map[job.Kind]job.Handler{deliver: p.deliver, reset: p.reset}
}

// deliver sends the mail with the id, if it waits. What a mail server refuses for good is not tried again.
func (p *Post) deliver(ctx context.Context, d *db.DB, payload json.RawMessage) error {
	var id string
	if err := json.Unmarshal(payload, &id); err != nil {
		return err
	}
	l, err := db.One(ctx, d.Read(), scanLetter, `/* mail.deliver */ select `+letterColumns+` from mail where id = $1 and state = 'waiting'`, id)
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	fate := p.Fate()
	if fate != Sent {
		return p.close(ctx, d, l, fate, nil)
	}
	failure := p.send(ctx, d, l)
	var refused *smtp.SendError
	switch last := l.Attempts+1 >= job.MaxAttempts; {
	case failure == nil:
		return p.close(ctx, d, l, Sent, nil)
	case last, errors.Is(failure, errUnsendable), errors.As(failure, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500:
		return p.close(ctx, d, l, Failed, failure)
	}
	return errors.Join(failure, p.close(ctx, d, l, Waiting, failure))
}

// close writes how an attempt ended. Once a mail has left, the key in its link is its reader's alone.
func (p *Post) close(ctx context.Context, d *db.DB, l Letter, to State, failure error) error {
	text, html, reason := l.Text, l.HTML, ""
	if failure != nil {
		reason = strings.ToValidUTF8(failure.Error()[:min(len(failure.Error()), 500)], "")
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		sent := int64(0)
		if to == Sent {
			text, html, sent = Redact(text), Redact(html), tx.Now.UnixMilli()
		}
		attempts := l.Attempts
		if to == Sent || failure != nil {
			attempts++
		}
		_, err := db.Exec(ctx, tx, `/* mail.close */ update mail set state = $1, attempts = $2, error = $3, sent = $4, text = $5, html = $6
			where id = $7 and state = 'waiting'`, string(to), attempts, reason, sent, text, html, l.ID)
		return err
	})
}

// errUnsendable is a mail that no server could take.
var errUnsendable = errors.New("the mail cannot be put into form")

// send makes the message. Its id is the same at every attempt, so that a mailbox can tell a repetition.
func (p *Post) send(ctx context.Context, d *db.DB, l Letter) error {
	m := smtp.NewMsg()
	name := p.from.Name
	if name == "" {
		name = l.Sender
	}
	_, domain, _ := strings.Cut(p.from.Address, "@")
	from, to := mail.Address{Name: name, Address: p.from.Address}, mail.Address{Name: l.Name, Address: l.To}
	if err := errors.Join(m.From(from.String()), m.To(to.String())); err != nil {
		return fmt.Errorf("%w: %w", errUnsendable, err)
	}
	m.SetMessageIDWithValue(l.ID + "@" + domain)
	m.SetDateWithValue(d.Now())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", l.Locale)
	m.Subject(l.Subject)
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	m.AddAlternativeString(smtp.TypeTextHTML, l.HTML)
	return p.sender.Send(ctx, m)
}
