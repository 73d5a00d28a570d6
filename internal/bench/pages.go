package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/web"
)

// PagesOptions bound a measurement of the pages.
type PagesOptions struct {
	Database string // empty: a new SQLite file in Folder
	Folder   string
	Size     Size
	Runs     int // of each page
}

// questions are addresses beside the plain one of a page: those that ask for the most.
var questions = map[string][]string{
	"/console/{program}":                {"?days=90", "?days=90&show=aov"},
	"/console/{program}/partners":       {"?days=90&q=journal"},
	"/console/{program}/partners/{pts}": {"?days=90"},
	"/console/{program}/conversions":    {"?event=lead"},
	"/partner/{pts}":                    {"?days=90"},
	"/partner/{pts}/links":              {"?days=90"},
	"/partner/{pts}/statistics":         {"?by=link", "?by=sub1", "?by=page&period=ninety"},
}

// reference is the page that all others are compared with: it reads nothing but the template.
const reference = "/sign-in"

// Pages grows an orchard and tells how long each page takes within the server, the quickest of them for reference.
func Pages(ctx context.Context, o PagesOptions, out io.Writer) error {
	if o.Database == "" {
		dir, err := os.MkdirTemp(o.Folder, "bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Database = filepath.Join(dir, "pages.db")
	}
	a, orchard, took, err := grown(ctx, o)
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Fprintf(out, "%s with %d touches and %d conversions of %d partners in %d days, grown in %s\n\n", a.DB.Engine, o.Size.Touches, o.Size.Conversions,
		o.Size.Partners, o.Size.Days, took.Round(time.Second))
	visits, untimed, err := orchard.visits(ctx, a)
	if err != nil {
		return err
	}
	for _, fault := range untimed {
		fmt.Fprintf(out, "not timed: %v\n", fault)
	}
	return compare(ctx, a.Handler, visits, o.Runs, out)
}

// grown opens an installation and lets an orchard grow in it.
func grown(ctx context.Context, o PagesOptions) (*app.App, *Orchard, time.Duration, error) {
	config := app.Config{Database: o.Database, BaseURL: "http://127.0.0.1", Relaxed: true, Catch: true}
	a, err := app.Open(ctx, config)
	if err != nil {
		return nil, nil, 0, err
	}
	began := time.Now()
	orchard, err := Grow(ctx, a, o.Size, 7)
	if err == nil && a.DB.Engine == db.Postgres { // as the server does by itself within a minute
		err = a.DB.Outside(ctx, "vacuum analyze")
	}
	took := time.Since(began)
	if closing := a.Close(); err != nil || closing != nil {
		return nil, nil, 0, fmt.Errorf("grow: %w", orNil(err, closing))
	}
	a, err = app.Open(ctx, config) // with nothing in memory
	return a, orchard, took, err
}

func orNil(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// visit is a page as somebody reads it.
type visit struct {
	name    string // its pattern
	address string
	secret  string // of the session; empty: nobody is signed in
}

// visits are all addresses that can be read, the reference first. untimed are why an address is not among them: a part of it
// stands for something of which an orchard has none.
func (o *Orchard) visits(ctx context.Context, a *app.App) (list []visit, untimed []error, err error) {
	secrets := map[string]string{}
	for surface, email := range map[string]string{"console": o.Owner.Email, "partner": o.Partner.Email} {
		if secrets[surface], err = o.signIn(ctx, a, email); err != nil {
			return nil, nil, err
		}
	}
	names, err := o.names(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	list = []visit{{reference, reference, ""}}
	for _, pattern := range web.Reads() {
		address, fault := fill(pattern, names)
		if fault != nil {
			untimed = append(untimed, fault)
			continue
		}
		surface, _, _ := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
		for _, question := range append([]string{""}, questions[pattern]...) {
			if v := (visit{pattern + question, address + question, secrets[surface]}); v.address != reference {
				list = append(list, v)
			}
		}
	}
	return list, untimed, nil
}

// signIn goes through the door that everybody goes through, and returns the cookie.
func (o *Orchard) signIn(ctx context.Context, a *app.App, email string) (string, error) {
	form := url.Values{"email": {email}, "password": {o.Password}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "127.0.0.1:1"
	w := &sink{header: http.Header{}}
	a.Handler.ServeHTTP(w, r)
	if w.status != http.StatusSeeOther {
		return "", fmt.Errorf("sign in as %s: %d", email, w.status)
	}
	return w.header.Get("Set-Cookie"), nil
}

// names are what the parts of an address stand for.
func (o *Orchard) names(ctx context.Context, a *app.App) (map[string]string, error) {
	r := a.DB.Read()
	names := map[string]string{"program": o.Program.Slug, "slug": o.Program.Slug, "pts": o.Largest.ID, "lnk": o.Link.ID, "key": "unknown", "$": ""}
	sales, err := commission.Conversions(ctx, r, commission.Wanted{Program: o.Program.ID, Limit: 1})
	if err != nil || len(sales) == 0 {
		return nil, fmt.Errorf("no conversion: %w", err)
	}
	earned, err := commission.List(ctx, r, commission.Filter{Partnership: o.Largest.ID, Limit: 1})
	if err != nil || len(earned) == 0 {
		return nil, fmt.Errorf("no commission: %w", err)
	}
	paid, err := payout.List(ctx, r, payout.Filter{Partnership: o.Largest.ID, Limit: 1})
	if err != nil || len(paid) == 0 {
		return nil, fmt.Errorf("no payout: %w", err)
	}
	files, err := payout.Files(ctx, r, paid[0].Batch)
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no payment file: %w", err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.GetBrand(ctx, tx, o.Program.Brand)
		if err == nil {
			_, err = mail.InviteMember(ctx, tx, "http://127.0.0.1", brand, o.Owner, "newcomer@orchard.example", "analyst")
		}
		if err != nil {
			return err
		}
		work, err := task.Begin(ctx, tx, o.Program.ID, "check", o.Owner.ID)
		if err != nil {
			return err
		}
		apples, err := creative.Add(ctx, tx, o.Program, creative.Material{Kind: creative.Words, Name: "Apples", Text: "Apples by post"}, nil)
		names["tsk"], names["crv"] = work.ID, apples.ID
		return err
	})
	if err != nil {
		return nil, err
	}
	letters, err := mail.List(ctx, r, mail.Filter{Brands: []string{o.Program.Brand}, Limit: 1})
	if err != nil || len(letters) == 0 {
		return nil, fmt.Errorf("no mail: %w", err)
	}
	names["cnv"], names["com"], names["pay"], names["batch"] = sales[0].ID, earned[0].ID, paid[0].ID, paid[0].Batch
	names["file"], names["mal"] = files[0].Name, letters[0].ID
	return names, nil
}

var wildcard = regexp.MustCompile(`\{([^}]+)\}`)

// fill puts names into a pattern.
func fill(pattern string, names map[string]string) (string, error) {
	var fault error
	address := wildcard.ReplaceAllStringFunc(pattern, func(part string) string {
		name, ok := names[part[1:len(part)-1]]
		if !ok {
			fault = fmt.Errorf("no name is known for %s of %s", part, pattern)
		}
		return name
	})
	return address, fault
}

// sink takes an answer and forgets all but its size.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header { return s.header }
func (s *sink) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
}
func (s *sink) Write(b []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	s.bytes += len(b)
	return len(b), nil
}

// open asks for a page once.
func (v visit) open(ctx context.Context, h http.Handler) (*sink, time.Duration, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1"+v.address, nil)
	if err != nil {
		return nil, 0, err
	}
	if v.secret != "" {
		r.Header.Set("Cookie", v.secret)
	}
	r.RemoteAddr = "127.0.0.1:1"
	w := &sink{header: http.Header{}}
	began := time.Now()
	h.ServeHTTP(w, r)
	took := time.Since(began)
	if w.status >= 500 {
		err = fmt.Errorf("%s answered %d", v.address, w.status)
	}
	return w, took, err
}

// timing is how long a page took.
type timing struct {
	visit
	first, least, median, late time.Duration // late: one in twenty took longer
	status, bytes              int
}

// compare opens each page many times, the reference between, and prints the slowest first. The first time of a page is that of
// a server that has just started. The ratio is that of the leasts, which a busy machine disturbs least.
func compare(ctx context.Context, h http.Handler, visits []visit, runs int, out io.Writer) error {
	var base []time.Duration
	for range 20 {
		if _, _, err := visits[0].open(ctx, h); err != nil {
			return err
		}
	}
	var list []timing
	for _, v := range visits[1:] {
		t := timing{visit: v}
		var all []time.Duration
		for n := range runs {
			_, took, err := visits[0].open(ctx, h)
			if err != nil {
				return err
			}
			base = append(base, took)
			w, took, err := v.open(ctx, h)
			if err != nil {
				return err
			}
			if n == 0 {
				t.first, t.status, t.bytes = took, w.status, w.bytes
			}
			all = append(all, took)
		}
		slices.Sort(all)
		t.least, t.median, t.late = all[0], all[len(all)/2], all[len(all)*95/100]
		list = append(list, t)
	}
	slices.Sort(base)
	slices.SortStableFunc(list, func(a, b timing) int { return int(b.median - a.median) })
	fmt.Fprintf(out, "%9s %9s %9s %9s %8s %8s %s\n", "least", "median", "p95", "first", "ratio", "size", "page")
	list = append(list, timing{visit: visit{name: reference + " for reference"}, first: base[0], least: base[0], median: base[len(base)/2],
		late: base[len(base)*95/100], status: http.StatusOK})
	for _, t := range list {
		if t.status != http.StatusOK {
			t.name += fmt.Sprint("  (", t.status, ")")
		}
		fmt.Fprintf(out, "%6.1f ms %6.1f ms %6.1f ms %6.1f ms %8.1f %5d kB %s\n", ms(t.least), ms(t.median), ms(t.late), ms(t.first),
			float64(t.least)/float64(base[0]), (t.bytes+999)/1000, t.name)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
