package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/problem"
)

type mailsPage struct {
	consolePage
	Chips []chip
	Fate  mail.State
	Table listing
	State string
}

// logs are whose mails the reader sees: the brand's and, where every mail can be read, nobody's.
func (s *site) logs(v *visit) []string {
	if s.post.Fate() == mail.Caught {
		return []string{v.program.Brand, ""}
	}
	return []string{v.program.Brand}
}

// mailStates are the filters of the log, in order; the first is all.
var mailStates = []mail.State{"", mail.Waiting, mail.Sent, mail.Failed, mail.Unsent, mail.Caught}

// mails is the log of what was written in the brand's name.
func (s *site) mails(v *visit) (answer, error) {
	data := mailsPage{consolePage: v.console(), Fate: s.post.Fate(), State: v.query("state")}
	for _, state := range mailStates {
		label := v.text("mails.all")
		if state != "" {
			label = v.text("states.mail." + string(state))
		}
		if (state != mail.Caught || data.Fate == mail.Caught) && (state != mail.Unsent || data.Fate == mail.Unsent || data.State == string(state)) {
			data.Chips = append(data.Chips, chip{Label: label, Address: v.here("state", string(state)), Here: data.State == string(state)})
		}
	}
	read := func(before string, limit int) ([]mail.Letter, error) {
		return mail.List(v.Context(), v.read(), mail.Filter{Brands: s.logs(v), State: mail.State(data.State), Before: before, Limit: limit})
	}
	var err error
	data.Table, err = v.mailTable(data.State != "").page(v, read, func(l mail.Letter) string { return l.ID })
	return s.page("console/mail/list", v.text("mails.title"), data), err
}

// mailTable lists mails; narrowed tells that less than all is asked for.
func (v *visit) mailTable(narrowed bool) table[mail.Letter] {
	t := table[mail.Letter]{Empty: emptiness{Icon: "mail", Title: v.text("mails.empty"), Text: v.text("mails.empty_text")}}
	if narrowed {
		t.Empty = emptiness{Icon: "mail", Title: v.text("list.nothing"), Text: v.text("list.nothing_text")}
	}
	t.Columns = []column[mail.Letter]{
		{Name: "subject", Head: "mails.subject", Cell: func(v *visit, l mail.Letter) cell {
			return textCell(l.Subject, consoleBase(v.program)+"/settings/mails/"+l.ID)
		}},
		{Name: "to", Head: "mails.to", Cell: func(_ *visit, l mail.Letter) cell {
			if l.Name == "" {
				return textCell(l.To, "")
			}
			return cell{Text: l.Name, Note: l.To}
		}},
		{Name: "kind", Head: "mails.kind", Cell: func(v *visit, l mail.Letter) cell { return textCell(kindOfMail(v, l), "") }},
		{Name: "state", Head: "list.state", Cell: func(v *visit, l mail.Letter) cell { return v.stateCell("mail", string(l.State)) }},
		{Name: "when", Head: "mails.when", Number: true, Cell: func(v *visit, l mail.Letter) cell { return v.momentCell(l.Created) }},
	}
	return t
}

// kindOfMail is what a mail was for; one of a kind that is written no more keeps its name.
func kindOfMail(v *visit, l mail.Letter) string {
	if key := "mails.kinds." + string(l.Kind); v.lang.Has(key) {
		return v.text(key)
	}
	return string(l.Kind)
}

type mailPage struct {
	consolePage
	mail.Letter
	Hidden bool   // a key was left out
	Open   string // the link in the mail, where it may be followed here
	Again  bool   // may be sent again
}

// readMail is the mail of the path as the console may show it: a one-time key is for its reader alone, except in a
// demonstration.
func (s *site) readMail(v *visit) (l mail.Letter, hidden bool, err error) {
	for _, brand := range s.logs(v) {
		if l, err = mail.Get(v.Context(), v.read(), brand, v.PathValue("mal")); problem.Code(err) != "mail_unknown" {
			break
		}
	}
	if problem.Code(err) == "mail_unknown" {
		return l, false, errNotFound
	}
	if s.post.Fate() != mail.Caught {
		text := mail.Redact(l.Text)
		hidden = text != l.Text || strings.Contains(text, "/…")
		l.Text, l.HTML = text, mail.Redact(l.HTML)
	}
	return l, hidden, err
}

var linkLine = regexp.MustCompile(`(?m)^https?://\S+$`)

func (s *site) mail(v *visit) (answer, error) {
	l, hidden, err := s.readMail(v)
	if err != nil {
		return nil, err
	}
	data := mailPage{consolePage: v.console(), Letter: l, Hidden: hidden, Again: l.State == mail.Failed || l.State == mail.Unsent}
	if l.State == mail.Caught && s.post.Fate() == mail.Caught {
		data.Open = linkLine.FindString(l.Text)
	}
	return framing{s.page("console/mail/detail", l.Subject, data)}, nil
}

// framing is a page that shows another of this installation inside itself.
type framing struct{ page }

func (f framing) send(v *visit, w http.ResponseWriter) error {
	w.Header().Set("Content-Security-Policy", policy+"; frame-src 'self'")
	return f.page.send(v, w)
}

// mailBody is the mail as its reader sees it, for a frame of the page.
func (s *site) mailBody(v *visit) (answer, error) {
	l, _, err := s.readMail(v)
	return letterBody(l.HTML), err
}

type letterBody string

// send lets the mail load nothing and run nothing. Only the styles that are written in it apply, each by its hash.
func (b letterBody) send(v *visit, w http.ResponseWriter) error {
	var hashes []string
	for _, m := range style.FindAllStringSubmatch(string(b), -1) {
		sum := sha256.Sum256([]byte(m[1]))
		if hash := " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !slices.Contains(hashes, hash) {
			hashes = append(hashes, hash)
		}
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-hashes'"+strings.Join(hashes, "")+
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.Write([]byte(b))
	return nil
}

var style = regexp.MustCompile(` style="([^"]*)"`)

// resendMail lets a mail that has not gone out go out again.
func (s *site) resendMail(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := mail.Resend(ctx, tx, v.program.Brand, v.PathValue("mal")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.MailResend, v.PathValue("mal"))
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/settings/mails/"+v.PathValue("mal"), "mail_again"), nil
}
