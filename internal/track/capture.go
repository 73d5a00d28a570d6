package track

import (
	"context"
	"net/http"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Request is someone following a link, as any server could say it.
type Request struct {
	Method   string
	Code     string
	Query    string // raw, without the question mark
	Agent    string
	Referrer string
	Purpose  string // the header that tells a prefetch
	Address  string // of the network that asks
}

// Answer is what the server replies: where to, or a sentence.
type Answer struct {
	Status   int
	Location string
	Text     string
}

var (
	notFound   = Answer{Status: http.StatusNotFound, Text: "This link leads nowhere.\n"}
	notAllowed = Answer{Status: http.StatusBadRequest, Text: "This link may not lead to that page: it is not on a domain of the program.\n"}
	tooBusy    = Answer{Status: http.StatusServiceUnavailable, Text: "Too many visitors at this moment. Please try again.\n"}
)

// Capture keeps that someone followed a link and says where to send them. A redirect is answered only when the touch is
// durable; what does not count is kept too, with its mark, and redirected all the same.
func (d *Door) Capture(ctx context.Context, r Request) (Answer, error) {
	place, ok, err := d.links.Find(ctx, r.Code)
	if err != nil {
		return Answer{}, err
	}
	if !ok {
		return notFound, nil
	}
	asked := readAsked(r.Query)
	target := place.Target
	if asked.page != "" {
		page, err := creative.Page(place.Program, asked.page)
		if err != nil {
			return notAllowed, nil
		}
		target = page.String()
	}
	at := d.db.Now()
	click := d.keys.NewID(at, place.Number)
	err = d.keeper.Keep(ctx, touch.Touch{
		ID: click, Program: place.Program.ID, Kind: touch.Click, Partnership: place.Partnership, Link: place.Link, Who: touch.WhoClick(click), At: at,
		Mark: touch.Judge(r.Method, r.Purpose, r.Agent), URL: target, Referrer: r.Referrer, Agent: r.Agent, Address: r.Address,
		Sub: asked.sub, Shared: asked.shared,
	})
	if isBusy(err) {
		return tooBusy, nil
	}
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: http.StatusFound, Location: location(target, asked.passed, place.Program.ClickParam, click)}, nil
}
