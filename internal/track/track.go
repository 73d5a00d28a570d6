// Package track is the public doors: a partner's link, a shop's postback, the browser tag, the pictures of banners. It believes nobody, keeps what
// happened before it answers, and decides nothing about who earned what.
package track

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/place"
	"github.com/tributary-hq/tributary/internal/refusal"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Options are what the doors open on.
type Options struct {
	DB      *db.DB
	Links   *creative.Snapshot
	Keeper  Keeper
	Keys    touch.Keys
	Line    *commission.Line
	Log     *slog.Logger
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Losses  *touch.Losses  // counts what cannot be kept; counted for nobody when nil
	Refused *refusal.Book  // counts what is refused; nobody does when nil
	Lists   *Lists         // of networks and referrers; none when nil
	Places  *place.Book    // where visitors are; unknown when nil
	Steer   *steer.Board   // where they are sent instead; nowhere when nil
}

// Keeper returns once a touch is durable; touch.Keeper does. A measurement of all the rest has one that keeps nothing.
type Keeper interface {
	Keep(ctx context.Context, t touch.Touch) error
}

// Door is the public doors as one handler.
type Door struct {
	db      *db.DB
	links   *creative.Snapshot
	keeper  Keeper
	keys    touch.Keys
	line    *commission.Line
	log     *slog.Logger
	proxies network.Proxies
	mux     *http.ServeMux

	patterns       []string // of the mux
	lists          *Lists
	rates, repeats *recent
	places         *place.Book
	steer          *steer.Board
	visits         *recent

	pictures *pictures
	losses   *touch.Losses
	refused  *refusal.Book
	namers   namers
	sights   sights

	versionKept sync.Once
}

// Patterns are the addresses that a mux hands to the door.
var Patterns = []string{linkPath, "/postback/", "/t/", "/tag.js", tagPath, picturePath, "/agent/", seenPath, directPath}

const linkPath = "/c/"

// New opens the doors.
func New(o Options) *Door {
	d := &Door{db: o.DB, links: o.Links, keeper: o.Keeper, keys: o.Keys, line: o.Line, log: o.Log, proxies: o.Proxies, mux: http.NewServeMux(),
		pictures: newPictures(), lists: o.Lists, refused: o.Refused, rates: newRecent(), repeats: newRecent(),
		places: o.Places, steer: o.Steer, visits: newRecent()}
	if d.lists == nil {
		d.lists, _ = OpenLists("", "") // without files nothing can fail
	}
	if d.losses = o.Losses; d.losses == nil {
		d.losses = &touch.Losses{}
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /postback/{program}":           d.postback,
		"POST /postback/{program}":          d.postback,
		"GET /postback/{program}/pixel.gif": d.pixel,
		"POST /t/{program}":                 d.tagged,
		"OPTIONS /t/{program}":              d.preflight,
		"GET /t/{picture}":                  d.scriptless,
		"GET /tag.js":                       serveTag,
		"GET " + tagPath + "{name}":         d.serveVersion,
		"GET /d/{program}":                  d.forward,
		"GET /b/{name}":                     d.serveBanner,
		"GET /agent/{code}":                 d.agent,
		"POST /agent/{code}":                d.agent,
	} {
		d.mux.HandleFunc(pattern, handle)
		d.patterns = append(d.patterns, pattern)
	}
	return d
}

// Routes are all addresses that the door answers, with their methods: what a stranger can send to.
func (d *Door) Routes() []string {
	return slices.Sorted(slices.Values(append([]string{"GET " + linkPath + "{code}", "GET " + seenPath + "{code}.gif", "GET /{code} at a domain"}, d.patterns...)))
}

// ServeHTTP answers at each of Patterns. Links do not go through a mux: theirs is the door that is loaded.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if code, ok := strings.CutPrefix(r.URL.Path, linkPath); ok {
		d.serveLink(w, r, code)
		return
	}
	if strings.HasPrefix(r.URL.Path, seenPath) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		d.servePixel(w, r)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// isBusy holds for what the sender shall simply try again: the queue is full, or the database is away.
func isBusy(err error) bool { return db.Unavailable(err) }
