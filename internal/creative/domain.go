package creative

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// DomainState is what the brand has said to a domain.
type DomainState string

// The states of a domain.
const (
	DomainAsked     DomainState = "asked"
	DomainApproved  DomainState = "approved"
	DomainRefused   DomainState = "refused"
	DomainWithdrawn DomainState = "withdrawn"
)

// DomainStates are all states.
var DomainStates = []DomainState{DomainAsked, DomainApproved, DomainRefused, DomainWithdrawn}

// Domain is a site of a partner's from which visitors are recognised by where they come from, without any parameter. While
// it is approved it has a link of its own, so what came by it is counted and paid like what came by any link.
type Domain struct {
	ID          string
	Program     string
	Partnership string
	Host        string // holds for itself and all below it
	State       DomainState
	Link        string // once it was approved
	Reason      string // why it was refused
	Author      string // who said the last
	Asked       time.Time
	Changed     time.Time
}

const domainsMost = 50 // of a partnership

const domainColumns = "id, program, partnership, host, state, link, reason, author, asked, changed"

func scanDomain(row db.Row) (Domain, error) {
	var d Domain
	var asked, changed int64
	err := row.Scan(&d.ID, &d.Program, &d.Partnership, &d.Host, &d.State, &d.Link, &d.Reason, &d.Author, &asked, &changed)
	d.Asked, d.Changed = time.UnixMilli(asked).UTC(), time.UnixMilli(changed).UTC()
	return d, err
}

// ReadHost makes a host of what a person writes: an address or a bare name. It must be one that somebody can own: no address
// of a machine, and no name under which strangers have their own, such as co.uk.
func ReadHost(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || len(text) > 500 {
		return "", problem.Invalid("host", "%q is not a domain", clip(text))
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."))
	host = strings.TrimPrefix(host, "www.")
	if err != nil || !plainHost(host) || net.ParseIP(host) != nil || !strings.Contains(host, ".") {
		return "", problem.Invalid("host", "%q is not a domain", clip(u.Hostname()))
	}
	if _, err := publicsuffix.EffectiveTLDPlusOne(host); err != nil {
		return "", problem.Wrong("host", "host_shared", "%s is not one owner's: strangers have their sites under it", host)
	}
	return host, nil
}

// AskDomain adds a domain that a partner asks for. One that was refused or withdrawn before is asked for again.
func AskDomain(ctx context.Context, tx *db.Tx, prog program.Program, partnership, host, author string) (Domain, error) {
	host, err := ReadHost(host)
	if err != nil {
		return Domain{}, err
	}
	if prog.Allows(&url.URL{Scheme: "https", Host: host}) {
		return Domain{}, problem.Wrong("host", "host_own", "%s is a domain of the program itself", host)
	}
	theirs, err := DomainsOf(ctx, tx, partnership)
	if err != nil {
		return Domain{}, err
	}
	for _, d := range theirs {
		if d.Host != host {
			continue
		}
		if d.State == DomainAsked || d.State == DomainApproved {
			return Domain{}, problem.Wrong("host", "host_there", "%s is on the list already", host)
		}
		return d, d.become(ctx, tx, DomainAsked, "", author)
	}
	if len(theirs) >= domainsMost {
		return Domain{}, problem.Wrong("host", "hosts_too_many", "a partner has at most %d domains", domainsMost)
	}
	d := Domain{ID: id.New("drd", tx.Now), Program: prog.ID, Partnership: partnership, Host: host, State: DomainAsked, Author: author, Asked: tx.Now, Changed: tx.Now}
	_, err = db.Exec(ctx, tx, `/* creative.AskDomain */ insert into direct_domain (`+domainColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.Program, d.Partnership, d.Host, string(d.State), "", "", d.Author, d.Asked.UnixMilli(), d.Changed.UnixMilli())
	return d, err
}

// ApproveDomain lets visitors who come from the domain count, from now on.
func ApproveDomain(ctx context.Context, tx *db.Tx, prog program.Program, d Domain, author string) (Domain, error) {
	if d.State != DomainAsked && d.State != DomainRefused {
		return d, problem.Conflict("domain_state", "%s is not waiting for an answer", d.Host)
	}
	taken, err := db.All(ctx, tx, scanDomain, `/* creative.ApproveDomain */ select `+domainColumns+` from direct_domain
		where program = $1 and host = $2 and state = 'approved'`, d.Program, d.Host)
	if err != nil {
		return d, err
	}
	if len(taken) > 0 {
		return d, problem.Conflict("direct_taken", "%s is another partner's already", d.Host)
	}
	if d.Link == "" {
		l, err := CreateLink(ctx, tx, prog, Link{Partnership: d.Partnership, Label: d.Host[:min(len(d.Host), 120)]})
		if err != nil {
			return d, err
		}
		d.Link = l.ID
	}
	err = d.become(ctx, tx, DomainApproved, "", author)
	if db.IsUnique(err) {
		err = problem.Conflict("direct_taken", "%s is another partner's already", d.Host)
	}
	return d, err
}

// RefuseDomain says no, or takes an approval back: who comes from the domain from now on is nobody's visitor.
func RefuseDomain(ctx context.Context, tx *db.Tx, d Domain, reason, author string) (Domain, error) {
	if d.State != DomainAsked && d.State != DomainApproved {
		return d, problem.Conflict("domain_state", "%s is not waiting for an answer", d.Host)
	}
	if reason = strings.TrimSpace(reason); len(reason) > 500 {
		return d, problem.Invalid("reason", "a reason has at most 500 bytes")
	}
	return d, d.become(ctx, tx, DomainRefused, reason, author)
}

// WithdrawDomain takes back what a partner has asked for.
func WithdrawDomain(ctx context.Context, tx *db.Tx, d Domain, author string) (Domain, error) {
	if d.State == DomainWithdrawn {
		return d, problem.Conflict("domain_state", "%s is not on the list", d.Host)
	}
	return d, d.become(ctx, tx, DomainWithdrawn, "", author)
}

func (d *Domain) become(ctx context.Context, tx *db.Tx, state DomainState, reason, author string) error {
	d.State, d.Reason, d.Author, d.Changed = state, reason, author, tx.Now
	if state == DomainAsked {
		d.Asked = tx.Now
	}
	_, err := db.Exec(ctx, tx, `/* creative.become */ update direct_domain set state = $1, reason = $2, author = $3, asked = $4, changed = $5, link = $6 where id = $7`,
		string(d.State), d.Reason, d.Author, d.Asked.UnixMilli(), d.Changed.UnixMilli(), d.Link, d.ID)
	return err
}

// GetDomain is the domain with the id.
func GetDomain(ctx context.Context, r db.Reader, id string) (Domain, error) {
	d, err := db.One(ctx, r, scanDomain, `/* creative.GetDomain */ select `+domainColumns+` from direct_domain where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return d, problem.NotFound("domain", id)
	}
	return d, err
}

// DomainsOf are a partnership's domains, by name.
func DomainsOf(ctx context.Context, r db.Reader, partnership string) ([]Domain, error) {
	return db.All(ctx, r, scanDomain, `/* creative.DomainsOf */ select `+domainColumns+` from direct_domain where partnership = $1 order by host, id`, partnership)
}

// DomainFilter says which domains of a program a list has.
type DomainFilter struct {
	Program string
	State   DomainState // in any but withdrawn when empty
	Before  string      // the id of the last one of the page before
	Limit   int
}

// Domains are a page of a program's domains, the newest first.
func Domains(ctx context.Context, r db.Reader, f DomainFilter) ([]Domain, error) {
	var args db.Args
	where := ` where program = ` + args.Add(f.Program)
	if f.State != "" {
		where += ` and state = ` + args.Add(string(f.State))
	} else {
		where += ` and state <> 'withdrawn'`
	}
	if f.Before != "" {
		where += ` and id < ` + args.Add(f.Before)
	}
	return db.All(ctx, r, scanDomain, `/* creative.Domains */ select `+domainColumns+` from direct_domain`+where+` order by id desc limit `+
		args.Add(cmp.Or(f.Limit, 1000)), args.List()...)
}

// DomainCounts are how many domains of a program are in each state.
func DomainCounts(ctx context.Context, r db.Reader, prog string) (map[DomainState]int64, error) {
	type count struct {
		state DomainState
		n     int64
	}
	list, err := db.All(ctx, r, func(row db.Row) (count, error) {
		var c count
		err := row.Scan(&c.state, &c.n)
		return c, err
	}, `/* creative.DomainCounts */ select state, count(*) from direct_domain where program = $1 group by state`, prog)
	counts := map[DomainState]int64{}
	for _, c := range list {
		counts[c.state] = c.n
	}
	return counts, err
}
