package partner

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Contact is somebody at the partner whom a brand can write to or call. It is no account: nobody signs in with it.
type Contact struct {
	ID      string
	Partner string
	Name    string
	Role    string // what they see to, in the partner's own words
	Email   string
	Phone   string
	Created time.Time
}

const contactsMost = 50

func (c *Contact) check() error {
	var faults []*problem.Problem
	c.Name, c.Role, c.Phone = strings.TrimSpace(c.Name), strings.TrimSpace(c.Role), strings.TrimSpace(c.Phone)
	c.Email = strings.ToLower(strings.TrimSpace(c.Email))
	if c.Name == "" || utf8.RuneCountInString(c.Name) > 120 {
		faults = append(faults, problem.Invalid("name", "a contact needs a name of at most 120 characters"))
	}
	if utf8.RuneCountInString(c.Role) > 120 {
		faults = append(faults, problem.Wrong("role", "label_invalid", "at most 120 characters"))
	}
	if c.Email == "" && c.Phone == "" {
		faults = append(faults, problem.Wrong("email", "contact_unreachable", "a contact needs an e-mail address or a telephone number"))
	}
	if c.Email != "" && !isEmail(c.Email) {
		faults = append(faults, problem.Invalid("email", "%q is not an e-mail address", c.Email))
	}
	if c.Phone != "" && (len(c.Phone) > 40 || strings.Trim(c.Phone, "+0123456789 ()-./") != "") {
		faults = append(faults, problem.Invalid("phone", "%q is not a telephone number", c.Phone))
	}
	return problem.Join(faults...)
}

const contactColumns = "id, partner, name, role, email, phone, created"

func scanContact(row db.Row) (Contact, error) {
	var c Contact
	var created int64
	err := row.Scan(&c.ID, &c.Partner, &c.Name, &c.Role, &c.Email, &c.Phone, &created)
	c.Created = instant(created)
	return c, err
}

// Contacts are a partner's, the oldest first.
func Contacts(ctx context.Context, r db.Reader, partner string) ([]Contact, error) {
	return db.All(ctx, r, scanContact, `/* partner.Contacts */ select `+contactColumns+` from partner_contact where partner = $1 order by id`, partner)
}

// GetContact is the contact with the id.
func GetContact(ctx context.Context, r db.Reader, id string) (Contact, error) {
	c, err := db.One(ctx, r, scanContact, `/* partner.GetContact */ select `+contactColumns+` from partner_contact where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, problem.NotFound("contact", id)
	}
	return c, err
}

// AddContact adds a contact to a partner.
func AddContact(ctx context.Context, tx *db.Tx, c Contact) (Contact, error) {
	c.ID, c.Created = id.New("pct", tx.Now), tx.Now
	if err := c.check(); err != nil {
		return Contact{}, err
	}
	n, err := db.One(ctx, tx, db.Value[int64], `/* partner.AddContact */ select count(*) from partner_contact where partner = $1`, c.Partner)
	if err != nil {
		return Contact{}, err
	}
	if n >= contactsMost {
		return Contact{}, problem.Wrong("name", "contacts_too_many", "a partner has at most %d contacts", contactsMost)
	}
	_, err = db.Exec(ctx, tx, `/* partner.AddContact */ insert into partner_contact (`+contactColumns+`) values ($1, $2, $3, $4, $5, $6, $7)`,
		c.ID, c.Partner, c.Name, c.Role, c.Email, c.Phone, c.Created.UnixMilli())
	return c, err
}

// ChangeContact writes a contact anew.
func ChangeContact(ctx context.Context, tx *db.Tx, c Contact) (Contact, error) {
	if err := c.check(); err != nil {
		return Contact{}, err
	}
	n, err := db.Exec(ctx, tx, `/* partner.ChangeContact */ update partner_contact set name = $1, role = $2, email = $3, phone = $4 where id = $5`,
		c.Name, c.Role, c.Email, c.Phone, c.ID)
	if err == nil && n == 0 {
		return c, problem.NotFound("contact", c.ID)
	}
	return c, err
}

// RemoveContact takes a contact away.
func RemoveContact(ctx context.Context, tx *db.Tx, id string) error {
	n, err := db.Exec(ctx, tx, `/* partner.RemoveContact */ delete from partner_contact where id = $1`, id)
	if err == nil && n == 0 {
		return problem.NotFound("contact", id)
	}
	return err
}
