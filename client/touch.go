package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Touch is one meeting of a visitor with a partner.
type Touch struct {
	ID          string    `json:"id" doc:"Id of the touch; of a click, the click id." example:"AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind        string    `json:"kind" doc:"How they met." enum:"click,impression,code,direct,call,card,agent" example:"click"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose touch it is; left out for a direct visit." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link        string    `json:"link,omitempty" doc:"The link that was followed." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	At          time.Time `json:"at" doc:"When it happened."`
	Mark        string    `json:"mark,omitempty" doc:"Why it does not count: bot, a program; prefetch, loaded before anybody asked; head, only looked at; embedded, loaded as a part of a page; datacentre, from machines' networks and odd otherwise too; spam, from a referrer that advertises itself; rate, more than people click; duplicate, the same click again; expired, the link had ended; blocked, a rule let nobody through; capped, a cap had been reached; refused, by a person of the brand." enum:"bot,prefetch,head,embedded,datacentre,spam,rate,duplicate,expired,blocked,capped,refused" example:"bot"`
	URL         string    `json:"url,omitempty" doc:"The page it led to." example:"https://shop.example.com/tents"`
	Referrer    string    `json:"referrer,omitempty" doc:"The page it came from." example:"https://anna.example.com/best-tents"`
	Agent       string    `json:"agent,omitempty" doc:"The visitor's browser, as it calls itself."`
	Address     string    `json:"address,omitempty" doc:"The visitor's network, never the whole address." example:"203.0.113.0"`
	Country     string    `json:"country,omitempty" doc:"Where the visitor was, ISO 3166-1; left out when nobody knows." example:"FR"`
	Region      string    `json:"region,omitempty" doc:"And in which part of it, ISO 3166-2." example:"FR-IDF"`
	Network     string    `json:"network,omitempty" doc:"Whose network it was." example:"AS3215 Orange"`
	Sent        string    `json:"sent,omitempty" doc:"Id of the rule, the cap or the split test that decided where to." example:"rul_06a1b2c3d4e5f6g7h8j9kmnp"`
	Variant     string    `json:"variant,omitempty" doc:"Of the split test." example:"b"`
	Subs        []string  `json:"subs,omitempty" doc:"The partner's own words, sub1 to sub5." example:"[\"newsletter\",\"may\"]"`
	Shared      string    `json:"shared,omitempty" doc:"The partner's word that the brand may see." example:"spring"`
}

// TouchFilter narrows a list of touches. What is empty narrows nothing.
type TouchFilter struct {
	Partnership string
	Link        string
	Mark        string    // a mark; any for all that do not count, none for those that do
	Network     string    // as in Address
	Agent       string    // whole
	From, To    time.Time // To is not included
}

// Touches are those of a program, the newest first.
func (c *Client) Touches(ctx context.Context, program string, f TouchFilter) iter.Seq2[Touch, error] {
	return list[Touch](ctx, c, path("programs", program, "touches"),
		values("partnership", f.Partnership, "link", f.Link, "mark", f.Mark, "network", f.Network, "agent", f.Agent, "from", moment(f.From), "to", moment(f.To)))
}

// NewJudgement is a person's judgement of touches: of those that are named, or of those that are described.
type NewJudgement struct {
	Counts  bool           `json:"counts" doc:"Whether they count from now on."`
	Touches []string       `json:"touches,omitempty" maxItems:"1000" doc:"Ids of up to 1000 touches." example:"[\"AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA\"]"`
	All     *JudgedTouches `json:"all,omitempty" doc:"Instead of ids: which touches. The newest 1000 of those that are judged otherwise so far."`
	Reason  string         `json:"reason,omitempty" maxLength:"1000" doc:"A sentence for the record." example:"The network of our own office."`
}

// JudgedTouches says which touches are judged. What is left out narrows nothing.
type JudgedTouches struct {
	Mark        string    `json:"mark,omitempty" doc:"Only those with this mark." enum:"bot,prefetch,head,embedded,datacentre,spam,rate,duplicate,expired,blocked,capped,refused" example:"rate"`
	Partnership string    `json:"partnership,omitempty" doc:"Only of this partnership." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link        string    `json:"link,omitempty" doc:"Only by this link." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	Network     string    `json:"network,omitempty" doc:"Only from this network." example:"203.0.113.0"`
	Agent       string    `json:"agent,omitempty" doc:"Only of this browser, as it calls itself."`
	From        time.Time `json:"from,omitzero" doc:"Only those that happened at this moment or later."`
	To          time.Time `json:"to,omitzero" doc:"Only those that happened before this moment."`
}

// Judged is what came of a judgement.
type Judged struct {
	Touches     int   `json:"touches" doc:"How many count now and did not, or the other way round." example:"12"`
	Already     int   `json:"already" doc:"How many were judged so before." example:"0"`
	Conversions int   `json:"conversions" doc:"In how many conversions the commissions are different now." example:"1"`
	Earned      Money `json:"earned" doc:"What partners earn more by it; less, when it is negative."`
	Final       int   `json:"final" doc:"How many conversions stay as they were because their shares are final." example:"0"`
	More        bool  `json:"more" doc:"True when there are more such touches: send it again."`
}

// Judge decides whether touches count. What is not final is credited again.
func (c *Client) Judge(ctx context.Context, program string, n NewJudgement) (Judged, error) {
	return write[Judged](ctx, c, http.MethodPost, path("programs", program, "touches", "judge"), n)
}
