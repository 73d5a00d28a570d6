package web

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// acceptPartner takes an application, or somebody declined before, into the program on its default terms.
func (s *site) acceptPartner(v *visit) (answer, error) {
	return s.decide(v, "accepted", []partner.Status{partner.Applied, partner.Declined}, func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.Accept(ctx, tx, s.keys, v.partnership.ID, nil, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipAccept, v.partnership.ID)
	})
}

// declinePartner refuses an application.
func (s *site) declinePartner(v *visit) (answer, error) {
	return s.decide(v, "declined", []partner.Status{partner.Applied}, func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.Decline(ctx, tx, s.keys, v.partnership.ID, v.person.ID, v.reason()); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipDecline, v.partnership.ID, audit.Note("reason", v.reason()))
	})
}

// pausePartner lets a partnership earn nothing for a while.
func (s *site) pausePartner(v *visit) (answer, error) {
	return s.decide(v, "paused", []partner.Status{partner.Approved}, s.turnTo(v, partner.Paused, audit.PartnershipPause))
}

// resumePartner lets it earn again.
func (s *site) resumePartner(v *visit) (answer, error) {
	return s.decide(v, "resumed", []partner.Status{partner.Paused}, s.turnTo(v, partner.Approved, audit.PartnershipResume))
}

func (s *site) turnTo(v *visit, to partner.Status, what audit.Action) func(ctx context.Context, tx *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.SetStatus(ctx, tx, s.keys, v.partnership.ID, to, tx.Now, v.person.ID, v.reason()); err != nil {
			return err
		}
		return v.record(ctx, tx, what, v.partnership.ID, audit.Note("reason", v.reason()))
	}
}

// decide does what was decided if the partnership is still in a state in which it can be.
func (s *site) decide(v *visit, notice string, from []partner.Status, do func(ctx context.Context, tx *db.Tx) error) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		now, err := partner.GetPartnership(ctx, tx, v.partnership.ID)
		if err != nil {
			return err
		}
		for _, status := range from {
			if now.Status == status {
				return do(ctx, tx)
			}
		}
		return problem.Conflict("partnership_moved", "the partnership is %s by now", now.Status)
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/partners/"+v.partnership.ID, notice), nil
}

const reasonMost = 500 // characters

func (v *visit) reason() string {
	reason := []rune(strings.TrimSpace(v.PostFormValue("reason")))
	return string(reason[:min(len(reason), reasonMost)])
}
