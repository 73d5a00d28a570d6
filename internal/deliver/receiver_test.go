package deliver_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
)

// receiver is somebody's server. Its paths are the ways in which it can behave.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	got   []arrival
	mood  atomic.Value // how /moody behaves
	inUse atomic.Int64
	most  atomic.Int64 // requests at the same time
}

type arrival struct {
	path, query, body, method string
	header                    http.Header
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{}
	r.mood.Store("/ok")
	r.Server = httptest.NewServer(r)
	t.Cleanup(func() { r.CloseClientConnections(); r.Close() })
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	now := r.inUse.Add(1)
	defer r.inUse.Add(-1)
	for most := r.most.Load(); now > most && !r.most.CompareAndSwap(most, now); most = r.most.Load() {
	}
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.got = append(r.got, arrival{q.URL.Path, q.URL.RawQuery, string(body), q.Method, q.Header.Clone()})
	r.mu.Unlock()
	path := q.URL.Path
	if path == "/moody" {
		path = r.mood.Load().(string)
	}
	switch path {
	case "/ok":
		fmt.Fprint(w, "thanks")
	case "/500":
		http.Error(w, "the tracker is down", http.StatusInternalServerError)
	case "/busy":
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusTooManyRequests)
	case "/redirect":
		http.Redirect(w, q, "/ok", http.StatusFound)
	case "/hang":
		<-q.Context().Done()
	case "/reset":
		c, _, _ := http.NewResponseController(w).Hijack()
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	case "/slow-body":
		fmt.Fprint(w, "first")
		http.NewResponseController(w).Flush()
		<-q.Context().Done()
	case "/huge":
		for range 4096 {
			if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
				return
			}
		}
	case "/nonsense":
		c, _, _ := http.NewResponseController(w).Hijack()
		io.WriteString(c, "\x00\x01 no HTTP at all\r\n\r\n")
		c.Close()
	case "/binary":
		w.Write([]byte{0xff, 0x00, 'o', 'k'})
	}
}

// at are the requests that came to a path.
func (r *receiver) at(path string) (list []arrival) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.got {
		if a.path == path {
			list = append(list, a)
		}
	}
	return list
}

// world is a database with targets, a clock that the test moves, and a sender that may reach the loopback.
type world struct {
	t      testing.TB
	d      *db.DB
	mu     sync.Mutex
	now    time.Time
	sender *deliver.Sender
	paused []string
}

var loopback = []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")}

func newWorld(t testing.TB, d *db.DB, change ...func(*deliver.Options)) *world {
	w := &world{t: t, d: d, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.SetClock(func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now })
	w.sender = w.open(change...)
	return w
}

func (w *world) open(change ...func(*deliver.Options)) *deliver.Sender {
	o := deliver.Options{DB: w.d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Reach: loopback, Most: 400 * time.Millisecond,
		Paused: func(_ context.Context, _ *db.Tx, target string) error {
			w.paused = append(w.paused, target)
			return nil
		}}
	for _, fn := range change {
		fn(&o)
	}
	s := deliver.Open(o)
	w.t.Cleanup(s.Close)
	return s
}

func (w *world) pass(by time.Duration) { w.mu.Lock(); w.now = w.now.Add(by); w.mu.Unlock() }

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.t.Context(), func(tx *db.Tx) error { return fn(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) target(id, secret string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Create(ctx, tx, id, secret) })
}

// add adds deliveries to a target, one for each address.
func (w *world) add(target string, addresses ...string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		first, err := deliver.Number(ctx, tx, target, len(addresses))
		if err != nil {
			return err
		}
		var list []deliver.New
		for i, a := range addresses {
			list = append(list, deliver.New{Target: target, Number: first + int64(i), About: "test", Request: deliver.Request{Method: "GET", URL: a}})
		}
		return deliver.Add(ctx, tx, list...)
	})
}

func (w *world) run() {
	w.t.Helper()
	if err := w.sender.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// log are a target's deliveries, the oldest first, as "state/attempts".
func (w *world) log(target string) (list []deliver.Delivery, said string) {
	w.t.Helper()
	list, err := deliver.List(w.t.Context(), w.d.Read(), deliver.Filter{Target: target, Limit: 10000})
	if err != nil {
		w.t.Fatal(err)
	}
	byNumber := make([]deliver.Delivery, len(list))
	for _, d := range list {
		byNumber[d.Number-1] = d
	}
	var words []string
	for _, d := range byNumber {
		words = append(words, fmt.Sprintf("%s/%d", d.State, d.Attempts))
	}
	return byNumber, strings.Join(words, " ")
}

func (w *world) says(target, want string) {
	w.t.Helper()
	if _, got := w.log(target); got != want {
		w.t.Errorf("%s: %s, want %s", target, got, want)
	}
}

func (w *world) attempts(d deliver.Delivery) []deliver.Attempt {
	w.t.Helper()
	list, err := deliver.Attempts(w.t.Context(), w.d.Read(), d.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}
