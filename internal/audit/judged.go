package audit

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
)

// Judged records a judgement of a program's touches. One that changed nothing is no entry.
func Judged(ctx context.Context, tx *db.Tx, by auth.Actor, program string, n commission.NewJudgement, came commission.Rejudged) error {
	if came.Touches == 0 {
		return nil
	}
	return Record(ctx, tx, by, ProgramJudge, program, Note("counts", yes(n.Counts)), Note("touches", strconv.Itoa(came.Touches)), Note("reason", n.Reason))
}
