package bench

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/porch"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

// serve runs the installation on a loopback port until stop is called.
func serve(ctx context.Context, a *app.App) (address string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(running, l) }()
	return l.Addr().String(), func() error { cancel(); return <-ended }, nil
}

// serveBare runs a server of net/http that answers the same redirect and does nothing else.
func serveBare() (address string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"https://shop.example/"}
			w.WriteHeader(http.StatusFound)
		})}
	go server.Serve(l)
	return l.Addr().String(), server.Close, nil
}

// forgets is the storage switched off.
type forgets struct{}

func (forgets) Keep(context.Context, touch.Touch) error { return nil }

// serveDoor runs the door of links alone, with a keeper of its own; the journal is not expanded meanwhile.
func serveDoor(a *app.App, keeper track.Keeper) (address string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	door := track.New(track.Options{DB: a.DB, Links: a.Links, Keeper: keeper, Keys: a.Keys, Line: a.Line})
	p := porch.Open(l, door.Quick, slog.Default())
	server := &http.Server{Handler: door}
	go server.Serve(p)
	return l.Addr().String(), server.Close, nil
}
