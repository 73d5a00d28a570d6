package deliver

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Pause is who paused a target.
type Pause string

// Who can pause. What the brand paused only the brand resumes; a target that was removed stays so.
const (
	ByPartner Pause = "partner"
	ByBrand   Pause = "brand"
	ByFailing Pause = "failing" // nothing has reached it for FailingMost
	ByRemoval Pause = "removed"
)

// Target is somebody's server.
type Target struct {
	ID        string
	Secret    string // signs; empty: nothing is signed
	Former    string // signs too, until FormerTil
	FormerTil time.Time
	Paused    time.Time // zero: it is not
	PausedBy  Pause
	Failing   time.Time // since when every attempt has failed; zero: the last one did not
	Misses    int64     // attempts without an answer, one after the other
	Rests     time.Time // nothing is sent before
}

const targetColumns = "id, secret, former, former_til, paused, paused_by, failing, misses, rests"

func scanTarget(row db.Row) (Target, error) {
	var t Target
	var til, paused, failing, rests int64
	err := row.Scan(&t.ID, &t.Secret, &t.Former, &til, &paused, &t.PausedBy, &failing, &t.Misses, &rests)
	t.FormerTil, t.Paused, t.Failing, t.Rests = moment(til), moment(paused), moment(failing), moment(rests)
	return t, err
}

// NewSecret is a key to sign with, as Standard Webhooks writes it.
func NewSecret() string {
	key := make([]byte, 24)
	rand.Read(key)
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// Create makes a target. Its id is its owner's.
func Create(ctx context.Context, tx *db.Tx, id, secret string) error {
	_, err := db.Exec(ctx, tx, `/* deliver.Create */ insert into delivery_target (numbered, due, leased_by, leased_til, created, `+targetColumns+`)
		values (0, 0, '', 0, $1, $2, $3, '', 0, 0, '', 0, 0, 0)`, tx.Now.UnixMilli(), id, secret)
	return err
}

// Targets are those with the ids, by id.
func Targets(ctx context.Context, r db.Reader, ids []string) (map[string]Target, error) {
	var args db.Args
	list, err := db.All(ctx, r, scanTarget, `/* deliver.Targets */ select `+targetColumns+` from delivery_target where id in `+args.In(ids), args.List()...)
	found := make(map[string]Target, len(list))
	for _, t := range list {
		found[t.ID] = t
	}
	return found, err
}

func hold(ctx context.Context, tx *db.Tx, id string) (Target, error) {
	t, err := db.One(ctx, tx, scanTarget, `/* deliver.hold */ select `+targetColumns+` from delivery_target where id = $1`+db.ForUpdate(tx), id)
	if errors.Is(err, db.ErrNone) {
		return t, problem.NotFound("delivery_target", id)
	}
	return t, err
}

// FormerFor is how long a secret still signs after a new one has taken its place.
const FormerFor = 24 * time.Hour

// Rotate gives a target a new secret; the present one signs beside it for FormerFor. An empty secret ends signing.
func Rotate(ctx context.Context, tx *db.Tx, id, secret string) error {
	t, err := hold(ctx, tx, id)
	if err != nil {
		return err
	}
	former, til := t.Secret, tx.Now.Add(FormerFor).UnixMilli()
	if former == "" || secret == "" {
		former, til = "", 0
	}
	_, err = db.Exec(ctx, tx, `/* deliver.Rotate */ update delivery_target set secret = $1, former = $2, former_til = $3 where id = $4`, secret, former, til, id)
	return err
}

// Stop pauses a target: what is added to it waits. Stopping what is stopped already changes nothing, but for the brand,
// whose word stands over the partner's.
func Stop(ctx context.Context, tx *db.Tx, id string, by Pause) error {
	t, err := hold(ctx, tx, id)
	if err != nil || !t.Paused.IsZero() && by != ByBrand && by != ByRemoval {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* deliver.Stop */ update delivery_target set paused = $1, paused_by = $2 where id = $3 and paused_by <> 'removed'`,
		tx.Now.UnixMilli(), string(by), id)
	return err
}

// Start resumes a target: what waits is tried at once.
func Start(ctx context.Context, tx *db.Tx, id string, by Pause) error {
	t, err := hold(ctx, tx, id)
	if err != nil || t.Paused.IsZero() {
		return err
	}
	if t.PausedBy == ByRemoval || t.PausedBy == ByBrand && by != ByBrand {
		return problem.Conflict("paused_by_brand", "the brand has paused this, and only the brand can resume it")
	}
	now := tx.Now.UnixMilli()
	if _, err := db.Exec(ctx, tx, `/* deliver.Start */ update delivery_target set paused = 0, paused_by = '', failing = 0, misses = 0, rests = 0, due = $1
		where id = $2`, now, id); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `/* deliver.Start */ update delivery set due = $1, tries = 0 where target = $2 and state = 'waiting'`, now, id)
	return err
}

// Wake ends a target's rest: somebody is there and wants to see what it answers.
func Wake(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `/* deliver.Wake */ update delivery_target set rests = 0, due = $1 where id = $2`, tx.Now.UnixMilli(), id)
	return err
}

// Remove ends a target: what waits is never sent. The log stays as long as it is kept.
func Remove(ctx context.Context, tx *db.Tx, id string) error {
	if err := Stop(ctx, tx, id, ByRemoval); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `/* deliver.Remove */ update delivery_target set secret = '', former = '', due = 0 where id = $1`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `/* deliver.Remove */ update delivery set state = 'cancelled', finished = $1 where target = $2 and state = 'waiting'`,
		tx.Now.UnixMilli(), id)
	return err
}

// Replay sends a delivery again that is done or given up; for its receiver it is the same one. It returns 0 for one that
// waits anyway, or was never to be sent.
func Replay(ctx context.Context, tx *db.Tx, d Delivery) (int64, error) {
	return replay(ctx, tx, d.Target, "id = $3", d.ID)
}

// ReplaySpan sends those again that were added from a moment to another, which is not included, and returns how many.
// Tests stay what they were.
func ReplaySpan(ctx context.Context, tx *db.Tx, target string, from, to time.Time) (int64, error) {
	return replay(ctx, tx, target, "created >= $3 and created < $4 and not test", from.UnixMilli(), to.UnixMilli())
}

func replay(ctx context.Context, tx *db.Tx, target, which string, args ...any) (int64, error) {
	t, err := hold(ctx, tx, target)
	if err != nil {
		return 0, err
	}
	if t.PausedBy == ByRemoval {
		return 0, problem.Conflict("target_removed", "nothing is sent there any more")
	}
	now := tx.Now.UnixMilli()
	n, err := db.Exec(ctx, tx, `/* deliver.replay */ update delivery set state = 'waiting', tries = 0, finished = 0, due = $1
		where target = $2 and state in ('delivered', 'failed') and `+which, append([]any{now, target}, args...)...)
	if err != nil {
		return 0, err
	}
	_, err = db.Exec(ctx, tx, `/* deliver.replay */ update delivery_target set rests = 0, due = $1 where id = $2`, now, target)
	return n, err
}
