package track

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// seenPath is where the pixels are that count what was shown of a partner's: /i/{code}.gif.
const seenPath = "/i/"

// viewerCookie is the name of a browser that was shown something. It is set only where a contract pays for that.
const viewerCookie = "trb_seen"

// Seen is somebody being shown something of a partner's, as any server could say it.
type Seen struct {
	Request
	Viewer string // the name that the browser had; empty for a new one
}

// See keeps that something of a partner's was shown. It returns the name that the browser is to have, empty when it needs
// none, and nothing is done for a code that does not exist.
func (d *Door) See(ctx context.Context, s Seen) (viewer string, err error) {
	place, ok, err := d.links.Find(ctx, s.Code)
	if err != nil || !ok {
		return "", err
	}
	at, from, asked := d.db.Now(), network.Kept(s.Visitor), readAsked(s.Query)
	s.Dest, s.Accept = "", "image/*" // a picture is no navigation, and who loads one accepts one
	mark := d.judge(s.Asked, click{program: place.Program, link: seenPath + place.Link, referrer: s.Referrer, visitor: s.Visitor, network: from, at: at})
	mark = orExpired(mark, place, at)
	named, err := d.sights.named(ctx, d.db, place.Partnership, at)
	if err != nil {
		return "", err
	}
	who := ""
	if named && mark == touch.Counts {
		if viewer = s.Viewer; !isVisitor(viewer) {
			viewer = id.Secret(16)
		}
		who = touch.WhoViewer(viewer)
	}
	where := d.places.Of(s.Visitor)
	return viewer, d.keep(ctx, place.Program, touch.Touch{ID: id.New("tch", at), Program: place.Program.ID, Kind: touch.Impression, Partnership: place.Partnership,
		Link: place.Link, Who: who, At: at, Mark: mark, Referrer: s.Referrer, Agent: s.Agent, Address: from, Sub: asked.sub, Shared: asked.shared,
		Country: where.Country, Region: where.Region, ASN: where.ASN})
}

// sights remember for a while with which partnerships it is agreed that a view counts.
type sights struct {
	mu    sync.Mutex
	known map[string]sight
}

type sight struct {
	named bool
	until time.Time
}

const (
	sightFor   = time.Minute
	sightsMost = 100_000
)

func (s *sights) named(ctx context.Context, d *db.DB, partnership string, now time.Time) (bool, error) {
	s.mu.Lock()
	held, ok := s.known[partnership]
	s.mu.Unlock()
	if ok && now.Before(held.until) {
		return held.named, nil
	}
	versions, err := contract.Versions(ctx, d.Read(), []string{partnership})
	if err != nil {
		return false, err
	}
	v, ok := contract.InForce(versions[partnership], now, program.Always)
	held = sight{ok && v.Terms.ViewDays > 0, now.Add(sightFor)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= sightsMost {
		s.known = map[string]sight{}
	}
	s.known[partnership] = held
	return held.named, nil
}

// pixel is a transparent GIF of one point.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

var eachTime = []string{"no-cache"}

const viewerSeconds = contract.MaxViewDays * 24 * 60 * 60

// servePixel counts what was shown, and answers with a pixel whatever happens: a page of strangers shall not break.
func (d *Door) servePixel(w http.ResponseWriter, r *http.Request) {
	code, ok := pixelCode(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	d.countView(r.Method, code, r.URL.RawQuery, r.Header, d.proxies.Client(r), w.Header())
	writePixel(w)
}

func pixelCode(path string) (code string, ok bool) {
	return strings.CutSuffix(strings.TrimPrefix(path, seenPath), ".gif")
}

func writePixel(w http.ResponseWriter) {
	ofPixel(w.Header())
	w.Write(pixel)
}

func ofPixel(h setter) {
	h.Set("Content-Type", "image/gif")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// countView keeps that something was shown, and names the browser where a view can count.
func (d *Door) countView(method, code, query string, asked getter, visitor netip.Addr, h setter) {
	viewer, err := d.See(context.Background(), Seen{Request{Asked: ask(method, asked), Code: code, Query: query, Referrer: asked.Get("Referer"),
		Visitor: visitor}, viewerOf(asked)})
	if err != nil {
		d.log.Error("count a view", "code", code, "error", err)
	}
	if viewer != "" {
		// Neither the pages nor the link door ever see it.
		for _, path := range [...]string{seenPath, picturePath, "/t/"} {
			h.Add("Set-Cookie", (&http.Cookie{Name: viewerCookie, Value: viewer, Path: path, MaxAge: viewerSeconds, HttpOnly: true, Secure: true,
				SameSite: http.SameSiteNoneMode}).String())
		}
	}
}

// viewerOf is the name that a browser brings, when it is one of ours.
func viewerOf(asked getter) string {
	held := asked.Get("Cookie")
	if !strings.Contains(held, viewerCookie) {
		return ""
	}
	list, err := http.ParseCookie(held)
	if err != nil {
		return ""
	}
	for _, c := range list {
		if c.Name == viewerCookie && isVisitor(c.Value) {
			return c.Value
		}
	}
	return ""
}

// isShown tells whether a picture is asked for by the page of a partner that shows it, and by which link.
func isShown(r *http.Request) (code string, ok bool) {
	code = r.URL.Query().Get("l")
	return code, code != "" && creative.IsCode(code)
}
