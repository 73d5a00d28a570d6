package creative

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Relabel writes a link's note anew; where the link leads stays as it is.
func Relabel(ctx context.Context, tx *db.Tx, partnership, link, label string) error {
	label = strings.TrimSpace(label)
	if len(label) > 120 {
		return problem.Invalid("label", "a label has at most 120 characters")
	}
	n, err := db.Exec(ctx, tx, `/* creative.Relabel */ update link set label = $1, changed = $2 where id = $3 and partnership = $4`,
		label, tx.Now.UnixMilli(), link, partnership)
	if err == nil && n == 0 {
		return problem.NotFound("link", link)
	}
	return err
}
