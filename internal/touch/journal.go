package touch

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// KeepAll writes touches into one row of the journal, in the caller's transaction: for those who have many at hand at once.
// Expand reads the row like any other.
func KeepAll(ctx context.Context, tx *db.Tx, touches []Touch) error {
	if len(touches) == 0 {
		return nil
	}
	b := newBatch(nil)
	for _, t := range touches {
		t.clean()
		b.body = appendTouch(b.body, &b.last, &t)
		b.last = t
	}
	_, err := db.Exec(ctx, tx, `/* touch.KeepAll */ insert into journal (id, touches, body) values ($1, $2, $3)`,
		id.New("jrn", tx.Now), len(touches), b.body)
	return err
}
