// Package domain is the hosts of brands' and partners' own at which their links stand. A name says nothing until the DNS
// has proven whose it is. It serves nobody and fetches no certificate.
package domain

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Domain is a host that a program, or a partner in it, has claimed.
type Domain struct {
	ID          string
	Name        string // in small letters, as the DNS has it
	Program     string
	Partnership string // empty: the program's own
	Secret      string // what the TXT record says
	Proven      time.Time
	Reaches     bool      // whether visitors of the name come to us
	Fault       Fault     // what is wrong with it
	Found       string    // what the DNS says instead
	Since       time.Time // how long it has been so
	Checked     time.Time
	Created     time.Time
	Author      string
	Removed     time.Time
}

// Fault is why a domain is not in use.
type Fault string

// The faults.
const (
	NoFault   Fault = ""
	Unknown   Fault = "unknown"   // nobody has the name
	Unproven  Fault = "unproven"  // neither a CNAME nor a TXT record
	Contested Fault = "contested" // others claim it, or did: only the TXT record proves it
	Elsewhere Fault = "elsewhere" // the name is proven and leads to another server
	Silent    Fault = "silent"    // the DNS did not answer
)

// Works tells whether links can stand at the domain.
func (d Domain) Works() bool { return !d.Proven.IsZero() && d.Reaches && d.Removed.IsZero() }

// Record is the name and the value of the TXT record that proves the domain.
func (d Domain) Record() (name, value string) { return "_tributary." + d.Name, "tributary=" + d.Secret }

const columns = "id, name, program, partnership, secret, proven, reaches, fault, found, since, checked, created, author, removed"

func scan(row db.Row) (Domain, error) {
	var d Domain
	var proven, since, checked, created, removed int64
	err := row.Scan(&d.ID, &d.Name, &d.Program, &d.Partnership, &d.Secret, &proven, &d.Reaches, &d.Fault, &d.Found, &since, &checked, &created, &d.Author, &removed)
	d.Proven, d.Since, d.Checked, d.Created, d.Removed = moment(proven), moment(since), moment(checked), moment(created), moment(removed)
	return d, err
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Most is how many domains a program, or a partner in it, can have.
const Most = 20

// ReadName reads a host as people write it: with or without https://, in any letters.
func ReadName(text string) (string, error) {
	text = strings.TrimSpace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://")
	text = strings.TrimSuffix(strings.TrimSuffix(text, "/"), ".")
	name, err := idna.Lookup.ToASCII(strings.ToLower(text))
	wrong := problem.Wrong("name", "domain_invalid", "%q is not a host such as go.example.com", strings.ToValidUTF8(text[:min(len(text), 100)], ""))
	if err != nil || len(name) > 253 || !strings.Contains(name, ".") || strings.ContainsAny(name, "/:@*?#[]_% ") {
		return "", wrong
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return "", wrong
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return "", wrong
		}
	}
	if suffix, _ := publicsuffix.PublicSuffix(name); suffix == name {
		return "", wrong
	}
	return name, nil
}

// Claim adds a domain. It is of no use until it is proven.
func Claim(ctx context.Context, tx *db.Tx, d Domain, own string) (Domain, error) {
	name, err := ReadName(d.Name)
	if err != nil {
		return d, err
	}
	if name == own || strings.HasSuffix(own, "."+name) {
		return d, problem.Wrong("name", "domain_ours", "%q is the address of this installation", name)
	}
	list, err := Of(ctx, tx, d.Program, d.Partnership)
	if err != nil {
		return d, err
	}
	if len(list) >= Most {
		return d, problem.Conflict("domains_most", "there are %d domains already, which is as many as there can be", Most)
	}
	for _, known := range list {
		if known.Name == name {
			return d, problem.Wrong("name", "domain_claimed", "%q is in the list already", name)
		}
	}
	if _, taken, err := Proven(ctx, tx, name); err != nil || taken {
		if err == nil {
			err = problem.Wrong("name", "domain_taken", "%q is in use by another program", name)
		}
		return d, err
	}
	d.ID, d.Name, d.Secret, d.Created, d.Since, d.Fault = id.New("dom", tx.Now), name, id.Secret(15), tx.Now, tx.Now, Unproven
	_, err = db.Exec(ctx, tx, `/* domain.Claim */ insert into domain (`+columns+`, changed) values ($1, $2, $3, $4, $5, 0, $6, $7, '', $8, 0, $8, $9, 0, $8)`,
		d.ID, d.Name, d.Program, d.Partnership, d.Secret, false, string(d.Fault), tx.Now.UnixMilli(), d.Author)
	return d, err
}

// Remove takes a domain away: from now on nothing answers there. What it was is kept, so that nobody takes it over by the
// record that still leads here.
func Remove(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `/* domain.Remove */ update domain set removed = $1, changed = $1 where id = $2 and removed = 0`, tx.Now.UnixMilli(), id)
	return err
}

// Get is the domain with the id.
func Get(ctx context.Context, r db.Reader, id string) (Domain, error) {
	d, err := Find(ctx, r, id)
	if err == nil && !d.Removed.IsZero() {
		return d, problem.NotFound("domain", id)
	}
	return d, err
}

// Find is the domain with the id, removed or not.
func Find(ctx context.Context, r db.Reader, id string) (Domain, error) {
	d, err := db.One(ctx, r, scan, `/* domain.Find */ select `+columns+` from domain where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return d, problem.NotFound("domain", id)
	}
	return d, err
}

// Of are those of a partnership in a program; with none, the program's own.
func Of(ctx context.Context, r db.Reader, program, partnership string) ([]Domain, error) {
	return db.All(ctx, r, scan, `/* domain.Of */ select `+columns+` from domain where program = $1 and partnership = $2 and removed = 0 order by id`, program, partnership)
}

// In are all of a program, its partners' too.
func In(ctx context.Context, r db.Reader, program string) ([]Domain, error) {
	return db.All(ctx, r, scan, `/* domain.In */ select `+columns+` from domain where program = $1 and removed = 0 order by partnership, id`, program)
}

// Proven is the domain that has the name for certain.
func Proven(ctx context.Context, r db.Reader, name string) (Domain, bool, error) {
	d, err := db.One(ctx, r, scan, `/* domain.Proven */ select `+columns+` from domain where name = $1 and proven > 0 and removed = 0`, name)
	if errors.Is(err, db.ErrNone) {
		return d, false, nil
	}
	return d, err == nil, err
}

// ForPartners tells whether partners of a program may bring domains of their own.
func ForPartners(ctx context.Context, r db.Reader, program string) (bool, error) {
	may, err := db.One(ctx, r, db.Value[bool], `/* domain.ForPartners */ select partners from domain_rule where program = $1`, program)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return may, err
}

// LetPartners says whether they may. What they have brought already goes on.
func LetPartners(ctx context.Context, tx *db.Tx, program string, may bool) error {
	_, err := db.Exec(ctx, tx, `/* domain.LetPartners */ insert into domain_rule (program, partners) values ($1, $2)
		on conflict (program) do update set partners = excluded.partners`, program, may)
	return err
}
