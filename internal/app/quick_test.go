package app_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestThePorchIsPartOfTheHouse asks for a link and for pages through a running server, and directly.
func TestThePorchIsPartOfTheHouse(t *testing.T) {
	a, err := app.Open(t.Context(), app.Config{Database: dbtest.Target(t, db.SQLite), BaseURL: "http://go.example"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(running, l) }()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/c/nobody", "/healthz", "/c/nobody", "/sign-in", "/tag.js"} {
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://"+l.Addr().String()+path, nil))
		answer, err := client.Get("http://" + l.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != w.Code || answer.Header.Get("Content-Type") != w.Header().Get("Content-Type") {
			t.Errorf("%s: %d %s, directly %d %s", path, answer.StatusCode, answer.Header.Get("Content-Type"), w.Code, w.Header().Get("Content-Type"))
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("told to stop, the server ended with %v", err)
	}
}
