package creative

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Kind is a sort of material.
type Kind string

// The kinds.
const (
	Banner Kind = "banner" // a picture
	Words  Kind = "text"   // a text link
	Letter Kind = "email"  // a text to send or post, with its subject
	Goal   Kind = "page"   // a page worth leading to
)

// Kinds are all kinds, in the order in which they are offered.
var Kinds = []Kind{Banner, Words, Letter, Goal}

// Placeholder is where a letter has the partner's link.
const Placeholder = "{link}"

// Material is what a brand gives its partners to hand out: a creative. It is never deleted and its picture never changes,
// so that the pages of partners do not break; what is archived is offered no more.
type Material struct {
	ID       string
	Program  string
	Kind     Kind
	Name     string
	Target   string // the page that it leads to; empty for the program's landing page
	Locale   string // BCP 47; empty: for readers of any language
	Place    int64  // in the order of the library, the smallest first
	Subject  string // of a letter
	Text     string // of a banner: what is read where it cannot be seen; else the words
	Picture  string // hash of the picture of a banner
	Format   string // of the picture
	Width    int64  // of the picture, in pixels
	Height   int64
	Starts   time.Time // offered from here on; zero: at once
	Ends     time.Time // and no longer from here on; zero: without an end
	Archived time.Time // zero: not
	Author   string
	Created  time.Time
}

const materialColumns = `id, program, kind, name, target, locale, place, subject, text, picture, format, width, height, starts, ends,
	archived, author, created`

func scanMaterial(row db.Row) (Material, error) {
	var m Material
	var starts, ends, archived, created int64
	err := row.Scan(&m.ID, &m.Program, &m.Kind, &m.Name, &m.Target, &m.Locale, &m.Place, &m.Subject, &m.Text, &m.Picture, &m.Format, &m.Width,
		&m.Height, &starts, &ends, &archived, &m.Author, &created)
	m.Starts, m.Ends, m.Archived, m.Created = moment(starts), moment(ends), moment(archived), time.UnixMilli(created).UTC()
	return m, err
}

// moment is a time that may be none, which is kept as zero.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// The states of a material at a moment.
const (
	Offered   = "offered"
	Scheduled = "scheduled"
	Over      = "over"
	Archived  = "archived"
)

// State is whether partners are offered it at the moment, and if not, why.
func (m Material) State(at time.Time) string {
	switch {
	case !m.Archived.IsZero():
		return Archived
	case at.Before(m.Starts):
		return Scheduled
	case !m.Ends.IsZero() && !at.Before(m.Ends):
		return Over
	}
	return Offered
}

var localeForm = regexp.MustCompile(`^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$`)

// check puts the fields into their kept form and says what is wrong with them.
func (m *Material) check(prog *program.Program) error {
	var faults []*problem.Problem
	fault := func(ok bool, field, format string, args ...any) {
		if !ok {
			faults = append(faults, problem.Invalid(field, format, args...))
		}
	}
	m.Name, m.Target = strings.TrimSpace(m.Name), strings.TrimSpace(m.Target)
	m.Subject, m.Text = strings.TrimSpace(m.Subject), strings.TrimSpace(strings.ReplaceAll(m.Text, "\r\n", "\n"))
	fault(slices.Contains(Kinds, m.Kind), "kind", "%q is not a kind of creative; there are banner, text, email and page", m.Kind)
	fault(m.Name != "" && len(m.Name) <= 120, "name", "a creative needs a name of at most 120 characters")
	fault(localeForm.MatchString(m.Locale), "locale", "%q is not a language such as en or pt-BR", clip(m.Locale))
	fault(m.Ends.IsZero() || m.Ends.After(m.Starts), "ends", "the last day is before the first")
	if m.Kind != Letter {
		m.Subject = ""
	}
	switch m.Kind {
	case Banner:
		fault(len(m.Text) <= 300, "text", "what stands for a picture has at most 300 bytes")
	case Words:
		fault(m.Text != "" && len(m.Text) <= 300 && !strings.Contains(m.Text, "\n"), "text", "a text link needs words, at most 300 bytes in one line")
	case Letter:
		fault(m.Subject != "" && len(m.Subject) <= 200, "subject", "a letter needs a subject of at most 200 bytes")
		if len(m.Text) > 10_000 || !strings.Contains(m.Text, Placeholder) {
			faults = append(faults, problem.Wrong("text", "placeholder_missing", "a letter has at most 10,000 bytes and %s where the link shall be", Placeholder))
		}
	case Goal:
		m.Text = ""
		fault(m.Target != "", "target", "a page needs its address")
	}
	if m.Target != "" {
		if u, err := Page(prog, m.Target); err == nil {
			m.Target = u.String()
		} else if p, ok := problem.As(err); ok {
			faults = append(faults, p)
		}
	}
	return problem.Join(faults...)
}

// Add adds a material; picture is the banner's file and nothing for the others.
func Add(ctx context.Context, tx *db.Tx, prog program.Program, m Material, picture []byte) (Material, error) {
	err := m.check(&prog)
	m.Picture, m.Format, m.Width, m.Height = "", "", 0, 0
	if m.Kind == Banner {
		p, fault := ReadPicture(picture)
		if err = both(err, fault); err == nil {
			m.Picture, m.Format, m.Width, m.Height = p.Hash, p.Format, p.Width, p.Height
			err = p.keep(ctx, tx)
		}
	}
	if err != nil {
		return Material{}, err
	}
	m.ID, m.Program, m.Created, m.Archived = id.New("crv", tx.Now), prog.ID, tx.Now, time.Time{}
	_, err = db.Insert(ctx, tx, `/* creative.Add */ insert into creative (`+materialColumns+`)`, [][]any{{m.ID, m.Program, string(m.Kind), m.Name,
		m.Target, m.Locale, m.Place, m.Subject, m.Text, m.Picture, m.Format, m.Width, m.Height, milliseconds(m.Starts), milliseconds(m.Ends), int64(0),
		m.Author, m.Created.UnixMilli()}}, "")
	return m, err
}

// both joins what is wrong with the fields and with the picture; a fault of our own goes before both.
func both(fields, picture error) error {
	a, isA := problem.As(fields)
	b, isB := problem.As(picture)
	if fields != nil && !isA {
		return fields
	}
	if picture != nil && !isB {
		return picture
	}
	return problem.Join(a, b)
}

// Change writes a material anew: all but its program, its kind and its picture. Links that partners have for it lead to
// its new page from now on.
func Change(ctx context.Context, tx *db.Tx, prog program.Program, m Material) (Material, error) {
	kept, err := Get(ctx, tx, m.ID)
	if err != nil {
		return Material{}, err
	}
	m.Program, m.Kind = kept.Program, kept.Kind
	if err := m.check(&prog); err != nil {
		return Material{}, err
	}
	if _, err := db.Exec(ctx, tx, `/* creative.Change */ update creative set name = $1, target = $2, locale = $3, place = $4, subject = $5,
		text = $6, starts = $7, ends = $8 where id = $9`, m.Name, m.Target, m.Locale, m.Place, m.Subject, m.Text, milliseconds(m.Starts),
		milliseconds(m.Ends), m.ID); err != nil || m.Target == kept.Target {
		return m, err
	}
	_, err = db.Exec(ctx, tx, `/* creative.Change */ update link set target = $1, changed = $2
		where id in (select link from creative_link where creative = $3)`, m.Target, tx.Now.UnixMilli(), m.ID)
	return m, err
}

// Archive takes a material out of the library, or puts it back. Links and pictures go on working.
func Archive(ctx context.Context, tx *db.Tx, id string, away bool) error {
	at := int64(0)
	if away {
		at = tx.Now.UnixMilli()
	}
	_, err := db.Exec(ctx, tx, `/* creative.Archive */ update creative set archived = $1 where id = $2 and (archived = 0) = $3`, at, id, away)
	return err
}

// Get is the material with the id.
func Get(ctx context.Context, r db.Reader, id string) (Material, error) {
	m, err := db.One(ctx, r, scanMaterial, `/* creative.Get */ select `+materialColumns+` from creative where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return m, problem.NotFound("creative", id)
	}
	return m, err
}

// Library is all that a program gives out, archived or not, in its order.
func Library(ctx context.Context, r db.Reader, prog string) ([]Material, error) {
	return db.All(ctx, r, scanMaterial, `/* creative.Library */ select `+materialColumns+` from creative where program = $1 order by place, id`, prog)
}
