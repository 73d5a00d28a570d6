package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	sheets "github.com/tributary-hq/tributary/internal/sheet"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/upload"
)

// visit is one request: who asks, in which language, and what of the scope its path names. admit fills in the latter.
type visit struct {
	*http.Request
	w     http.ResponseWriter
	db    *db.DB
	book  *report.Book
	from  string // the visitor's network
	lang  *lang.Language
	theme string // light or dark; empty: as the device prefers
	zone  *time.Location

	signedIn    bool
	person      auth.Person
	memberships []auth.Membership
	actor       auth.Actor

	program     program.Program
	partnership partner.Partnership
	conversion  conversion.Conversion
	commission  commission.Commission
	batch       payout.Batch
	payout      payout.Payout
	link        creative.Link
	material    creative.Material
	group       partner.Group
	note        partner.Note
	property    partner.Property
	direct      creative.Domain
	contact     partner.Contact
	task        task.Task
	upload      upload.Upload
	postback    postback.Postback
	delivery    deliver.Delivery
	code        creative.Code
	codeBatch   creative.Batch
	domain      domain.Domain
	rule        steer.Rule
	cap         steer.Cap
	split       steer.Split
}

// The cookies. The last carries a notice over a redirect.
const (
	sessionCookie  = "trb_session"
	languageCookie = "trb_language"
	themeCookie    = "trb_theme"
	noticeCookie   = "trb_notice"
)

const formMost = 2 << 20 // bytes of a form, files included

func (s *site) visit(w http.ResponseWriter, r *http.Request) *visit {
	v := &visit{Request: r, w: w, db: s.db, book: &s.book, from: s.proxies.Of(r), zone: time.UTC}
	v.lang = lang.Choose(v.cookie(languageCookie), r.Header.Get("Accept-Language"))
	if theme := v.cookie(themeCookie); theme == "light" || theme == "dark" {
		v.theme = theme
	}
	return v
}

func (v *visit) cookie(name string) string {
	if c, err := v.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// setCookie keeps a value on the device; one that lasts no time is taken away.
func (s *site) setCookie(w http.ResponseWriter, name, value string, lasts time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	c.MaxAge = int(lasts.Seconds())
	if lasts == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// formMost is how large a form may be: where tables are sent, as large as a table.
func (v *visit) formMost() int64 {
	if v.isConsole() && strings.HasSuffix(v.URL.Path, "/uploads") {
		return sheets.Most + formMost
	}
	return formMost
}

// readForm reads what was sent, so that a form that is too large or broken is one problem for all handlers.
func (v *visit) readForm() error {
	if v.Method != http.MethodPost {
		return nil
	}
	v.Body = http.MaxBytesReader(v.w, v.Body, v.formMost())
	var err error
	if strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/form-data") {
		err = v.ParseMultipartForm(formMost)
	} else {
		err = v.ParseForm()
	}
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return &problem.Problem{Status: http.StatusRequestEntityTooLarge, Code: "body_too_large", Detail: "that is larger than what is taken here"}
	}
	if err != nil {
		return &problem.Problem{Status: http.StatusBadRequest, Code: "body_incomplete", Detail: "the form did not arrive whole"}
	}
	return nil
}

// isText tells whether all that was sent is text: a database takes neither half a letter nor a zero byte.
func (v *visit) isText() bool {
	whole := func(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
	for _, values := range []url.Values{v.URL.Query(), v.PostForm} {
		for name, list := range values {
			if !whole(name) || slices.ContainsFunc(list, func(s string) bool { return !whole(s) }) {
				return false
			}
		}
	}
	return whole(v.URL.Path)
}

func (v *visit) read() db.Reader { return v.db.Read() }

// write runs fn in one transaction of the request.
func (v *visit) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := v.Context()
	return v.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

// by is who acts.
func (v *visit) by() auth.Actor {
	who := v.actor
	if who.ID == "" {
		who = auth.Actor{ID: v.person.ID, Name: v.person.Name}
	}
	who.From = v.from
	return who
}

// record tells the audit log at the end of a transaction what the visitor did to the thing with the id. Every handler that
// changes something says so by this line.
func (v *visit) record(ctx context.Context, tx *db.Tx, what audit.Action, subject string, notes ...audit.Change) error {
	return audit.Record(ctx, tx, v.by(), what, subject, notes...)
}

// text is a message in the visitor's language.
func (v *visit) text(key string, args ...any) string { return v.lang.Text(key, args...) }

// query is a parameter of the address, trimmed.
func (v *visit) query(name string) string { return strings.TrimSpace(v.URL.Query().Get(name)) }

// here is the present address with other parameters; an empty value takes one away. What is shown anew begins at its first
// page.
func (v *visit) here(pairs ...string) string {
	q := v.URL.Query()
	q.Del("before")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return (&url.URL{Path: v.URL.Path, RawQuery: q.Encode()}).String()
}

// now is the present moment in the visit's time zone.
func (v *visit) now() time.Time { return v.db.Now().In(v.zone) }

// today is the last midnight in the visit's time zone.
func (v *visit) today() time.Time {
	year, month, day := v.now().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, v.zone)
}
