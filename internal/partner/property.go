package partner

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// PropertyKinds are the sorts of places in which a partner reaches people.
var PropertyKinds = []string{"website", "channel", "newsletter", "podcast", "app", "shop"}

// Property is a place of the partner's own: a website, a channel, a newsletter. What it says is the partner's word, until
// somebody of a brand has looked and confirms it, each brand for itself.
type Property struct {
	ID       string
	Partner  string
	Kind     string
	Address  string // a web address
	Audience int64  // people a month, by the partner's own word; 0 when not said
	Created  time.Time
}

const (
	propertiesMost = 50
	audienceMost   = 10_000_000_000
)

func (p *Property) check() error {
	var faults []*problem.Problem
	p.Address = strings.TrimSpace(p.Address)
	if !slices.Contains(PropertyKinds, p.Kind) {
		faults = append(faults, problem.Invalid("kind", "%q is not a sort of property", p.Kind))
	}
	if a, err := url.Parse(p.Address); err != nil || a.Host == "" || a.Scheme != "https" && a.Scheme != "http" || len(p.Address) > 500 {
		faults = append(faults, problem.Invalid("address", "%q is not a web address", p.Address))
	}
	if p.Audience < 0 || p.Audience > audienceMost {
		faults = append(faults, problem.Invalid("audience", "an audience is a number of people"))
	}
	return problem.Join(faults...)
}

const propertyColumns = "id, partner, kind, address, audience, created"

func scanProperty(row db.Row) (Property, error) {
	var p Property
	var created int64
	err := row.Scan(&p.ID, &p.Partner, &p.Kind, &p.Address, &p.Audience, &created)
	p.Created = instant(created)
	return p, err
}

// Properties are a partner's, the largest audience first.
func Properties(ctx context.Context, r db.Reader, partner string) ([]Property, error) {
	return db.All(ctx, r, scanProperty, `/* partner.Properties */ select `+propertyColumns+` from partner_property
		where partner = $1 order by audience desc, id`, partner)
}

// GetProperty is the property with the id.
func GetProperty(ctx context.Context, r db.Reader, id string) (Property, error) {
	p, err := db.One(ctx, r, scanProperty, `/* partner.GetProperty */ select `+propertyColumns+` from partner_property where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, problem.NotFound("property", id)
	}
	return p, err
}

var errPropertyTaken = problem.Wrong("address", "property_taken", "this property is there already")

// AddProperty adds a property to a partner.
func AddProperty(ctx context.Context, tx *db.Tx, p Property) (Property, error) {
	p.ID, p.Created = id.New("ppt", tx.Now), tx.Now
	if err := p.check(); err != nil {
		return Property{}, err
	}
	n, err := db.One(ctx, tx, db.Value[int64], `/* partner.AddProperty */ select count(*) from partner_property where partner = $1`, p.Partner)
	if err != nil {
		return Property{}, err
	}
	if n >= propertiesMost {
		return Property{}, problem.Wrong("address", "properties_too_many", "a partner has at most %d properties", propertiesMost)
	}
	written, err := db.Exec(ctx, tx, `/* partner.AddProperty */ insert into partner_property (`+propertyColumns+`) values ($1, $2, $3, $4, $5, $6)
		on conflict (partner, address) do nothing`, p.ID, p.Partner, p.Kind, p.Address, p.Audience, p.Created.UnixMilli())
	if err == nil && written == 0 {
		return Property{}, errPropertyTaken
	}
	return p, err
}

// ChangeProperty writes a property anew. At another address it is something that nobody has confirmed yet.
func ChangeProperty(ctx context.Context, tx *db.Tx, p Property) (Property, error) {
	if err := p.check(); err != nil {
		return Property{}, err
	}
	before, err := GetProperty(ctx, tx, p.ID)
	if err != nil {
		return Property{}, err
	}
	if before.Address != p.Address {
		taken, err := db.All(ctx, tx, db.Value[string], `/* partner.ChangeProperty */ select id from partner_property
			where partner = $1 and address = $2`, before.Partner, p.Address)
		if err != nil {
			return Property{}, err
		}
		if len(taken) > 0 {
			return Property{}, errPropertyTaken
		}
	}
	if before.Address != p.Address || before.Kind != p.Kind {
		if err := unconfirm(ctx, tx, p.ID); err != nil {
			return Property{}, err
		}
	}
	_, err = db.Exec(ctx, tx, `/* partner.ChangeProperty */ update partner_property set kind = $1, address = $2, audience = $3 where id = $4`,
		p.Kind, p.Address, p.Audience, p.ID)
	return p, err
}

// RemoveProperty takes a property away, and what brands have confirmed of it.
func RemoveProperty(ctx context.Context, tx *db.Tx, id string) error {
	if err := unconfirm(ctx, tx, id); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `/* partner.RemoveProperty */ delete from partner_property where id = $1`, id)
	if err == nil && n == 0 {
		return problem.NotFound("property", id)
	}
	return err
}

func unconfirm(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `/* partner.unconfirm */ delete from property_confirmation where property = $1`, id)
	return err
}

// Confirmation is somebody of a brand saying that a property is the partner's own.
type Confirmation struct {
	Property string
	Author   string // a person, or a token of the API
	Name     string // the author's
	At       time.Time
}

// Confirm says, for the program of a partnership, that a property is the partner's own.
func Confirm(ctx context.Context, tx *db.Tx, s Partnership, property, author string) error {
	p, err := GetProperty(ctx, tx, property)
	if err != nil {
		return err
	}
	if p.Partner != s.Partner.ID {
		return problem.NotFound("property", property)
	}
	_, err = db.Exec(ctx, tx, `/* partner.Confirm */ insert into property_confirmation (property, program, author, created) values ($1, $2, $3, $4)
		on conflict (property, program) do nothing`, property, s.Program, author, tx.Now.UnixMilli())
	return err
}

// Doubt takes the confirmation of a program back.
func Doubt(ctx context.Context, tx *db.Tx, s Partnership, property string) error {
	_, err := db.Exec(ctx, tx, `/* partner.Doubt */ delete from property_confirmation where property = $1 and program = $2`, property, s.Program)
	return err
}

// Confirmed are what a program has confirmed of a partner's properties, by property.
func Confirmed(ctx context.Context, r db.Reader, partner, program string) (map[string]Confirmation, error) {
	list, err := db.All(ctx, r, func(row db.Row) (Confirmation, error) {
		var c Confirmation
		var at int64
		err := row.Scan(&c.Property, &c.Author, &c.Name, &at)
		c.At = instant(at)
		return c, err
	}, `/* partner.Confirmed */ select c.property, c.author, coalesce(p.name, t.name, ''), c.created from partner_property o
		join property_confirmation c on c.property = o.id and c.program = $2
		left join person p on p.id = c.author left join token t on t.id = c.author where o.partner = $1`, partner, program)
	found := make(map[string]Confirmation, len(list))
	for _, c := range list {
		found[c.Property] = c
	}
	return found, err
}
