package client

import (
	"context"
	"iter"
	"time"
)

// Touch is one meeting of a visitor with a partner.
type Touch struct {
	ID          string    `json:"id" doc:"Id of the touch; of a click, the click id." example:"AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind        string    `json:"kind" doc:"How they met." enum:"click,impression,code,direct" example:"click"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose touch it is; left out for a direct visit." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link        string    `json:"link,omitempty" doc:"The link that was followed." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	At          time.Time `json:"at" doc:"When it happened."`
	Mark        string    `json:"mark,omitempty" doc:"Why it does not count." enum:"head,prefetch,bot,duplicate" example:"bot"`
	URL         string    `json:"url,omitempty" doc:"The page it led to." example:"https://shop.example.com/tents"`
	Referrer    string    `json:"referrer,omitempty" doc:"The page it came from." example:"https://anna.example.com/best-tents"`
	Agent       string    `json:"agent,omitempty" doc:"The visitor's browser, as it calls itself."`
	Address     string    `json:"address,omitempty" doc:"The visitor's network, never the whole address." example:"203.0.113.0"`
	Subs        []string  `json:"subs,omitempty" doc:"The partner's own words, sub1 to sub5." example:"[\"newsletter\",\"may\"]"`
	Shared      string    `json:"shared,omitempty" doc:"The partner's word that the brand may see." example:"spring"`
}

// TouchFilter narrows a list of touches. What is empty narrows nothing.
type TouchFilter struct {
	Partnership string
	Link        string
	From, To    time.Time // To is not included
}

// Touches are those of a program, the newest first.
func (c *Client) Touches(ctx context.Context, program string, f TouchFilter) iter.Seq2[Touch, error] {
	return list[Touch](ctx, c, path("programs", program, "touches"),
		values("partnership", f.Partnership, "link", f.Link, "from", moment(f.From), "to", moment(f.To)))
}
