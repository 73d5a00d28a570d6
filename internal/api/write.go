package api

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/once"
	"github.com/tributary-hq/tributary/internal/problem"
)

// errRehearsed ends the transaction of a test token, which must leave nothing behind but tests.
var errRehearsed = errors.New("rehearsed")

// write runs fn in one transaction and keeps its answer there under the caller's idempotency key: what is done and what is
// answered are durable together or not at all. A request that was answered before gets that answer, and fn does not run.
func (a *API) write(ctx context.Context, who caller, fn func(tx *db.Tx) (status int, answer any, err error)) (done, error) {
	var d done
	err := a.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		d, err = a.writeIn(ctx, tx, who, fn)
		return err
	})
	if errors.Is(err, errRehearsed) {
		return d, nil
	}
	if _, refused := problem.As(err); refused && who.once.Name != "" {
		// The same request may have been under way, and then it is what stood in the way of this one: find its answer.
		if answers, failed := once.Find(ctx, a.db.Read(), who.once); failed == nil && answers[who.once].Status != 0 {
			return replay(answers[who.once])
		}
	}
	return d, err
}

func (a *API) writeIn(ctx context.Context, tx *db.Tx, who caller, fn func(tx *db.Tx) (int, any, error)) (done, error) {
	if who.once.Name != "" {
		answers, err := once.Find(ctx, tx, who.once)
		if err != nil {
			return done{}, err
		}
		if answer, ok := answers[who.once]; ok {
			return replay(answer)
		}
	}
	status, v, err := fn(tx)
	if err != nil {
		return done{}, err
	}
	d := done{status: status}
	if d.body, err = json.Marshal(v); err != nil {
		return done{}, err
	}
	if who.tries() && !who.apart {
		return d, errRehearsed
	}
	if who.once.Name == "" {
		return d, nil
	}
	kept := d.body
	if s, ok := v.(secretive); ok {
		if kept, err = json.Marshal(s.withoutSecret()); err != nil {
			return done{}, err
		}
	}
	return d, once.Keep(ctx, tx, once.Given{Key: who.once, Status: d.status, Body: kept})
}

// secretive is an answer that must not be kept as it is.
type secretive interface{ withoutSecret() any }

// replay says again what was answered before.
func replay(a once.Answer) (done, error) {
	if a.Problem != nil {
		return done{}, a.Problem
	}
	return done{status: a.Status, body: a.Body, replayed: true}, nil
}
