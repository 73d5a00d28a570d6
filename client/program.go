package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Program is one offering of a brand.
type Program struct {
	ID            string              `json:"id" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Slug          string              `json:"slug" doc:"Short name in addresses." example:"alpine"`
	Name          string              `json:"name" doc:"Name as partners see it." example:"Alpine Goods Partners"`
	Description   string              `json:"description" doc:"What partners read about it."`
	Currency      string              `json:"currency" doc:"ISO 4217 code of all its conversions and commissions. It never changes." example:"EUR"`
	Timezone      string              `json:"timezone" doc:"IANA time zone; payout cycles follow it." example:"Europe/Paris"`
	Locale        string              `json:"locale" doc:"Language of its pages." example:"en"`
	Landing       string              `json:"landing" doc:"Where links lead that name no page." example:"https://shop.example.com/"`
	Domains       []string            `json:"domains" doc:"Hosts that links may lead to, with their subdomains." example:"[\"shop.example.com\"]"`
	Events        []string            `json:"events" doc:"Event types that are accepted." example:"[\"sale\",\"lead\"]"`
	ClickParam    string              `json:"click_param" doc:"The parameter that carries the click id to the landing page." example:"tclid"`
	Form          []Question          `json:"form" doc:"The application form."`
	Terms         Terms               `json:"terms" doc:"The contract that a new partner is offered."`
	TagSales      bool                `json:"tag_sales" doc:"Whether the browser tag, a pixel or a postback without the key may report conversions. Anybody can send these."`
	RepeatMS      int64               `json:"repeat_ms" doc:"Clicks of a visitor on one link within so many milliseconds are one; 0: each is its own." example:"2000"`
	TrustDCs      bool                `json:"trust_datacentres" doc:"Whether a click from a data centre counts though something else is odd about it."`
	PostbackNames map[string][]string `json:"postback_names" doc:"Further names of a postback's parameters, by parameter." example:"{\"order_id\":[\"invoice\"]}"`
	RedirectFirst bool                `json:"redirect_first" doc:"Whether a visitor is sent on though the click cannot be kept at the moment; otherwise the visitor is asked to try again. Both are counted."`
	KeepMonths    int64               `json:"keep_months" doc:"Clicks and visits that no sale looks back on are kept for so many months, then only their number by day; 0: for ever." example:"24"`
	PlainDays     int64               `json:"plain_days" doc:"After so many days a click no longer tells its network, and of its browser only words such as Firefox, Linux; 0: as long as it is kept." example:"90"`
	Status        string              `json:"status" doc:"A paused program still redirects visitors and keeps facts, but takes no applications." enum:"active,paused" example:"active"`
	PostbackKey   string              `json:"postback_key,omitempty" doc:"What a postback must know. Only shown to tokens that may write settings."`
	CreatedAt     time.Time           `json:"created_at" doc:"When it was made."`
}

// Question is a field of the application form.
type Question struct {
	Name     string            `json:"name" doc:"Name of the field." example:"audience"`
	Label    string            `json:"label" doc:"The question as the applicant reads it." example:"Who reads you?"`
	Required bool              `json:"required,omitempty" doc:"Whether an answer is needed."`
	Labels   map[string]string `json:"labels,omitempty" doc:"The question in other languages, by tag: en, fr or zh. Who reads another one reads label."`
}

// NewProgram is a program to be made.
type NewProgram struct {
	Slug        string     `json:"slug" doc:"Short name in addresses: small letters, digits and hyphens." example:"alpine"`
	Name        string     `json:"name" doc:"Name as partners see it." example:"Alpine Goods Partners"`
	Description string     `json:"description,omitempty" maxLength:"10000" doc:"What partners read about it."`
	Currency    string     `json:"currency" doc:"ISO 4217 code of all its conversions and commissions. It can never be changed." example:"EUR"`
	Timezone    string     `json:"timezone,omitempty" doc:"IANA time zone; UTC when left out." example:"Europe/Paris"`
	Locale      string     `json:"locale,omitempty" doc:"Language of its pages; en when left out." example:"en"`
	Landing     string     `json:"landing" doc:"Where links lead that name no page." example:"https://shop.example.com/"`
	Domains     []string   `json:"domains,omitempty" doc:"Hosts that links may lead to; that of the landing page is always among them." example:"[\"shop.example.com\"]"`
	Events      []string   `json:"events,omitempty" doc:"Event types that are accepted; sale and lead when left out." example:"[\"sale\",\"lead\"]"`
	ClickParam  string     `json:"click_param,omitempty" doc:"The parameter that carries the click id; tclid when left out." example:"tclid"`
	Form        []Question `json:"form,omitempty" doc:"The application form."`
	Terms       *Terms     `json:"terms,omitempty" doc:"The contract that a new partner is offered; 10 % of each sale when left out."`
	TagSales    bool       `json:"tag_sales,omitempty" doc:"Whether the browser tag may report conversions."`
	Model       *Model     `json:"model,omitempty" doc:"The settlement model to begin with; the last touch when left out."`
}

// ProgramChange are settings to be written anew. What is left out stays as it is.
type ProgramChange struct {
	Slug          *string             `json:"slug,omitempty" doc:"Short name in addresses." example:"alpine"`
	Name          *string             `json:"name,omitempty" doc:"Name as partners see it." example:"Alpine Goods Partners"`
	Description   *string             `json:"description,omitempty" maxLength:"10000" doc:"What partners read about it."`
	Timezone      *string             `json:"timezone,omitempty" doc:"IANA time zone." example:"Europe/Paris"`
	Locale        *string             `json:"locale,omitempty" doc:"Language of its pages." example:"en"`
	Landing       *string             `json:"landing,omitempty" doc:"Where links lead that name no page." example:"https://shop.example.com/"`
	Domains       []string            `json:"domains,omitempty" doc:"Hosts that links may lead to, all of them." example:"[\"shop.example.com\"]"`
	Events        []string            `json:"events,omitempty" doc:"Event types that are accepted, all of them." example:"[\"sale\",\"lead\"]"`
	ClickParam    *string             `json:"click_param,omitempty" doc:"The parameter that carries the click id." example:"tclid"`
	Form          []Question          `json:"form,omitempty" doc:"The application form, all of it."`
	Terms         *Terms              `json:"terms,omitempty" doc:"The contract that a new partner is offered. Contracts in force stay as they are."`
	TagSales      *bool               `json:"tag_sales,omitempty" doc:"Whether the browser tag may report conversions."`
	RepeatMS      *int64              `json:"repeat_ms,omitempty" minimum:"0" maximum:"60000" doc:"Clicks of a visitor on one link within so many milliseconds are one; 0: each is its own." example:"2000"`
	TrustDCs      *bool               `json:"trust_datacentres,omitempty" doc:"Whether a click from a data centre counts though something else is odd about it."`
	PostbackNames map[string][]string `json:"postback_names,omitempty" doc:"Further names of a postback's parameters, all of them." example:"{\"order_id\":[\"invoice\"]}"`
	RedirectFirst *bool               `json:"redirect_first,omitempty" doc:"Whether a visitor is sent on though the click cannot be kept at the moment."`
	KeepMonths    *int64              `json:"keep_months,omitempty" minimum:"0" maximum:"120" doc:"Clicks and visits that no sale looks back on are kept for 14 to 120 months; 0: for ever." example:"24"`
	PlainDays     *int64              `json:"plain_days,omitempty" minimum:"0" maximum:"400" doc:"Networks and browsers of clicks are kept for 7 to 400 days; 0: as long as the click." example:"90"`
	Status        *string             `json:"status,omitempty" doc:"active or paused." example:"paused"`
}

// Model is how a program settles.
type Model struct {
	Name          string `json:"name" doc:"last, first, linear, time_decay or position." example:"position"`
	HalfLifeHours int64  `json:"half_life_hours,omitempty" doc:"time_decay: hours after which a touch weighs half; 168 when left out." example:"168"`
	First         string `json:"first,omitempty" doc:"position: the first touch's share in percent." example:"40"`
	Last          string `json:"last,omitempty" doc:"position: the last touch's share in percent." example:"40"`
}

// Policy is the model that a program settles by from a moment on.
type Policy struct {
	ID     string    `json:"id" doc:"Id of the policy." example:"pol_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since  time.Time `json:"since" doc:"From when on it is in force."`
	Model  Model     `json:"model" doc:"The settlement model."`
	Author string    `json:"author" doc:"Who decided it." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
}

// NewPolicy is a policy to be decided.
type NewPolicy struct {
	Since time.Time `json:"since,omitzero" doc:"From when on it is in force; now when left out. It may lie in the past: what is not locked is then credited again." example:"2026-05-01T00:00:00Z"`
	Model Model     `json:"model" doc:"The settlement model."`
}

// Programs are the brand's programs, the oldest first.
func (c *Client) Programs(ctx context.Context) iter.Seq2[Program, error] {
	return list[Program](ctx, c, path("programs"), nil)
}

// Program is the program with the id or short name.
func (c *Client) Program(ctx context.Context, name string) (Program, error) {
	return get[Program](ctx, c, path("programs", name), nil)
}

// CreateProgram makes a program.
func (c *Client) CreateProgram(ctx context.Context, n NewProgram) (Program, error) {
	return write[Program](ctx, c, http.MethodPost, path("programs"), n)
}

// ChangeProgram writes settings of a program anew.
func (c *Client) ChangeProgram(ctx context.Context, name string, change ProgramChange) (Program, error) {
	return write[Program](ctx, c, http.MethodPatch, path("programs", name), change)
}

// Policies are those of a program, in the order in which they come into force.
func (c *Client) Policies(ctx context.Context, program string) iter.Seq2[Policy, error] {
	return list[Policy](ctx, c, path("programs", program, "policies"), nil)
}

// AddPolicy decides by which model a program settles from a moment on.
func (c *Client) AddPolicy(ctx context.Context, program string, n NewPolicy) (Policy, error) {
	return write[Policy](ctx, c, http.MethodPost, path("programs", program, "policies"), n)
}
