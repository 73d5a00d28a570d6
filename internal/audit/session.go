package audit

import (
	"context"
	"encoding/json"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
)

// refused is a sign-in that failed.
type refused struct{ Email, From string }

const refuse = job.Kind("audit.refused")

// Refused notes a sign-in that failed, for later: whether anybody has the address decides whether there is an entry, and that
// must take no time where a stranger could measure it.
func Refused(ctx context.Context, tx *db.Tx, email, from string) error {
	return job.Add(ctx, tx, job.Job{Kind: refuse, Payload: refused{email[:min(len(email), 254)], from}})
}

// Handlers are the work of this package that is done later.
var Handlers = map[job.Kind]job.Handler{
	refuse: func(ctx context.Context, d *db.DB, payload json.RawMessage) error {
		var f refused
		if err := json.Unmarshal(payload, &f); err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error {
			who, known, err := auth.ByEmail(ctx, tx, f.Email)
			if err != nil || !known {
				return err
			}
			by := Itself
			by.From = f.From
			return Record(ctx, tx, by, SessionRefuse, who.ID)
		})
	},
}
