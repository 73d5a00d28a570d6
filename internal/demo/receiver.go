package demo

import (
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/postback"
)

// receiver is a partner's own tracker: it takes every postback and shows the last of them. It forgets them when it ends.
type receiver struct {
	page *template.Template
	log  *slog.Logger
	mu   sync.Mutex
	got  []arrival // the newest first
}

// arrival is a message as it came.
type arrival struct {
	At     time.Time
	Method string
	Number string
	Test   bool
	Signed bool
	Pairs  [][2]string
}

const (
	arrivalsMost     = 100
	arrivalBytesMost = 16 << 10
)

//go:embed receiver
var receiverFiles embed.FS

// Receiver is the tracker as a handler for /receiver/. It panics when its own template cannot be read.
func Receiver(log *slog.Logger) http.Handler {
	r := &receiver{log: log, page: template.Must(template.ParseFS(receiverFiles, "receiver/page.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /receiver/{$}", r.show)
	mux.HandleFunc("/receiver/postback", r.take)
	mux.HandleFunc("GET /receiver/receiver.css", func(w http.ResponseWriter, q *http.Request) {
		http.ServeFileFS(w, q, receiverFiles, "receiver/receiver.css")
	})
	return guard(mux)
}

func (r *receiver) take(w http.ResponseWriter, q *http.Request) {
	a := arrival{At: time.Now().UTC(), Method: q.Method, Number: q.Header.Get("Tributary-Sequence"), Test: q.Header.Get("Tributary-Test") != "", Signed: q.Header.Get("Webhook-Signature") != ""}
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, arrivalBytesMost))
	if err != nil {
		http.Error(w, "that is too much", http.StatusRequestEntityTooLarge)
		return
	}
	values := q.URL.Query()
	if q.Header.Get("Content-Type") == "application/json" {
		fields := map[string]string{}
		if err := json.Unmarshal(body, &fields); err != nil {
			http.Error(w, "that is not JSON", http.StatusBadRequest)
			return
		}
		for name, value := range fields {
			values.Set(name, value)
		}
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		maps.Copy(values, form)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a.Pairs = append(a.Pairs, [2]string{name, values.Get(name)})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append([]arrival{a}, r.got[:min(len(r.got), arrivalsMost-1)]...)
	io.WriteString(w, "OK")
}

func (r *receiver) show(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	got := slices.Clone(r.got)
	r.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := r.page.Execute(w, got); err != nil {
		r.log.Error("show what arrived", "error", err)
	}
}

// tracked is the partner with a tracker, and the day on which it is connected.
const (
	tracked     = "lena@huettenzauber.example"
	trackedFrom = 80
	trackerPath = "/receiver/postback?cid={click_id}&order={order_id}&status={status}&payout={payout}&currency={currency}&from={sub1}&n={sequence}"
)

// connect gives a partner a postback to the receiver.
func connect(ctx context.Context, w *walk) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := postback.Create(ctx, tx, w.program, postback.Postback{Partnership: w.known[tracked], Name: "Our tracker", Way: postback.Get,
			Template: w.story.Base + trackerPath, Moments: postback.Moments}, "")
		return err
	})
}
