// Package program is what a brand offers to its partners: a currency, pages to send visitors to, event types that pay, and
// by date the model that decides who earned a conversion. It agrees nothing with any one partner.
package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Brand is who runs programs.
type Brand struct {
	ID      string
	Slug    string
	Name    string
	Created time.Time
}

// Status tells whether a program takes part in anything.
type Status string

// The states of a program. A paused one still redirects visitors and keeps facts, but takes no applications.
const (
	Active Status = "active"
	Paused Status = "paused"
)

// Program is one offering of a brand.
type Program struct {
	ID           string
	Brand        string
	Slug         string
	Name         string
	Description  string
	Descriptions map[string]string // the same in other languages, by tag
	Currency     money.Currency    // of every conversion and commission
	Timezone     string            // IANA name; payout cycles follow it
	Locale       string
	Landing      string   // where links lead that name no page
	Domains      []string // hosts that deep links may lead to, with their subdomains
	Events       []string // event types that are accepted
	ClickParam   string   // the parameter that carries the click id to the landing page
	Form         []Question
	Defaults     json.RawMessage // the contract that a new partner is offered; package contract reads it
	Secret       string          // signs nothing, but a postback must know it
	TagSales     bool            // whether the browser tag may report conversions
	Status       Status
	Created      time.Time

	PostbackNames map[string][]string // further names of a postback's parameters, by the parameter

	RepeatMS         int64 // clicks of a visitor on one link within so many milliseconds are one; 0: each is its own
	TrustDatacentres bool  // whether a click from a data centre counts though something else is odd about it

	TestOf string // the program whose twin this is, see Twin; empty for a program

	Keeping
}

// The bounds of RepeatMS, and what a new program has.
const (
	RepeatMost  = 60_000
	RepeatUsual = 2_000
)

// Question is a field of the application form.
type Question struct {
	Name     string            `json:"name"`
	Label    string            `json:"label"`
	Required bool              `json:"required,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"` // the same in other languages, by tag
}

// EventTypes are those that a program may choose from, besides names of its own.
var EventTypes = []string{"sale", "lead", "signup", "install", "call", "deposit"}

var (
	slugForm  = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`)
	eventForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	paramForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,31}$`)
	hostForm  = regexp.MustCompile(`^[a-z0-9.-]{1,253}(:[0-9]{1,5})?$`)
)

// reserved are the short names that a program cannot have, for they are addresses of pages or read like ones.
var reserved = []string{"api", "c", "console", "forgot", "healthz", "invitation", "language", "metrics", "new", "p", "partner", "postback", "reset",
	"settings", "setup", "sign-in", "sign-out", "static", "t", "theme"}

// Reserved tells whether no program can have the short name.
func Reserved(slug string) bool { return slices.Contains(reserved, slug) }

// check puts the fields into their kept form and says what is wrong with them. was is the short name that the program has.
func (p *Program) check(was string) error {
	var faults []*problem.Problem
	fault := func(ok bool, field, format string, args ...any) {
		if !ok {
			faults = append(faults, problem.Invalid(field, format, args...))
		}
	}
	p.Name = strings.TrimSpace(p.Name)
	fault(p.Name != "" && len(p.Name) <= 120, "name", "a program needs a name of at most 120 characters")
	fault(len(p.Description) <= 10_000, "description", "a description has at most 10,000 bytes")
	for tag, text := range p.Descriptions {
		fault(len(text) <= 10_000, "description."+tag, "a description has at most 10,000 bytes")
	}
	fault(slugForm.MatchString(p.Slug), "slug", "%q is not a short name of small letters, digits and hyphens", p.Slug)
	if p.Slug != was && Reserved(p.Slug) {
		faults = append(faults, problem.Wrong("slug", "slug_reserved", "the short name %q is an address of the pages: choose another one", p.Slug))
	}
	currency, err := money.ParseCurrency(string(p.Currency))
	fault(err == nil, "currency", "%q is not an ISO 4217 currency", p.Currency)
	p.Currency = currency
	_, err = time.LoadLocation(p.Timezone)
	fault(err == nil && p.Timezone != "" && p.Timezone != "Local", "timezone", "%q is not a time zone such as Europe/Paris", p.Timezone)
	landing, err := url.Parse(p.Landing)
	fault(err == nil && (landing.Scheme == "https" || landing.Scheme == "http") && landing.Host != "", "landing", "%q is not a web address", p.Landing)
	if err == nil && landing.Host != "" && !p.Allows(landing) {
		p.Domains = append(p.Domains, strings.ToLower(landing.Host))
	}
	for i, host := range p.Domains {
		p.Domains[i] = strings.ToLower(strings.TrimSpace(host))
		fault(hostForm.MatchString(p.Domains[i]), "domains", "%q is not a domain", host)
	}
	fault(len(p.Events) > 0, "events", "a program needs at least one event type")
	for _, e := range p.Events {
		fault(eventForm.MatchString(e), "events", "%q is not an event type of small letters, digits and underscores", e)
	}
	fault(paramForm.MatchString(p.ClickParam), "click_param", "%q is not a parameter's name", p.ClickParam)
	fault(p.RepeatMS >= 0 && p.RepeatMS <= RepeatMost, "repeat_ms", "clicks are one within 0 to %d milliseconds", RepeatMost)
	faults = append(faults, checkPostbackNames(p.PostbackNames))
	fault(p.Status == Active || p.Status == Paused, "status", "%q is neither active nor paused", p.Status)
	faults = append(faults, p.Keeping.check()...)
	return problem.Join(faults...)
}

// Allows tells whether a deep link may lead to the address: http or https, no user in it, on a domain of the program or
// below one. A domain with a port holds for that port alone.
func (p *Program) Allows(u *url.URL) bool {
	if u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" {
		return false
	}
	host, name := strings.ToLower(u.Host), strings.ToLower(u.Hostname())
	return slices.ContainsFunc(p.Domains, func(domain string) bool {
		if strings.Contains(domain, ":") {
			return host == domain
		}
		return u.Port() == "" && (name == domain || strings.HasSuffix(name, "."+domain))
	})
}

// Accepts tells whether the program pays for the event type.
func (p *Program) Accepts(event string) bool { return slices.Contains(p.Events, event) }

// Zone is the program's time zone.
func (p *Program) Zone() *time.Location {
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// CreateBrand adds a brand. A slug that is taken is a problem.
func CreateBrand(ctx context.Context, tx *db.Tx, name, slug string) (Brand, error) {
	b := Brand{ID: id.New("brd", tx.Now), Slug: slug, Name: strings.TrimSpace(name), Created: tx.Now}
	if b.Name == "" || len(b.Name) > 120 {
		return Brand{}, problem.Invalid("name", "a brand needs a name of at most 120 characters")
	}
	if !slugForm.MatchString(slug) {
		return Brand{}, problem.Invalid("slug", "%q is not a short name of small letters, digits and hyphens", slug)
	}
	n, err := db.Exec(ctx, tx, `/* program.CreateBrand */
		insert into brand (id, slug, name, created) values ($1, $2, $3, $4) on conflict (slug) do nothing`,
		b.ID, b.Slug, b.Name, b.Created.UnixMilli())
	if err == nil && n == 0 {
		return Brand{}, problem.Wrong("slug", "slug_taken", "the short name %q is taken", slug)
	}
	return b, err
}

// RenameBrand gives a brand another name. Its short name stays, for addresses have it.
func RenameBrand(ctx context.Context, tx *db.Tx, brand, name string) error {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 120 {
		return problem.Invalid("name", "a brand needs a name of at most 120 characters")
	}
	_, err := db.Exec(ctx, tx, `/* program.RenameBrand */ update brand set name = $1 where id = $2`, name, brand)
	return err
}

// RenewSecret gives a program another secret. Postbacks that carry the old one are refused from then on.
func RenewSecret(ctx context.Context, tx *db.Tx, program string) error {
	_, err := db.Exec(ctx, tx, `/* program.RenewSecret */ update program set secret = $1, changed = $2 where id = $3`, id.Secret(20), tx.Now.UnixMilli(), program)
	return err
}

const programColumns = `id, brand, slug, name, description, currency, timezone, locale, landing, domains, events, click_param,
	form, defaults, secret, tag_sales, status, created, descriptions, repeat_ms, trust_datacentres, postback_names, redirect_first, keep_months, plain_days, test_of`

func scanProgram(row db.Row) (Program, error) {
	var p Program
	var domains, events, form, defaults, descriptions, names string
	var created int64
	err := row.Scan(&p.ID, &p.Brand, &p.Slug, &p.Name, &p.Description, &p.Currency, &p.Timezone, &p.Locale, &p.Landing, &domains,
		&events, &p.ClickParam, &form, &defaults, &p.Secret, &p.TagSales, &p.Status, &created, &descriptions, &p.RepeatMS, &p.TrustDatacentres, &names,
		&p.RedirectFirst, &p.KeepMonths, &p.PlainDays, &p.TestOf)
	if err != nil {
		return p, err
	}
	p.Created, p.Defaults = time.UnixMilli(created).UTC(), json.RawMessage(defaults)
	return p, errors.Join(json.Unmarshal([]byte(domains), &p.Domains), json.Unmarshal([]byte(events), &p.Events),
		json.Unmarshal([]byte(form), &p.Form), json.Unmarshal([]byte(descriptions), &p.Descriptions), json.Unmarshal([]byte(names), &p.PostbackNames))
}

func (p *Program) row() ([]any, error) {
	domains, err1 := json.Marshal(p.Domains)
	events, err2 := json.Marshal(p.Events)
	form, err3 := json.Marshal(p.Form)
	descriptions, err4 := json.Marshal(p.Descriptions)
	names, err5 := json.Marshal(p.PostbackNames)
	if p.PostbackNames == nil {
		names = []byte("{}")
	}
	if p.Descriptions == nil {
		descriptions = []byte("{}")
	}
	if p.Form == nil {
		form = []byte("[]")
	}
	if p.Defaults == nil {
		p.Defaults = json.RawMessage("{}")
	}
	return []any{p.ID, p.Brand, p.Slug, p.Name, p.Description, string(p.Currency), p.Timezone, p.Locale, p.Landing, string(domains),
			string(events), p.ClickParam, string(form), string(p.Defaults), p.Secret, p.TagSales, string(p.Status), p.Created.UnixMilli(), string(descriptions),
			p.RepeatMS, p.TrustDatacentres, string(names), p.RedirectFirst, p.KeepMonths, p.PlainDays, p.TestOf},
		errors.Join(err1, err2, err3, err4, err5)
}

// Create adds a program with its first policy. Empty fields get sensible values: UTC, English, sales and leads, tclid,
// clicks within two seconds are one.
func Create(ctx context.Context, tx *db.Tx, p Program, model Model, author string) (Program, error) {
	p.ID, p.Created, p.Secret, p.TestOf = id.New("prg", tx.Now), tx.Now, id.Secret(20), ""
	p.Timezone = or(p.Timezone, "UTC")
	p.Locale = or(p.Locale, "en")
	p.ClickParam = or(p.ClickParam, "tclid")
	p.Status = or(p.Status, Active)
	if p.RepeatMS == 0 {
		p.RepeatMS = RepeatUsual
	}
	if len(p.Events) == 0 {
		p.Events = []string{"sale", "lead"}
	}
	if err := p.check(""); err != nil {
		return Program{}, err
	}
	row, err := p.row()
	if err != nil {
		return Program{}, err
	}
	n, err := db.Insert(ctx, tx, `/* program.Create */ insert into program (`+programColumns+`, changed)`,
		[][]any{append(row, tx.Now.UnixMilli())}, `on conflict (slug) do nothing`)
	if err != nil {
		return Program{}, fmt.Errorf("create program: %w", err)
	}
	if n == 0 {
		return Program{}, problem.Wrong("slug", "slug_taken", "the short name %q is taken", p.Slug)
	}
	if _, err := db.Exec(ctx, tx, `/* program.Create */ insert into program_turn (program, turn, agreed) values ($1, 0, '')`, p.ID); err != nil {
		return Program{}, err
	}
	_, err = Decide(ctx, tx, p.ID, time.UnixMilli(0), model, author)
	return p, err
}

// Change writes the settings of a program anew, and those of its twin: all but id, brand, currency, secret and day of birth.
func Change(ctx context.Context, tx *db.Tx, p Program) (Program, error) {
	kept, err := Get(ctx, tx, p.ID)
	if err != nil {
		return Program{}, err
	}
	p.Brand, p.Currency, p.Secret, p.Created, p.TestOf = kept.Brand, kept.Currency, kept.Secret, kept.Created, kept.TestOf
	if err := p.check(kept.Slug); err != nil {
		return Program{}, err
	}
	if err := overwrite(ctx, tx, p); err != nil {
		return Program{}, err
	}
	if _, has, err := twinOf(ctx, tx, p.ID); err != nil || !has {
		return p, err
	}
	return p, overwrite(ctx, tx, asTwin(p))
}

func overwrite(ctx context.Context, tx *db.Tx, p Program) error {
	row, err := p.row()
	if err != nil {
		return err
	}
	if _, err := Amend(ctx, tx, p.ID); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* program.Change */ update program set slug = $1, name = $2, description = $3, timezone = $4,
		locale = $5, landing = $6, domains = $7, events = $8, click_param = $9, form = $10, defaults = $11, tag_sales = $12, status = $13,
		changed = $14, descriptions = $15, repeat_ms = $16, trust_datacentres = $17, postback_names = $18, redirect_first = $19, keep_months = $20,
		plain_days = $21 where id = $22`, row[2], row[3], row[4], row[6], row[7], row[8], row[9], row[10], row[11], row[12], row[13],
		row[15], row[16], tx.Now.UnixMilli(), row[18], row[19], row[20], row[21], row[22], row[23], row[24], p.ID)
	if db.IsUnique(err) {
		return problem.Wrong("slug", "slug_taken", "the short name %q is taken", p.Slug)
	}
	return err
}

func or[T ~string](s, otherwise T) T {
	if s == "" {
		return otherwise
	}
	return s
}
