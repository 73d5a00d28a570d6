package track

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Request is someone following a link, as any server could say it.
type Request struct {
	touch.Asked
	Code     string
	Query    string // raw, without the question mark
	Referrer string
	Visitor  netip.Addr // who asks; only the network is kept
}

// Answer is what the server replies: where to, or a sentence.
type Answer struct {
	Status   int
	Location string
	Text     string
	Pages    map[string][]byte // for people, by language, instead of the text
}

var (
	notFound = Answer{Status: http.StatusNotFound, Text: "This link leads nowhere.\n"}
	tooBusy  = Answer{Status: http.StatusServiceUnavailable, Text: "Too many visitors at this moment. Please try again.\n"}
)

// Capture keeps that someone followed a link and says where to send them. A redirect is answered only when the touch is
// durable, unless the program sends visitors on first; what does not count is kept too, with its mark, and redirected all the same.
func (d *Door) Capture(ctx context.Context, r Request) (Answer, error) {
	place, ok, err := d.links.FindTyped(ctx, r.Code)
	if err != nil {
		return Answer{}, err
	}
	if !ok {
		return notFound, nil
	}
	asked := readAsked(r.Query)
	target := asked.target(place.Program, place.Target)
	at := d.db.Now()
	id, from := d.keys.NewID(at, place.Number), network.Kept(r.Visitor)
	mark := d.judge(r.Asked, click{program: place.Program, link: place.Link, referrer: r.Referrer, visitor: r.Visitor, network: from, at: at})
	where := d.places.Of(r.Visitor)
	way := d.way(place, asked, r, where, mark, at)
	if way.Target != "" {
		target = way.Target
	}
	err = d.keep(ctx, place.Program, touch.Touch{
		ID: id, Program: place.Program.ID, Kind: touch.Click, Partnership: place.Partnership, Link: place.Link, Who: touch.WhoClick(id), At: at,
		Mark: way.Mark, URL: target, Referrer: r.Referrer, Agent: r.Agent, Address: from,
		Sub: asked.sub, Shared: asked.shared,
		Country: where.Country, Region: where.Region, ASN: where.ASN, Sent: way.Sent, Variant: way.Variant,
	})
	if err != nil {
		way.undo()
	}
	if isBusy(err) {
		return tooBusy, nil
	}
	if err != nil {
		return Answer{}, err
	}
	if way.Blocked {
		return blocked, nil
	}
	if place.Over(at) || way.Mark == touch.Capped {
		return Answer{Status: http.StatusFound, Location: plain(target, asked.passed)}, nil
	}
	return Answer{Status: http.StatusFound, Location: location(target, asked.passed, place.Program.ClickParam, id)}, nil
}
