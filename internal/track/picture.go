package track

import (
	"net/http"
	"strings"
	"sync"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

const picturePath = "/b/"

// The bounds of what pictures take: bytes that are kept in memory, and how many are read from the database at once.
const (
	picturesKept    = 32 << 20
	picturesReading = 8
)

// pictures are banners in memory. What an address shows never changes, so nothing in here can be out of date.
type pictures struct {
	mu      sync.RWMutex
	held    map[string]creative.Picture // by creative
	bytes   int
	reading chan struct{}
}

func newPictures() *pictures {
	return &pictures{held: map[string]creative.Picture{}, reading: make(chan struct{}, picturesReading)}
}

func (p *pictures) get(id string) (creative.Picture, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	held, ok := p.held[id]
	return held, ok
}

// put keeps a picture; what is too much gives way, whichever it is.
func (p *pictures) put(id string, picture creative.Picture) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.held[id]; ok {
		return
	}
	for other, held := range p.held {
		if p.bytes+len(picture.Body) <= picturesKept {
			break
		}
		p.bytes -= len(held.Body)
		delete(p.held, other)
	}
	p.held[id] = picture
	p.bytes += len(picture.Body)
}

// serveBanner answers with a banner's picture, archived ones too. It is shown on pages of strangers, and must do nothing
// but be seen: its type is that of its content, and opened by itself it is in a sandbox.
func (d *Door) serveBanner(w http.ResponseWriter, r *http.Request) {
	name, extension, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, picturePath), ".")
	picture, ok := d.pictures.get(name)
	if !ok && !id.Is("crv", name) {
		http.NotFound(w, r)
		return
	}
	if !ok {
		select {
		case d.pictures.reading <- struct{}{}:
			defer func() { <-d.pictures.reading }()
		case <-r.Context().Done():
			return
		}
		var err error
		if picture, err = creative.PictureOf(r.Context(), d.db.Read(), name); err != nil {
			d.noBanner(w, r, err)
			return
		}
		d.pictures.put(name, picture)
	}
	if extension != (creative.Material{Format: picture.Format}).Extension() {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h["Cache-Control"] = []string{"public, max-age=31536000, immutable"}
	if code, shown := isShown(r); shown { // asked each time, so that each time is counted; the bytes are not sent again
		h["Cache-Control"] = eachTime
		d.countView(r.Method, code, r.URL.RawQuery, r.Header, d.proxies.Client(r), h)
	}
	h["Etag"] = []string{`"` + picture.Hash[:32] + `"`}
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = []string{"default-src 'none'; sandbox"}
	h["Cross-Origin-Resource-Policy"] = []string{"cross-origin"}
	if strings.Contains(first(r, "If-None-Match"), picture.Hash[:32]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = []string{creative.Formats[picture.Format]}
	w.Write(picture.Body) // net/http sends no body to a HEAD
}

func (d *Door) noBanner(w http.ResponseWriter, r *http.Request, err error) {
	if _, ok := problem.As(err); ok {
		w.Header()["Cache-Control"] = noStore
		http.NotFound(w, r)
		return
	}
	if isBusy(err) {
		w.Header()["Retry-After"] = aMoment
		http.Error(w, "Please try again in a moment.", http.StatusServiceUnavailable)
		return
	}
	if r.Context().Err() == nil {
		d.log.Error("serve banner", "path", r.URL.Path, "error", err)
	}
	http.Error(w, "Something went wrong on our side. Please try again.", http.StatusInternalServerError)
}
