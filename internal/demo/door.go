package demo

import (
	"bytes"
	"io"
	"net/http"
)

// door carries requests to a handler of this process, without a wire: how the shop calls the API of the server that it is
// part of, and how the fill knocks at every door.
type door struct{ http.Handler }

// RoundTrip lets the handler answer.
func (d door) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RequestURI = r.URL.RequestURI()
	if r.RemoteAddr == "" {
		r.RemoteAddr = "127.0.0.1:1"
	}
	w := &answer{header: http.Header{}}
	d.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK) // unless it has said another
	return &http.Response{StatusCode: w.status, Status: http.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r}, nil
}

// answer gathers what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
