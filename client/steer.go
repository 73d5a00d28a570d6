package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Conditions of a redirect rule must all hold; those that are left out hold always. Of several words in one, any will do.
type Conditions struct {
	Countries []string `json:"countries,omitempty" doc:"Where the visitor is, ISO 3166-1." example:"[\"DE\",\"AT\"]"`
	Abroad    bool     `json:"abroad,omitempty" doc:"True: anywhere but in the countries."`
	Regions   []string `json:"regions,omitempty" doc:"Where in a country, ISO 3166-2." example:"[\"DE-BY\"]"`
	Devices   []string `json:"devices,omitempty" doc:"phone, tablet, computer or other." example:"[\"phone\"]"`
	Systems   []string `json:"systems,omitempty" doc:"android, ios, windows, macos, linux, chromeos or other." example:"[\"ios\"]"`
	Languages []string `json:"languages,omitempty" doc:"The browser's first language, without its country." example:"[\"de\"]"`
	From      int      `json:"from,omitempty" doc:"From this hour of the program's clock on, 0 to 23." example:"22"`
	To        int      `json:"to,omitempty" doc:"Until this hour, 24 at most; smaller than from: over midnight." example:"6"`
	Weekdays  []int    `json:"weekdays,omitempty" doc:"0 is Sunday." example:"[0,6]"`
	Referrers []string `json:"referrers,omitempty" doc:"Hosts that the visitor comes from, each with all below it." example:"[\"blog.example\"]"`
	Sub       int      `json:"sub,omitempty" doc:"Which sub-id is asked for, 1 to 5." example:"1"`
	SubIDs    []string `json:"sub_ids,omitempty" doc:"What it is." example:"[\"newsletter\"]"`
	Quality   string   `json:"quality,omitempty" doc:"people: clicks that count; bots: those that do not." example:"people"`
	Visit     string   `json:"visit,omitempty" doc:"new or returning, as far as the server remembers the network and the browser." example:"new"`
	Cap       string   `json:"cap,omitempty" doc:"Id of a cap that has been reached."`
}

// Redirect is a rule that sends visitors of some kind elsewhere. The first rule that fits holds.
type Redirect struct {
	ID        string     `json:"id" doc:"Id of the rule." example:"rul_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program   string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link      string     `json:"link" doc:"Of this link alone; empty: of all." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	When      Conditions `json:"when" doc:"Whom it is about."`
	Action    string     `json:"action" doc:"page: send to another page; fallback: to where the link leads afterwards, or to the landing page; block: no further." enum:"page,fallback,block"`
	Target    string     `json:"target" doc:"The page." example:"https://shop.example.com/de"`
	Resting   bool       `json:"resting" doc:"True when it is kept and not followed."`
	Follows   bool       `json:"follows" doc:"Whether visitors are sent by it: false while it rests, and when its page is on no domain of the program any more."`
	CreatedAt time.Time  `json:"created_at" doc:"When it was made."`
}

// NewRedirect is a redirect rule to be made, or to be written anew.
type NewRedirect struct {
	Link    string     `json:"link,omitempty" doc:"Id of a link: of this one alone; of all when left out."`
	When    Conditions `json:"when" doc:"Whom it is about."`
	Action  string     `json:"action" doc:"page, fallback or block." example:"page"`
	Target  string     `json:"target,omitempty" doc:"For page: an address on one of the program's domains." example:"https://shop.example.com/de"`
	Resting bool       `json:"resting,omitempty" doc:"True: keep it, and do not follow it."`
}

// RuleMove is where a rule goes.
type RuleMove struct {
	Place int `json:"place" doc:"Its place in the order, from 1." minimum:"1" example:"1"`
}

// Cap is how much is enough. Beyond it clicks go to its page and do not count; one without a page only answers rules.
type Cap struct {
	ID          string    `json:"id" doc:"Id of the cap." example:"cap_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Of this one alone; empty: of all."`
	Link        string    `json:"link" doc:"Of this link alone; empty: of all."`
	Measure     string    `json:"measure" doc:"What it counts: clicks and conversions that count, or commission in minor units of the program's currency." enum:"clicks,conversions,commission"`
	Period      string    `json:"period" doc:"Per day, week or month by the program's clock, or in all." enum:"day,week,month,total"`
	Most        int64     `json:"most" doc:"How much is enough." example:"1000"`
	Amount      int64     `json:"amount" doc:"How much it is in the present period." example:"417"`
	Reached     bool      `json:"reached" doc:"Whether it has been reached."`
	Target      string    `json:"target" doc:"Where clicks beyond it go; empty: nowhere else." example:"https://shop.example.com/waiting-list"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was made."`
}

// NewCap is a cap to be made.
type NewCap struct {
	Partnership string `json:"partnership,omitempty" doc:"Of this one alone; of all when left out."`
	Link        string `json:"link,omitempty" doc:"Id of a link: of this one alone; of all when left out."`
	Measure     string `json:"measure" doc:"clicks, conversions or commission." example:"clicks"`
	Period      string `json:"period" doc:"day, week, month or total." example:"day"`
	Most        int64  `json:"most" doc:"How much is enough; commission in minor units." example:"1000"`
	Target      string `json:"target,omitempty" doc:"An address on one of the program's domains." example:"https://shop.example.com/waiting-list"`
}

// CapChange is a cap to be written anew. What is left out stays as it is.
type CapChange struct {
	Most   *int64  `json:"most,omitempty" doc:"How much is enough." example:"2000"`
	Target *string `json:"target,omitempty" doc:"Where clicks beyond it go; empty: nowhere else."`
}

// Variant is a page of a split test and what came of it.
type Variant struct {
	Key         string  `json:"key" doc:"a, b, c, …; a is what there was before, and the others are compared with it." example:"b"`
	Name        string  `json:"name" doc:"What it is called." example:"With a film"`
	Target      string  `json:"target" doc:"Its page; empty: where the link leads without the test." example:"https://shop.example.com/film"`
	Weight      int64   `json:"weight" doc:"Its part of the visitors, against the weights of the others." example:"1"`
	Clicks      int64   `json:"clicks" doc:"Clicks that count." example:"8120"`
	Conversions int64   `json:"conversions" doc:"Clicks of which a conversion came that was not taken back." example:"251"`
	Rate        float64 `json:"rate" doc:"The part of the clicks that converted." example:"0.0309"`
	Revenue     Money   `json:"revenue" doc:"What refunds have left of these conversions."`
	Difference  float64 `json:"difference" doc:"Its rate less that of a." example:"0.0062"`
	Low         float64 `json:"low" doc:"The true difference is not below this," example:"0.0004"`
	High        float64 `json:"high" doc:"nor above this, with 95 percent certainty for all looks at the test together." example:"0.0120"`
	PValue      float64 `json:"p_value" doc:"How likely so large a difference would ever be seen if there were none; valid at every look." example:"0.031"`
	Real        bool    `json:"real" doc:"Whether the difference may be called real."`
}

// Split is a test of pages against each other.
type Split struct {
	ID           string     `json:"id" doc:"Id of the test." example:"spl_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program      string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link         string     `json:"link" doc:"Of this link alone; empty: of all that lead to the landing page."`
	Name         string     `json:"name" doc:"What it is called." example:"A film on top"`
	Rate         int64      `json:"rate" doc:"The plan: of ten thousand clicks, about so many convert." example:"250"`
	Lift         int64      `json:"lift" doc:"The plan: the smallest difference worth finding, in percent of that." example:"20"`
	ClicksNeeded int64      `json:"clicks_needed" doc:"Clicks per variant that find such a difference in at least four of five tests, however often one looks." example:"31900"`
	Variants     []Variant  `json:"variants" doc:"The pages."`
	Best         string     `json:"best" doc:"The variant that may be declared the winner by now; empty while there is none." example:"b"`
	Winner       string     `json:"winner" doc:"The one that somebody did declare." example:"b"`
	CreatedAt    time.Time  `json:"created_at" doc:"When it began."`
	EndedAt      *time.Time `json:"ended_at" doc:"When it ended; null while it is under way."`
}

// NewSplit is a test to begin.
type NewSplit struct {
	Link     string       `json:"link,omitempty" doc:"Id of a link: of this one alone; of all that lead to the landing page when left out."`
	Name     string       `json:"name" doc:"What it is called." example:"A film on top"`
	Rate     int64        `json:"rate" doc:"Of ten thousand clicks, about so many convert." example:"250"`
	Lift     int64        `json:"lift" doc:"The smallest difference worth finding, in percent of that." example:"20"`
	Variants []NewVariant `json:"variants" doc:"Two to six; the first is what there was before."`
}

// NewVariant is a page of a test.
type NewVariant struct {
	Name   string `json:"name" doc:"What it is called." example:"With a film"`
	Target string `json:"target,omitempty" doc:"An address on one of the program's domains; where the link leads anyway when left out." example:"https://shop.example.com/film"`
	Weight int64  `json:"weight" doc:"1 to 1000." example:"1"`
}

// SplitEnd ends a test.
type SplitEnd struct {
	Winner string `json:"winner,omitempty" doc:"The key of the variant that is declared the winner." example:"b"`
}

// LinkEnd says until when a link leads to its page.
type LinkEnd struct {
	Ends       *time.Time `json:"ends" doc:"From then on its clicks count no more; null for never."`
	Afterwards string     `json:"afterwards,omitempty" doc:"Where it leads from then on, on one of the program's domains; the landing page when left out." example:"https://shop.example.com/over"`
}

// Rules are a program's redirect rules in their order.
func (c *Client) Rules(ctx context.Context, program string) iter.Seq2[Redirect, error] {
	return list[Redirect](ctx, c, path("programs", program, "rules"), nil)
}

// CreateRule makes a rule, after all others.
func (c *Client) CreateRule(ctx context.Context, program string, n NewRedirect) (Redirect, error) {
	return write[Redirect](ctx, c, http.MethodPost, path("programs", program, "rules"), n)
}

// Rule is the rule with the id.
func (c *Client) Rule(ctx context.Context, id string) (Redirect, error) {
	return get[Redirect](ctx, c, path("rules", id), nil)
}

// ReplaceRule writes a rule anew.
func (c *Client) ReplaceRule(ctx context.Context, id string, n NewRedirect) (Redirect, error) {
	return write[Redirect](ctx, c, http.MethodPut, path("rules", id), n)
}

// MoveRule puts a rule at a place of the order, from 1.
func (c *Client) MoveRule(ctx context.Context, id string, place int) (Redirect, error) {
	return write[Redirect](ctx, c, http.MethodPost, path("rules", id, "move"), RuleMove{place})
}

// RemoveRule ends a rule.
func (c *Client) RemoveRule(ctx context.Context, id string) (Redirect, error) {
	return write[Redirect](ctx, c, http.MethodDelete, path("rules", id), nil)
}

// Caps are a program's caps, and how far they are.
func (c *Client) Caps(ctx context.Context, program string) iter.Seq2[Cap, error] {
	return list[Cap](ctx, c, path("programs", program, "caps"), nil)
}

// CreateCap makes a cap.
func (c *Client) CreateCap(ctx context.Context, program string, n NewCap) (Cap, error) {
	return write[Cap](ctx, c, http.MethodPost, path("programs", program, "caps"), n)
}

// Cap is the cap with the id, and how far it is.
func (c *Client) Cap(ctx context.Context, id string) (Cap, error) {
	return get[Cap](ctx, c, path("caps", id), nil)
}

// ChangeCap raises or lowers a cap, or sends the rest elsewhere.
func (c *Client) ChangeCap(ctx context.Context, id string, change CapChange) (Cap, error) {
	return write[Cap](ctx, c, http.MethodPatch, path("caps", id), change)
}

// RemoveCap ends a cap.
func (c *Client) RemoveCap(ctx context.Context, id string) (Cap, error) {
	return write[Cap](ctx, c, http.MethodDelete, path("caps", id), nil)
}

// Splits are a program's split tests, the newest first.
func (c *Client) Splits(ctx context.Context, program string) iter.Seq2[Split, error] {
	return list[Split](ctx, c, path("programs", program, "splits"), nil)
}

// BeginSplit begins a split test.
func (c *Client) BeginSplit(ctx context.Context, program string, n NewSplit) (Split, error) {
	return write[Split](ctx, c, http.MethodPost, path("programs", program, "splits"), n)
}

// Split is the split test with the id, and what came of it.
func (c *Client) Split(ctx context.Context, id string) (Split, error) {
	return get[Split](ctx, c, path("splits", id), nil)
}

// EndSplit ends a split test.
func (c *Client) EndSplit(ctx context.Context, id string, e SplitEnd) (Split, error) {
	return write[Split](ctx, c, http.MethodPost, path("splits", id, "end"), e)
}

// EndLink says until when a link leads to its page, and where it leads afterwards.
func (c *Client) EndLink(ctx context.Context, id string, e LinkEnd) (Link, error) {
	return write[Link](ctx, c, http.MethodPost, path("links", id, "end"), e)
}
