package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
)

// CodeStood records another standing of a promo code, in the history of the partnership whose it is from then on.
func CodeStood(ctx context.Context, tx *db.Tx, by auth.Actor, s creative.Standing) error {
	notes := []Change{Note("code_stood", s.Code), Note("suspended", yes(s.Suspended)), Note("since", s.Since.Format(time.RFC3339))}
	if s.Near != creative.Alone {
		notes = append(notes, Note("near", string(s.Near)), Note("hosts", strings.Join(s.Hosts, " ")))
	}
	return Record(ctx, tx, by, PartnershipStand, s.Partnership, append(notes, Note("reason", s.Reason))...)
}

// BatchOfCodes records that single-use codes were made. The codes themselves are not told: who reads the log could use them.
func BatchOfCodes(ctx context.Context, tx *db.Tx, by auth.Actor, b creative.Batch) error {
	return Record(ctx, tx, by, PartnershipBatch, b.Partnership, Note("size", fmt.Sprint(b.Size)), Note("label", b.Label))
}

// Parted records a word about a person's names.
func Parted(ctx context.Context, tx *db.Tx, by auth.Actor, s journey.Split) error {
	return Record(ctx, tx, by, ProgramPart, s.Program, Note("split", string(s.Kind)), Note("names", strings.Join(s.A, " ")),
		Note("others", strings.Join(s.B, " ")), Note("reason", s.Reason))
}

// Bound records whose a customer is from a moment on.
func Bound(ctx context.Context, tx *db.Tx, by auth.Actor, b commission.Binding) error {
	notes := []Change{Note("names", b.Key), Note("since", b.Since.Format(time.RFC3339)), Note("reason", b.Reason)}
	if b.Partnership == "" {
		return Record(ctx, tx, by, ProgramUnbind, b.Program, notes...)
	}
	return Record(ctx, tx, by, PartnershipBind, b.Partnership, notes...)
}
