package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Partner is who promotes, in any number of programs.
type Partner struct {
	ID        string    `json:"id" doc:"Id of the partner." example:"prt_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name      string    `json:"name" doc:"Name as the brand knows it." example:"Anna Outdoors"`
	Kind      string    `json:"kind" doc:"Type of partner." example:"blogger"`
	Email     string    `json:"email" doc:"E-mail address. One address is one partner." example:"anna@example.com"`
	Website   string    `json:"website" doc:"Web address." example:"https://anna.example.com"`
	Country   string    `json:"country" doc:"ISO 3166 two-letter code, or empty." example:"FR"`
	Locale    string    `json:"locale" doc:"Language." example:"fr"`
	Rail      string    `json:"rail" doc:"How the partner is paid: paypal or wise; empty while that is not known." example:"paypal"`
	PayTo     string    `json:"pay_to" doc:"The account on the rail: an e-mail address. Masked (a***@example.com) for who may neither write nor approve payouts nor write partners." example:"anna@example.com"`
	CreatedAt time.Time `json:"created_at" doc:"When the partner came."`
}

// NewPartner is a partner to be added.
type NewPartner struct {
	Name    string `json:"name" doc:"Name as the brand knows it." example:"Anna Outdoors"`
	Kind    string `json:"kind,omitempty" doc:"blogger, creator, review, coupon, cashback, deal, community, newsletter, podcast, search, tool, subnetwork, dealer, integrator, advocate or other (when left out)." example:"blogger"`
	Email   string `json:"email" doc:"E-mail address. When there is a partner with it, that one is meant and the rest is left as it is." example:"anna@example.com"`
	Website string `json:"website,omitempty" doc:"Web address." example:"https://anna.example.com"`
	Country string `json:"country,omitempty" doc:"ISO 3166 two-letter code." example:"FR"`
	Locale  string `json:"locale,omitempty" doc:"Language; en when left out." example:"fr"`
	Rail    string `json:"rail,omitempty" doc:"How the partner is paid: paypal or wise." example:"paypal"`
	PayTo   string `json:"pay_to,omitempty" doc:"The account on the rail: an e-mail address." example:"anna@example.com"`
}

// PartnerChange is a profile to be written anew. What is left out stays as it is.
type PartnerChange struct {
	Name    *string `json:"name,omitempty" doc:"Name as the brand knows it." example:"Anna Outdoors"`
	Kind    *string `json:"kind,omitempty" doc:"Type of partner." example:"blogger"`
	Email   *string `json:"email,omitempty" doc:"E-mail address." example:"anna@example.com"`
	Website *string `json:"website,omitempty" doc:"Web address." example:"https://anna.example.com"`
	Country *string `json:"country,omitempty" doc:"ISO 3166 two-letter code." example:"FR"`
	Locale  *string `json:"locale,omitempty" doc:"Language." example:"fr"`
	Rail    *string `json:"rail,omitempty" doc:"How the partner is paid: paypal or wise." example:"wise"`
	PayTo   *string `json:"pay_to,omitempty" doc:"The account on the rail." example:"anna@example.com"`
}

// Partnership is a partner in a program.
type Partnership struct {
	ID        string    `json:"id" doc:"Id of the partnership." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program   string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partner   Partner   `json:"partner" doc:"Who it is."`
	Status    string    `json:"status" doc:"Only an approved partnership earns." enum:"applied,approved,declined,paused,ended" example:"approved"`
	Answers   []Answer  `json:"answers" doc:"What was written into the application form."`
	Group     string    `json:"group" doc:"Id of the brand's group that it is in, or empty. The partner does not see it." example:"grp_06a1b2c3d4e5f6g7h8j9kmnp"`
	Manager   string    `json:"manager" doc:"Id of the person of the brand's team who looks after the partner, or empty."`
	Tags      []string  `json:"tags" doc:"The brand's own words for it. The partner does not see them." example:"[\"winter campaign\"]"`
	CreatedAt time.Time `json:"created_at" doc:"When the partner applied or was invited."`
}

// PartnershipFilter narrows a list of partnerships. What is empty does not.
type PartnershipFilter struct {
	Status  string
	Group   string // an id, or none
	Tag     string
	Kind    string
	Country string
	Manager string // an id, or none
	Words   string // in the partner's name, e-mail address, website or the address of a property
}

// Answer is what was written into a field of the application form.
type Answer struct {
	Question string `json:"question" doc:"Name of the field." example:"audience"`
	Answer   string `json:"answer" maxLength:"10000" doc:"What was written." example:"Hikers in the Alps"`
}

// NewPartnership brings a partner into a program.
type NewPartnership struct {
	Partner NewPartner `json:"partner" doc:"Who it is."`
	Answers []Answer   `json:"answers,omitempty" doc:"Answers to the application form."`
	Accept  bool       `json:"accept,omitempty" doc:"True accepts at once, with the terms below or those that the program offers. Needs the permission contracts.write too."`
	Terms   *Terms     `json:"terms,omitempty" doc:"Terms to accept with."`
}

// Acceptance are the terms with which an application is accepted.
type Acceptance struct {
	Terms *Terms `json:"terms,omitempty" doc:"Other terms than those that the program offers. Needs the permission contracts.write too."`
}

// StatusChange is why, and from when on, the state of a partnership changes.
type StatusChange struct {
	Reason string `json:"reason,omitempty" maxLength:"1000" doc:"A sentence for the record." example:"Season is over."`
}

// Partnerships are those of a program that a filter leaves, the oldest first.
func (c *Client) Partnerships(ctx context.Context, program string, f PartnershipFilter) iter.Seq2[Partnership, error] {
	return list[Partnership](ctx, c, path("programs", program, "partnerships"), values("status", f.Status, "group", f.Group, "tag", f.Tag,
		"kind", f.Kind, "country", f.Country, "manager", f.Manager, "q", f.Words))
}

// CreatePartnership brings a partner into a program.
func (c *Client) CreatePartnership(ctx context.Context, program string, n NewPartnership) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("programs", program, "partnerships"), n)
}

// Partnership is the partnership with the id.
func (c *Client) Partnership(ctx context.Context, id string) (Partnership, error) {
	return get[Partnership](ctx, c, path("partnerships", id), nil)
}

// AcceptPartnership approves an application, with the program's terms or others.
func (c *Client) AcceptPartnership(ctx context.Context, id string, a Acceptance) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("partnerships", id, "accept"), a)
}

// DeclinePartnership refuses an application.
func (c *Client) DeclinePartnership(ctx context.Context, id string, s StatusChange) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("partnerships", id, "decline"), s)
}

// PausePartnership lets a partnership rest: touches from now on do not count.
func (c *Client) PausePartnership(ctx context.Context, id string, s StatusChange) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("partnerships", id, "pause"), s)
}

// ResumePartnership lets a paused partnership go on.
func (c *Client) ResumePartnership(ctx context.Context, id string, s StatusChange) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("partnerships", id, "resume"), s)
}

// EndPartnership ends a partnership. What it has earned stays earned.
func (c *Client) EndPartnership(ctx context.Context, id string, s StatusChange) (Partnership, error) {
	return write[Partnership](ctx, c, http.MethodPost, path("partnerships", id, "end"), s)
}

// Partner is the partner with the id, if it is in one of the brand's programs.
func (c *Client) Partner(ctx context.Context, id string) (Partner, error) {
	return get[Partner](ctx, c, path("partners", id), nil)
}

// ChangePartner writes a partner's profile anew.
func (c *Client) ChangePartner(ctx context.Context, id string, change PartnerChange) (Partner, error) {
	return write[Partner](ctx, c, http.MethodPatch, path("partners", id), change)
}
