package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/once"
	"github.com/tributary-hq/tributary/internal/problem"
)

// caller is who asks, and for a write the key under which its answer is kept.
type caller struct {
	auth.Actor
	token auth.Token
	once  once.Key // without a name when the request has none
	apart bool     // what a test token writes is kept as a test's, and need not be taken back
}

// tries tells whether what the caller reports is a test, whatever it says of itself.
func (c caller) tries() bool { return c.token.Mode == auth.Test }

type callerKey struct{}

// callerIn is who asks. Only the functions that stand between huma and a handler call it: handlers get the caller as an
// argument.
func callerIn(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

// admit lets those in who may ask for the operation.
func (a *API) admit(needs auth.Permission, op huma.Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		w.Header().Set("Cache-Control", "no-store")
		who, err := a.identify(w, r, needs)
		if err == nil && op.Method != http.MethodGet {
			err = who.readKey(w, r, op.MaxBodyBytes)
		}
		if err != nil {
			writeRefusal(w, a.refuse(r.Context(), op.Method, op.Path, err).(*refusal))
			return
		}
		next(huma.WithValue(ctx, callerKey{}, who))
	}
}

// identify finds out who asks, counts the request, and says whether they may.
func (a *API) identify(w http.ResponseWriter, r *http.Request, needs auth.Permission) (caller, error) {
	if !isText(r.URL) {
		return caller{}, &problem.Problem{Status: http.StatusBadRequest, Code: "input_invalid", Detail: "the address holds what is not text"}
	}
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		w.Header().Set("WWW-Authenticate", "Bearer")
		return caller{}, problem.Unauthorized("send a token: Authorization: Bearer trb_live_…")
	}
	token, err := a.tokens.get(strings.TrimSpace(secret), func(secret string) (auth.Token, error) {
		token, err := auth.Bearer(r.Context(), a.db.Read(), secret)
		if err != nil {
			return token, err
		}
		return token, auth.TouchToken(r.Context(), a.db, token)
	})
	if err != nil {
		return caller{}, err
	}
	if err := a.limits.count(w, token.ID, time.Now()); err != nil {
		return caller{}, err
	}
	who := caller{Actor: token.Actor(), token: token}
	who.From = a.proxies.Of(r)
	return who, who.May(needs)
}

// isText holds for addresses that a database can be asked about: valid UTF-8 without NUL.
func isText(u *url.URL) bool {
	query, err := url.QueryUnescape(u.RawQuery)
	text := u.Path + query
	return err == nil && utf8.ValidString(text) && !strings.Contains(text, "\x00")
}

const (
	keyHeader  = "Idempotency-Key"
	keyMost    = 200
	bodyWithin = 30 * time.Second
)

// readKey reads the idempotency key, and the body, whose hash belongs to it.
func (c *caller) readKey(w http.ResponseWriter, r *http.Request, most int64) error {
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyWithin)) // a recorder in a test has none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return &problem.Problem{Status: http.StatusRequestEntityTooLarge, Code: "body_too_large", Detail: "the body is too large"}
	}
	if err != nil {
		return &problem.Problem{Status: http.StatusBadRequest, Code: "body_incomplete", Detail: "the body did not arrive whole"}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	name := r.Header.Get(keyHeader)
	if name == "" {
		return nil
	}
	if len(name) > keyMost || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
		return problem.Wrong(keyHeader, "idempotency_key_invalid", "an idempotency key is 1 to %d printable ASCII characters", keyMost)
	}
	c.once = once.Key{Owner: c.Brand, Name: name, Hash: once.Hash([]byte(r.Method), []byte(r.URL.RequestURI()), body)}
	return nil
}
