package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Link leads visitors to a page of the program and says who sent them.
type Link struct {
	ID          string     `json:"id" doc:"Id of the link." example:"lnk_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string     `json:"partnership" doc:"Whose link it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Code        string     `json:"code" doc:"What tells it apart in its address." example:"anna"`
	URL         string     `json:"url" doc:"The address to hand out." example:"https://partners.example.com/c/anna"`
	Target      string     `json:"target" doc:"The page it leads to; empty for the program's landing page." example:"https://shop.example.com/tents"`
	Label       string     `json:"label" doc:"The partner's own note." example:"Blog, sidebar"`
	Ends        *time.Time `json:"ends" doc:"From when on it leads elsewhere and its clicks do not count; null for never."`
	Afterwards  string     `json:"afterwards" doc:"Where it leads then; empty for the landing page." example:""`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was made."`
}

// NewLink is a link to be made.
type NewLink struct {
	Code       string     `json:"code,omitempty" doc:"What tells it apart in its address; a short one is made up when left out." example:"anna"`
	Target     string     `json:"target,omitempty" doc:"A page on one of the program's domains; its landing page when left out." example:"https://shop.example.com/tents"`
	Ends       *time.Time `json:"ends,omitempty" doc:"From when on it leads elsewhere; never when left out."`
	Afterwards string     `json:"afterwards,omitempty" doc:"Where it leads then, on one of the program's domains; the landing page when left out." example:"https://shop.example.com/over"`
	Label      string     `json:"label,omitempty" doc:"A note, at most 120 characters." example:"Blog, sidebar"`
}

// Code is a promo code: a buyer who uses it was sent by the partner.
type Code struct {
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Whose code it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Code        string    `json:"code" doc:"The code, in capitals." example:"ANNA10"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was given."`
}

// NewCode is a promo code to be given.
type NewCode struct {
	Code string `json:"code" doc:"2 to 64 letters, digits, hyphens and underscores; kept in capitals." example:"ANNA10"`
}

// Links are a partnership's links, the oldest first.
func (c *Client) Links(ctx context.Context, partnership string) iter.Seq2[Link, error] {
	return list[Link](ctx, c, path("partnerships", partnership, "links"), nil)
}

// CreateLink makes a link.
func (c *Client) CreateLink(ctx context.Context, partnership string, n NewLink) (Link, error) {
	return write[Link](ctx, c, http.MethodPost, path("partnerships", partnership, "links"), n)
}

// Link is the link with the id.
func (c *Client) Link(ctx context.Context, id string) (Link, error) {
	return get[Link](ctx, c, path("links", id), nil)
}

// Codes are a partnership's promo codes, the oldest first.
func (c *Client) Codes(ctx context.Context, partnership string) iter.Seq2[Code, error] {
	return list[Code](ctx, c, path("partnerships", partnership, "codes"), nil)
}

// CreateCode gives a promo code to a partnership.
func (c *Client) CreateCode(ctx context.Context, partnership string, n NewCode) (Code, error) {
	return write[Code](ctx, c, http.MethodPost, path("partnerships", partnership, "codes"), n)
}
