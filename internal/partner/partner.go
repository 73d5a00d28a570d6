// Package partner is who promotes: a blogger, a deal site, a community. A partner is in a program by a partnership, whose
// states are facts with a day. What the partner earns is agreed elsewhere.
package partner

import (
	"context"
	"errors"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Kinds are the types of partners that the field knows.
var Kinds = []string{"blogger", "creator", "review", "coupon", "cashback", "deal", "community", "newsletter", "podcast", "search",
	"tool", "subnetwork", "dealer", "integrator", "advocate", "other"}

// Rails are the ways of paying a partner.
var Rails = []string{"paypal", "wise"}

// Partner is who promotes, in any number of programs.
type Partner struct {
	ID      string
	Name    string
	Kind    string
	Email   string
	Website string
	Country string // ISO 3166 alpha-2, or empty
	Locale  string
	Rail    string // paypal or wise; empty until the partner has said how to be paid
	PayTo   string // the account on the rail: an e-mail address
	Created time.Time
}

var (
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	localeForm  = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)
)

func (p *Partner) check() error {
	var faults []*problem.Problem
	p.Name, p.Email, p.Country = strings.TrimSpace(p.Name), strings.ToLower(strings.TrimSpace(p.Email)), strings.ToUpper(strings.TrimSpace(p.Country))
	p.PayTo, p.Website = strings.TrimSpace(p.PayTo), strings.TrimSpace(p.Website)
	if p.Kind == "" {
		p.Kind = "other"
	}
	if p.Locale == "" {
		p.Locale = "en"
	}
	if !localeForm.MatchString(p.Locale) {
		faults = append(faults, problem.Invalid("locale", "%q is not a language's tag such as fr or zh-Hans", p.Locale))
	}
	if p.Name == "" || len(p.Name) > 120 {
		faults = append(faults, problem.Invalid("name", "a partner needs a name of at most 120 characters"))
	}
	if !isEmail(p.Email) {
		faults = append(faults, problem.Invalid("email", "%q is not an e-mail address", p.Email))
	}
	if !slices.Contains(Kinds, p.Kind) {
		faults = append(faults, problem.Invalid("kind", "%q is not a type of partner", p.Kind))
	}
	if p.Country != "" && !countryForm.MatchString(p.Country) {
		faults = append(faults, problem.Invalid("country", "%q is not a country's two-letter code", p.Country))
	}
	if website, err := url.Parse(p.Website); p.Website != "" &&
		(err != nil || website.Host == "" || website.Scheme != "https" && website.Scheme != "http" || len(p.Website) > 500) {
		faults = append(faults, problem.Invalid("website", "%q is not a web address", p.Website))
	}
	if p.Rail != "" && !slices.Contains(Rails, p.Rail) {
		faults = append(faults, problem.Invalid("rail", "%q is not a way of paying", p.Rail))
	}
	if p.Rail != "" && !isAccount(p.PayTo) {
		faults = append(faults, problem.Invalid("pay_to", "%q is not the e-mail address of an account", p.PayTo))
	}
	return problem.Join(faults...)
}

// isAccount tells whether an address can name an account. One that a spreadsheet takes for a formula cannot: it stands first in
// a payment file.
func isAccount(s string) bool {
	return isEmail(s) && !strings.ContainsAny(s[:1], "=+-@") && !strings.ContainsAny(s, "|!'`")
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

const partnerColumns = "id, name, kind, email, website, country, locale, rail, pay_to, created"

func scanPartner(row db.Row) (Partner, error) {
	var p Partner
	var created int64
	err := row.Scan(&p.ID, &p.Name, &p.Kind, &p.Email, &p.Website, &p.Country, &p.Locale, &p.Rail, &p.PayTo, &created)
	p.Created = time.UnixMilli(created).UTC()
	return p, err
}

// Create adds a partner. One e-mail address is one partner.
func Create(ctx context.Context, tx *db.Tx, p Partner) (Partner, error) {
	p.ID, p.Created = id.New("prt", tx.Now), tx.Now
	if err := p.check(); err != nil {
		return Partner{}, err
	}
	n, err := db.Exec(ctx, tx, `/* partner.Create */ insert into partner (`+partnerColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (email) do nothing`,
		p.ID, p.Name, p.Kind, p.Email, p.Website, p.Country, p.Locale, p.Rail, p.PayTo, p.Created.UnixMilli())
	if err == nil && n == 0 {
		return Partner{}, problem.Wrong("email", "email_taken", "there is a partner with the address %q", p.Email)
	}
	return p, err
}

// Change writes a partner's profile and way of being paid anew.
func Change(ctx context.Context, tx *db.Tx, p Partner) (Partner, error) {
	if err := p.check(); err != nil {
		return Partner{}, err
	}
	n, err := db.Exec(ctx, tx, `/* partner.Change */ update partner set name = $1, kind = $2, email = $3, website = $4, country = $5,
		locale = $6, rail = $7, pay_to = $8 where id = $9`, p.Name, p.Kind, p.Email, p.Website, p.Country, p.Locale, p.Rail, p.PayTo, p.ID)
	if db.IsUnique(err) {
		return Partner{}, problem.Wrong("email", "email_taken", "there is a partner with the address %q", p.Email)
	}
	if err == nil && n == 0 {
		return Partner{}, problem.NotFound("partner", p.ID)
	}
	return p, err
}

// Get is the partner with the id.
func Get(ctx context.Context, r db.Reader, id string) (Partner, error) {
	p, err := db.One(ctx, r, scanPartner, `/* partner.Get */ select `+partnerColumns+` from partner where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("partner", id)
	}
	return p, err
}

// ByEmail is the partner with the address; ok is false when there is none.
func ByEmail(ctx context.Context, r db.Reader, email string) (p Partner, ok bool, err error) {
	p, err = db.One(ctx, r, scanPartner, `/* partner.ByEmail */ select `+partnerColumns+` from partner where email = $1`,
		strings.ToLower(strings.TrimSpace(email)))
	if errors.Is(err, db.ErrNone) {
		return p, false, nil
	}
	return p, err == nil, err
}
