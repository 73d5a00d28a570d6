package ledger

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
)

// Latest are a program's entries before the one with the id, newest first; from the end when it is empty.
func Latest(ctx context.Context, r db.Reader, program, before string, limit int) ([]Entry, error) {
	return db.All(ctx, r, scanEntry, `/* ledger.Latest */ select `+entryColumns+` from entry
		where program = $1 and (id < $2 or $2 = '') order by id desc limit $3`, program, before, limit)
}
