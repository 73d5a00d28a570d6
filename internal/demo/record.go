package demo

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
)

// office is the network from which the brand's people work; it is nobody's (RFC 5737).
const office = "203.0.113.0"

// record tells the audit log what one of the brand's people did, as the console would.
func (w *walk) record(ctx context.Context, tx *db.Tx, role auth.Role, what audit.Action, subject string, notes ...audit.Change) error {
	by, err := w.actor(ctx, tx, role)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, what, subject, notes...)
}

// actor is one of the brand's people at work.
func (w *walk) actor(ctx context.Context, r db.Reader, role auth.Role) (auth.Actor, error) {
	who, err := auth.Get(ctx, r, w.staff[role])
	return auth.Actor{ID: who.ID, Name: who.Name, Brand: w.program.Brand, From: office}, err
}
