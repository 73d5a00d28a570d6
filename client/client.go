// Package client speaks to the REST API of Tributary. Its types are the API's own: what the server documents and answers is
// generated from them. It keeps no state between calls and decides nothing about money.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Options are what a client may be told besides the address and the token.
type Options struct {
	HTTP *http.Client // http.DefaultClient when nil
}

// Client calls the API of one installation with one token. It may be used by any number of goroutines.
type Client struct {
	base  string
	token string
	http  *http.Client
	key   string
}

// New makes a client for the installation at baseURL, such as https://partners.example.com.
func New(baseURL, token string, o Options) *Client {
	c := &Client{base: strings.TrimRight(baseURL, "/"), token: token, http: o.HTTP}
	if c.http == nil {
		c.http = http.DefaultClient
	}
	return c
}

// Once is a client whose writes carry the idempotency key: for a caller who may be run again after a crash and must then not
// do the same twice. Use it for one write. Without it each write gets a key of its own, which holds for the retries of that
// call.
func (c *Client) Once(key string) *Client {
	once := *c
	once.key = key
	return &once
}

// request is one call before it is sent.
type request struct {
	method string
	path   string
	query  url.Values
	kind   string // content type of the body
	body   []byte
	key    string
}

const tries = 4

// send sends a request and, while the server is busy or cannot be reached, sends it again: a read because it changes
// nothing, a write because its idempotency key makes sure that it is done once.
func (c *Client) send(ctx context.Context, r request) ([]byte, error) {
	if r.method != http.MethodGet {
		if r.key = c.key; r.key == "" {
			r.key = rand.Text()
		}
	}
	for try := 1; ; try++ {
		body, wait, err := c.try(ctx, r)
		if err == nil || wait < 0 || try == tries || ctx.Err() != nil {
			return body, err
		}
		pause := max(wait, time.Duration(try*try)*100*time.Millisecond)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause/2 + jitter(pause/2)):
		}
	}
}

// try sends a request once. wait is how long the server wants to be left alone before it is asked again; negative: for ever.
func (c *Client) try(ctx context.Context, r request) (body []byte, wait time.Duration, err error) {
	address := c.base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return nil, -1, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	if r.kind != "" {
		req.Header.Set("Content-Type", r.kind)
	}
	if r.key != "" {
		req.Header.Set("Idempotency-Key", r.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		return nil, 0, err
	}
	if resp.StatusCode < 300 {
		return body, 0, nil
	}
	wait = -1
	if resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusTooManyRequests {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		wait = time.Duration(min(max(seconds, 0), 30)) * time.Second
	}
	return nil, wait, readProblem(resp.StatusCode, body)
}

func jitter(most time.Duration) time.Duration {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(most)+1))
	if err != nil {
		return most
	}
	return time.Duration(n.Int64())
}

// get reads what is at a path.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	return answer[T](c.send(ctx, request{method: http.MethodGet, path: path, query: query}))
}

// write sends a body, which may be nil, and reads the answer.
func write[T any](ctx context.Context, c *Client, method, path string, in any) (T, error) {
	r := request{method: method, path: path}
	if in != nil {
		var err error
		if r.body, err = json.Marshal(in); err != nil {
			var zero T
			return zero, err
		}
		r.kind = "application/json"
	}
	return answer[T](c.send(ctx, r))
}

func answer[T any](body []byte, err error) (T, error) {
	var v T
	if err != nil || len(body) == 0 {
		return v, err
	}
	if err := json.Unmarshal(body, &v); err != nil {
		return v, fmt.Errorf("read the answer: %w", err)
	}
	return v, nil
}

// path joins the parts of an address below /v1, escaped.
func path(parts ...string) string {
	var b strings.Builder
	b.WriteString("/v1")
	for _, part := range parts {
		b.WriteString("/" + url.PathEscape(part))
	}
	return b.String()
}
