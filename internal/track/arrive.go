package track

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Arrival is somebody coming to a page of the program, as the tag or its picture tells it.
type Arrival struct {
	touch.Asked
	Visitor  string     // the tag's name for the browser
	Viewer   string     // our own, with which it was shown something; mostly empty
	From     netip.Addr // whole; only the network is kept
	URL      string     // the page
	Referrer string
	Click    string // the click id in the address
	Ref      string // whom the address names, for links without a redirect
	Later    bool   // the visit had begun before: where it comes from matters only if that is a partner
	Again    bool   // it was told before, and no answer came
	At       time.Time
}

// arrive keeps that the visitor came, and by whom: by a click of ours, by the code of a partner in the address, or from a
// partner's approved domain; else directly. What is kept for a code or a domain is a click like any other, and its id is
// returned. A code that nobody has is kept with its reason, and disturbs nothing. Who comes by a test is kept apart.
func (d *Door) arrive(ctx context.Context, prog *program.Program, a Arrival) (click string, err error) {
	prog, ours, err := d.whose(ctx, prog, a)
	if err != nil {
		return "", err
	}
	where := d.places.Of(a.From)
	t := touch.Touch{Program: prog.ID, Who: touch.WhoVisitor(a.Visitor), At: a.At, URL: a.URL, Referrer: a.Referrer, Agent: a.Agent,
		Address: network.Kept(a.From), Country: where.Country, Region: where.Region, ASN: where.ASN}
	if err := d.recognize(ctx, prog, t, a.Viewer); err != nil {
		return "", err
	}
	if ours {
		t.ID, t.Kind, t.Click = id.New("tch", a.At), touch.Landing, a.Click
		return "", d.keep(ctx, prog, t)
	}
	place, stray, err := d.source(ctx, prog, a)
	if err != nil {
		return "", err
	}
	if place.Partnership != "" {
		return d.capture(ctx, prog, place, a, t)
	}
	if a.Later && stray == "" {
		return "", nil
	}
	t.ID, t.Kind = id.New("tch", a.At), touch.Direct
	if t.Mark = stray; stray == "" {
		t.Mark = d.judge(a.Asked, clickOf(prog, "", a))
	}
	known, err := d.isKnown(ctx, a, t)
	return "", errors.Join(err, d.keepIf(ctx, prog, t, err == nil && !known))
}

func (d *Door) keepIf(ctx context.Context, prog *program.Program, t touch.Touch, so bool) error {
	if !so {
		return nil
	}
	return d.keep(ctx, prog, t)
}

func clickOf(prog *program.Program, link string, a Arrival) click {
	return click{program: prog, link: link, referrer: a.Referrer, visitor: a.From, network: network.Kept(a.From), at: a.At}
}

// capture keeps a click that came without a redirect, and whose it was.
func (d *Door) capture(ctx context.Context, prog *program.Program, place creative.Place, a Arrival, t touch.Touch) (string, error) {
	landing := t
	t.Kind, t.Partnership, t.Link = touch.Click, place.Partnership, place.Link
	t.Sub, t.Shared = subsIn(a.URL)
	if known, err := d.isKnown(ctx, a, t); err != nil || known {
		return "", err
	}
	t.Mark = orExpired(d.judge(a.Asked, clickOf(prog, place.Link, a)), place, a.At)
	if place.Link == "" { // a promo code in the address: there is no link whose number a click id could carry
		t.ID = id.New("tch", a.At)
		return "", d.keep(ctx, prog, t)
	}
	t.ID = d.keys.NewID(a.At, place.Number)
	t.Who = touch.WhoClick(t.ID)
	if place.Over(a.At) { // as where it is followed: no id takes the place of one that earns
		return "", d.keep(ctx, prog, t)
	}
	landing.ID, landing.Kind, landing.Click = id.New("tch", a.At), touch.Landing, t.ID
	if err := d.keep(ctx, prog, t); err != nil {
		return "", err
	}
	return t.ID, d.keep(ctx, prog, landing)
}

// source is who has sent a visitor that brings no click id: by the code in the address, else by the site they come from. stray
// says why a code is nobody's.
func (d *Door) source(ctx context.Context, prog *program.Program, a Arrival) (place creative.Place, stray touch.Mark, err error) {
	if a.Ref != "" {
		if place, stray, err = d.named(ctx, prog, a.Ref); err != nil || stray == "" {
			return place, stray, err
		}
	}
	from, err := url.Parse(a.Referrer)
	if err != nil || from.Host == "" || prog.Allows(from) {
		return creative.Place{}, stray, nil
	}
	code, ok := d.links.Direct(prog.ID, from.Hostname())
	if !ok {
		return creative.Place{}, stray, nil
	}
	place, _, err = d.links.Find(ctx, code)
	return place, "", err
}

// named is whom a code in an address names: a link of the program, else the holder of a promo code.
func (d *Door) named(ctx context.Context, prog *program.Program, ref string) (creative.Place, touch.Mark, error) {
	place, found, err := d.links.Find(ctx, ref)
	if err != nil || found && place.Program.ID == prog.ID {
		return place, "", err
	}
	codes, err := creative.CodesNamed(ctx, d.db.Read(), prog.ID, []string{cut(ref, 64)})
	if err != nil {
		return creative.Place{}, "", err
	}
	for _, code := range codes {
		return creative.Place{Partnership: code.Partnership, Program: prog}, "", nil
	}
	if !found {
		if place, found, err = d.links.FindTyped(ctx, ref); err != nil || found && place.Program.ID == prog.ID {
			return place, "", err
		}
	}
	if found {
		return creative.Place{}, touch.Foreign, nil
	}
	return creative.Place{}, touch.Unknown, nil
}

// resent is how far apart the moments of one visit can be that was told twice.
const resent = 2 * time.Minute

// isKnown tells whether a visit that is told again has been kept the first time, and only the answer got lost.
func (d *Door) isKnown(ctx context.Context, a Arrival, t touch.Touch) (bool, error) {
	// What was told a moment ago may not have been read from the journal yet.
	told := d.repeats.isRepeat(d.repeats.name("told", t.Program, a.Visitor, t.URL, t.Link), d.db.Now().UnixMilli(), resent.Milliseconds())
	if !a.Again || told {
		return a.Again, nil
	}
	list, err := touch.List(ctx, d.db.Read(), touch.Filter{Program: t.Program, Link: t.Link, Agent: t.Agent, From: a.At.Add(-resent), To: a.At.Add(resent), Limit: 1000})
	return slices.ContainsFunc(list, func(was touch.Touch) bool {
		return was.Kind == t.Kind && was.URL == t.URL && (was.Who == t.Who || was.Kind == touch.Click)
	}), err
}

// recognize joins the visitor with the browser that was shown something of a partner's.
func (d *Door) recognize(ctx context.Context, prog *program.Program, t touch.Touch, viewer string) error {
	if viewer == "" {
		return nil
	}
	t.ID, t.Kind, t.Click = id.New("tch", t.At), touch.Landing, touch.WhoViewer(viewer)
	return d.keep(ctx, prog, t)
}

// subsIn are the partner's own words in the address of a page, in its query or behind its #.
func subsIn(address string) (sub [5]string, shared string) {
	address, anchor, _ := strings.Cut(address, "#")
	_, query, _ := strings.Cut(address, "?")
	a, b := readAsked(query), readAsked(anchor)
	for i := range sub {
		sub[i] = cmp.Or(a.sub[i], b.sub[i])
	}
	return sub, cmp.Or(a.shared, b.shared)
}

func cut(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }

// refIn is the click id and the code that the address of a page carries: by a parameter, behind its #, or in its path as
// /ref/code.
func refIn(address, clickParam string, params []string) (click, ref string) {
	address, anchor, _ := strings.Cut(address, "#")
	page, query, _ := strings.Cut(address, "?")
	for _, part := range [...]string{query, anchor} {
		for name, value := range pairs(part) {
			switch {
			case name == clickParam:
				setOnce(&click, value)
			case slices.Contains(program.RefParams, name) || slices.Contains(params, name):
				setOnce(&ref, value)
			}
		}
	}
	if _, rest, ok := strings.Cut(page, "/ref/"); ok && ref == "" {
		ref, _, _ = strings.Cut(rest, "/")
	}
	return click, ref
}
