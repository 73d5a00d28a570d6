package domain

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Resolver asks the DNS; net.Resolver does.
type Resolver interface {
	LookupCNAME(ctx context.Context, host string) (string, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// Finding is what the DNS says of a domain.
type Finding struct {
	Named   bool   // the TXT record is there
	Aliased bool   // the name is another one of ours
	Reaches bool   // it leads to where we are
	Found   string // where it leads else
	Silent  bool
	Unknown bool // nobody has the name
}

const lookMost = 10 * time.Second

// Look asks the DNS about a domain; own is the host of this installation.
func Look(ctx context.Context, resolver Resolver, own string, d Domain) Finding {
	ctx, cancel := context.WithTimeout(ctx, lookMost)
	defer cancel()
	var f Finding
	record, value := d.Record()
	said, err := resolver.LookupTXT(ctx, record)
	f.Named = slices.ContainsFunc(said, func(s string) bool { return strings.TrimSpace(s) == value })
	f.Silent = isSilent(err)
	alias, err := resolver.LookupCNAME(ctx, d.Name)
	alias = plain(alias)
	f.Unknown = isNone(err)
	f.Silent = f.Silent || isSilent(err)
	if alias != "" && alias != d.Name {
		ours, err := resolver.LookupCNAME(ctx, own)
		f.Aliased = alias == own || err == nil && plain(ours) == alias && alias != ""
		f.Found = alias
	}
	f.Reaches = f.Aliased
	if f.Aliased || f.Unknown {
		return f
	}
	theirs, err := resolver.LookupHost(ctx, d.Name)
	f.Silent = f.Silent || isSilent(err)
	mine, err := resolver.LookupHost(ctx, own)
	f.Silent = f.Silent || isSilent(err)
	f.Reaches = slices.ContainsFunc(theirs, func(address string) bool { return slices.Contains(mine, address) })
	if f.Found == "" {
		f.Found = strings.Join(theirs[:min(len(theirs), 3)], ", ")
	}
	return f
}

func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

func isNone(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func isSilent(err error) bool { return err != nil && !isNone(err) }

// Keep writes what was found. An alias proves a name only where nobody else claims it or did: whoever leads a name here
// did not say for which program. A domain that was proven stays so while the DNS is silent.
func Keep(ctx context.Context, tx *db.Tx, id string, f Finding) (Domain, error) {
	d, err := Get(ctx, tx, id)
	if err != nil {
		return d, err
	}
	others, err := db.One(ctx, tx, db.Value[int64], `/* domain.Keep */ select count(*) from domain where name = $1 and (program <> $2 or partnership <> $3)`,
		d.Name, d.Program, d.Partnership)
	if err != nil {
		return d, err
	}
	was := d
	d.Checked = tx.Now
	if !f.Silent || f.Named || f.Aliased {
		proof := f.Named || f.Aliased && others == 0
		if proof && d.Proven.IsZero() {
			holder, taken, err := Proven(ctx, tx, d.Name)
			if err != nil {
				return d, err
			}
			if taken { // who has just shown the record has the name today
				if !f.Named {
					proof = false
				} else if _, err := db.Exec(ctx, tx, `/* domain.Keep */ update domain set proven = 0, changed = $1, fault = $2 where id = $3`,
					tx.Now.UnixMilli(), string(Contested), holder.ID); err != nil {
					return d, err
				}
			}
			if proof {
				d.Proven = tx.Now
			}
		}
		d.Reaches, d.Found, d.Fault = f.Reaches, f.Found, f.fault(!d.Proven.IsZero(), others > 0)
	} else if d.Proven.IsZero() {
		d.Fault = Silent
	}
	if d.Fault != was.Fault || d.Proven.IsZero() != was.Proven.IsZero() {
		d.Since = tx.Now
	}
	_, err = db.Exec(ctx, tx, `/* domain.Keep */ update domain set proven = $1, reaches = $2, fault = $3, found = $4, since = $5, checked = $6, changed = $6 where id = $7`,
		stamp(d.Proven), d.Reaches, string(d.Fault), d.Found, stamp(d.Since), tx.Now.UnixMilli(), d.ID)
	return d, err
}

func (f Finding) fault(proven, contested bool) Fault {
	switch {
	case f.Unknown && !f.Named:
		return Unknown
	case proven && !f.Reaches:
		return Elsewhere
	case proven:
		return NoFault
	case f.Aliased && contested:
		return Contested
	}
	return Unproven
}

// checkEvery is how often a domain is looked at again; one that is not yet in use, more often.
const (
	checkEvery = 12 * time.Hour
	checkSoon  = 5 * time.Minute
	hopeFor    = 7 * 24 * time.Hour // after that, one that never worked is looked at like the others
)

// CheckDue looks again at those whose turn it is.
func CheckDue(ctx context.Context, d *db.DB, resolver Resolver, own string) error {
	now := d.Now()
	due, err := db.All(ctx, d.Read(), scan, `/* domain.CheckDue */ select `+columns+` from domain where removed = 0
		and (checked <= $1 or (fault <> '' and since > $2 and checked <= $3)) order by checked limit 50`,
		now.Add(-checkEvery).UnixMilli(), now.Add(-hopeFor).UnixMilli(), now.Add(-checkSoon).UnixMilli())
	if err != nil {
		return err
	}
	for _, one := range due {
		if _, err := Check(ctx, d, resolver, own, one); err != nil {
			return err
		}
	}
	return nil
}

// Check looks at a domain now.
func Check(ctx context.Context, d *db.DB, resolver Resolver, own string, one Domain) (kept Domain, err error) {
	found := Look(ctx, resolver, own, one)
	err = d.Write(ctx, func(tx *db.Tx) error {
		kept, err = Keep(ctx, tx, one.ID, found)
		return err
	})
	return kept, err
}
