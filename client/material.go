package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Creative is what a brand gives its partners to hand out.
type Creative struct {
	ID        string     `json:"id" doc:"Id of the creative." example:"crv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program   string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind      string     `json:"kind" doc:"What it is." enum:"banner,text,email,page"`
	Name      string     `json:"name" doc:"What it is called." example:"Tents, summer"`
	Target    string     `json:"target" doc:"The page it leads to; empty for the program's landing page." example:"https://shop.example.com/tents"`
	Language  string     `json:"language" doc:"The language of its words; empty for any." example:"en"`
	Place     int64      `json:"place" doc:"Its place in the library, the smallest first." example:"10"`
	Subject   string     `json:"subject" doc:"Of an email." example:"Four days in the hills"`
	Text      string     `json:"text" doc:"Of a banner what is read where it cannot be seen; of a text link its words; of an email its text, with {link} for the partner's link." example:"Tents that are mended"`
	Picture   string     `json:"picture" doc:"The address of a banner's picture; what it shows never changes." example:"https://partners.example.com/b/crv_06a1b2c3d4e5f6g7h8j9kmnp.png"`
	Width     int64      `json:"width" doc:"Of the picture, in pixels." example:"300"`
	Height    int64      `json:"height" doc:"Of the picture, in pixels." example:"250"`
	Starts    *time.Time `json:"starts" doc:"From when on it is offered; null for at once."`
	Ends      *time.Time `json:"ends" doc:"From when on it is offered no more; null for no end."`
	State     string     `json:"state" doc:"Whether partners are offered it now." enum:"offered,scheduled,over,archived"`
	CreatedAt time.Time  `json:"created_at" doc:"When it was added."`
}

// NewCreative is a creative to be added.
type NewCreative struct {
	Kind     string     `json:"kind" doc:"What it is." enum:"banner,text,email,page" example:"text"`
	Name     string     `json:"name" doc:"What it is called, at most 120 characters." example:"Tents, summer"`
	Target   string     `json:"target,omitempty" doc:"A page on one of the program's domains; its landing page when left out." example:"https://shop.example.com/tents"`
	Language string     `json:"language,omitempty" doc:"The language of its words, such as en; any when left out." example:"en"`
	Place    int64      `json:"place,omitempty" doc:"Its place in the library, the smallest first."`
	Subject  string     `json:"subject,omitempty" doc:"Of an email."`
	Text     string     `json:"text,omitempty" doc:"As in the creative." example:"Tents that are mended"`
	Picture  []byte     `json:"picture,omitempty" doc:"A banner's PNG, JPEG, GIF or WebP of at most 500 kB, in base64."`
	Starts   *time.Time `json:"starts,omitempty" doc:"From when on it is offered; at once when left out."`
	Ends     *time.Time `json:"ends,omitempty" doc:"From when on it is offered no more; never when left out."`
}

// CreativeCode is what one partner puts onto a page, sends or posts for a creative.
type CreativeCode struct {
	Creative    string `json:"creative" doc:"Id of the creative." example:"crv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string `json:"partnership" doc:"Whose code it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Link        Link   `json:"link" doc:"The partner's own link for the creative."`
	HTML        string `json:"html" doc:"For a page; empty for an email." example:"<a href=\"https://partners.example.com/c/k3x9q2a\" rel=\"sponsored nofollow\">Tents that are mended</a>"`
	Plain       string `json:"plain" doc:"As plain text." example:"Tents that are mended https://partners.example.com/c/k3x9q2a"`
	Subject     string `json:"subject" doc:"Of an email." example:"Four days in the hills"`
}

// Creatives are a program's creatives in their order, archived ones too.
func (c *Client) Creatives(ctx context.Context, program string) iter.Seq2[Creative, error] {
	return list[Creative](ctx, c, path("programs", program, "creatives"), nil)
}

// CreateCreative adds a creative.
func (c *Client) CreateCreative(ctx context.Context, program string, n NewCreative) (Creative, error) {
	return write[Creative](ctx, c, http.MethodPost, path("programs", program, "creatives"), n)
}

// Creative is the creative with the id.
func (c *Client) Creative(ctx context.Context, id string) (Creative, error) {
	return get[Creative](ctx, c, path("creatives", id), nil)
}

// ArchiveCreative takes a creative out of the library. Its links and its picture go on working.
func (c *Client) ArchiveCreative(ctx context.Context, id string) (Creative, error) {
	return write[Creative](ctx, c, http.MethodPost, path("creatives", id, "archive"), struct{}{})
}

// CreativeCode gives a partnership its code for a creative; again and again it is the same one.
func (c *Client) CreativeCode(ctx context.Context, partnership, creative string) (CreativeCode, error) {
	return write[CreativeCode](ctx, c, http.MethodPost, path("partnerships", partnership, "creatives", creative, "code"), struct{}{})
}
