// Package mail writes to people: it composes a mail in the reader's language, keeps it in a log, hands it to a mail server
// later, and keeps the one-time keys that its links carry. It writes only what somebody asked for or what concerns their
// own money; it sends no advertising.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kind is what a mail is about.
type Kind string

// The kinds.
const (
	Invitation          Kind = "invitation"           // to a brand's team
	PartnerInvitation   Kind = "invitation_partner"   // to a program, as a partner
	ColleagueInvitation Kind = "invitation_colleague" // to sign in for a partner
	ApplicationAccepted Kind = "application_accepted"
	ApplicationDeclined Kind = "application_declined"
	ApplicationKnown    Kind = "application_known" // from an address that has an account already
	FirstSale           Kind = "first_sale"
	PayoutPaid          Kind = "payout_paid"   // as the payment service confirmed
	PayoutFailed        Kind = "payout_failed" // or has come back
	NewTerms            Kind = "new_terms"
	TakenBack           Kind = "taken_back"      // a commission that was paid
	PostbackPaused      Kind = "postback_paused" // nothing has reached its address for days
	PasswordReset       Kind = "password_reset"
	PasswordWasChanged  Kind = "password_changed"
	PayoutWasChanged    Kind = "payout_method_changed"
)

// Kinds are all kinds.
var Kinds = []Kind{Invitation, PartnerInvitation, ColleagueInvitation, ApplicationAccepted, ApplicationDeclined, ApplicationKnown, FirstSale,
	PayoutPaid, PayoutFailed, NewTerms, TakenBack, PostbackPaused, PasswordReset, PasswordWasChanged, PayoutWasChanged}

// Mail is what is to be written to somebody.
type Mail struct {
	Brand  string // in whose log it stands; empty: in nobody's
	To     string // an e-mail address
	Name   string // of the reader; may be empty
	Locale string
	Kind   Kind
	Data   Data
	Once   string // two mails with one key are one; empty: this mail is like no other
}

// Data fills in the texts of a mail.
type Data struct {
	From  string // who speaks: a brand or a program
	Words []any  // names and values for the texts, as lang.Text takes them
	Quote string // somebody's own words, such as a reason
	Link  string // what the button does
}

// State is how far a mail is.
type State string

// The states of a mail.
const (
	Waiting State = "waiting" // for its first attempt or the next
	Sent    State = "sent"    // a mail server has taken it
	Failed  State = "failed"  // for good
	Caught  State = "caught"  // by the demonstration, which sends nothing
	Unsent  State = "unsent"  // there is no mail server
)

// Letter is a mail as it is kept.
type Letter struct {
	ID       string
	Brand    string
	Kind     Kind
	To       string
	Name     string
	Sender   string
	Locale   string
	Subject  string
	Text     string
	HTML     string
	State    State
	Attempts int64
	Error    string // of the last attempt
	Created  time.Time
	Sent     time.Time // zero before
}

const letterColumns = "id, brand, kind, recipient, name, sender, locale, subject, text, html, state, attempts, error, created, sent"

func scanLetter(row db.Row) (Letter, error) {
	var l Letter
	var created, sent int64
	err := row.Scan(&l.ID, &l.Brand, &l.Kind, &l.To, &l.Name, &l.Sender, &l.Locale, &l.Subject, &l.Text, &l.HTML, &l.State, &l.Attempts,
		&l.Error, &created, &sent)
	l.Created, l.Sent = instant(created), instant(sent)
	return l, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Send writes a mail into the log and lets it go out, if and when the transaction commits. A mail whose key is known is left
// out, and so is one to an address that nobody can have (RFC 2606).
func Send(ctx context.Context, tx *db.Tx, m Mail) error {
	if strings.HasSuffix(m.To, ".invalid") {
		return nil
	}
	name := id.New("mal", tx.Now)
	if m.Once == "" {
		m.Once = name
	}
	written, err := compose(m)
	if err != nil {
		return fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	n, err := db.Exec(ctx, tx, `/* mail.Send */ insert into mail (once_key, `+letterColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', 0, '', $12, 0) on conflict (once_key) do nothing`,
		m.Once, name, m.Brand, string(m.Kind), m.To, oneLine(m.Name), oneLine(m.Data.From), written.locale, written.subject, written.text,
		written.html, tx.Now.UnixMilli())
	if err != nil {
		return fmt.Errorf("write %s: %w", m.Kind, err)
	}
	if n == 0 {
		return nil
	}
	return job.Add(ctx, tx, job.Job{Kind: deliver, Payload: name})
}

// oneLine takes out what would break a header.
func oneLine(s string) string { return breaks.ReplaceAllString(strings.TrimSpace(s), " ") }

var breaks = regexp.MustCompile(`[[:cntrl:]]+`)

// Get is the mail with the id in a brand's log.
func Get(ctx context.Context, r db.Reader, brand, id string) (Letter, error) {
	l, err := db.One(ctx, r, scanLetter, `/* mail.Get */ select `+letterColumns+` from mail where id = $1 and brand = $2`, id, brand)
	if errors.Is(err, db.ErrNone) {
		return l, problem.NotFound("mail", id)
	}
	return l, err
}

// Filter narrows a list of mails.
type Filter struct {
	Brands []string // whose logs; "" is that of nobody
	State  State    // any when empty
	Before string   // the id after which the page begins; newest first
	Limit  int
}

// List are mails, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Letter, error) {
	var args db.Args
	where := "brand in " + args.In(f.Brands)
	if f.State != "" {
		where += " and state = " + args.Add(string(f.State))
	}
	if f.Before != "" {
		where += " and id < " + args.Add(f.Before)
	}
	return db.All(ctx, r, scanLetter, `/* mail.List */ select `+letterColumns+` from mail where `+where+`
		order by id desc limit `+args.Add(f.Limit), args.List()...)
}

// Resend lets a mail of a brand that has not gone out go out again.
func Resend(ctx context.Context, tx *db.Tx, brand, id string) error {
	n, err := db.Exec(ctx, tx, `/* mail.Resend */ update mail set state = 'waiting', attempts = 0, error = ''
		where id = $1 and brand = $2 and state in ('failed', 'unsent')`, id, brand)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.Conflict("mail_not_failed", "only a mail that has not gone out can be sent again")
	}
	return job.Add(ctx, tx, job.Job{Kind: deliver, Payload: id})
}

// KeepFor is how long a mail stays in the log.
const KeepFor = 400 * 24 * time.Hour

// Sweep deletes old mails, and the keys that are over.
func Sweep(ctx context.Context, tx *db.Tx) error {
	for _, s := range []struct {
		query  string
		before time.Time
	}{
		{`/* mail.Sweep */ delete from mail where created < $1`, tx.Now.Add(-KeepFor)},
		{`/* mail.Sweep */ delete from password_reset where expires < $1`, tx.Now.Add(-24 * time.Hour)},
		{`/* mail.Sweep */ delete from password_ask where since < $1`, tx.Now.Add(-24 * time.Hour)},
	} {
		if _, err := db.Exec(ctx, tx, s.query, s.before.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

var keyed = regexp.MustCompile(`/(reset|invitation)/[0-9a-z]{52}`)

// Redact takes the one-time key out of a text: it is for the reader of the mail alone.
func Redact(text string) string { return keyed.ReplaceAllString(text, "/$1/…") }

// IsAddress tells whether a text has the form of an e-mail address.
func IsAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
