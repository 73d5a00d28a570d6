package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Agree adds terms to a partnership from a moment on, which may lie in the past: what is not locked is derived again.
func Agree(ctx context.Context, tx *db.Tx, keys touch.Keys, partnership string, since time.Time, t contract.Terms, author string) (contract.Version, error) {
	s, err := partner.GetPartnership(ctx, tx, partnership)
	if err != nil {
		return contract.Version{}, err
	}
	v, err := contract.Agree(ctx, tx, s, since, t, author)
	if err != nil {
		return v, err
	}
	p, err := againSince(ctx, tx, keys, s.Program, since)
	if err != nil {
		return v, err
	}
	return v, event.Append(ctx, tx, event.New{Kind: event.ContractSigned, Brand: p.Brand, Program: p.ID, Subject: v.ID,
		Data: map[string]any{"partnership": s.ID, "version": v.Version, "since": v.Since}})
}

// SetStatus changes the state of a partnership from a moment on, and derives again what that can change.
func SetStatus(ctx context.Context, tx *db.Tx, keys touch.Keys, partnership string, to partner.Status, since time.Time, author, reason string) (partner.Partnership, error) {
	s, err := partner.SetStatus(ctx, tx, partnership, to, since, author, reason)
	if err != nil {
		return s, err
	}
	_, err = againSince(ctx, tx, keys, s.Program, since)
	return s, err
}

// Decide adds a settlement model to a program from a day on, and derives again what that can change.
func Decide(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, since time.Time, m program.Model, author string) (program.Policy, error) {
	policy, err := program.Decide(ctx, tx, prog, since, m, author)
	if err != nil {
		return policy, err
	}
	_, err = againSince(ctx, tx, keys, prog, since)
	return policy, err
}

// Accept approves an application and agrees the terms that the program offers, or others. The partnership begins now.
func Accept(ctx context.Context, tx *db.Tx, keys touch.Keys, partnership string, t *contract.Terms, author string) (partner.Partnership, error) {
	s, err := partner.GetPartnership(ctx, tx, partnership)
	if err != nil {
		return s, err
	}
	p, err := hold(ctx, tx, s.Program)
	if err != nil {
		return s, err
	}
	if s, err = partner.GetPartnership(ctx, tx, partnership); err != nil { // as it is now that nobody else can change it
		return s, err
	}
	switch s.Status {
	case partner.Applied, partner.Declined:
	case partner.Approved:
		return s, nil
	default:
		return s, problem.Conflict("partnership_state", "a partnership that is %s cannot be accepted", s.Status)
	}
	if t == nil {
		defaults, err := contract.Defaults(p.Program)
		if err != nil {
			return s, err
		}
		t = &defaults
	}
	if s, err = SetStatus(ctx, tx, keys, s.ID, partner.Approved, tx.Now, author, ""); err != nil {
		return s, err
	}
	if _, err := Agree(ctx, tx, keys, s.ID, tx.Now, *t, author); err != nil {
		return s, err
	}
	return s, event.Append(ctx, tx, event.New{Kind: event.PartnerApproved, Brand: p.Brand, Program: p.ID, Subject: s.ID, Data: map[string]any{"partner": s.Partner.ID}})
}

// Decline refuses an application.
func Decline(ctx context.Context, tx *db.Tx, keys touch.Keys, partnership, author, reason string) (partner.Partnership, error) {
	s, err := SetStatus(ctx, tx, keys, partnership, partner.Declined, tx.Now, author, reason)
	if err != nil {
		return s, err
	}
	p, err := program.Get(ctx, tx, s.Program)
	if err != nil {
		return s, err
	}
	return s, event.Append(ctx, tx, event.New{Kind: event.PartnerDeclined, Brand: p.Brand, Program: p.ID, Subject: s.ID, Data: map[string]any{"partner": s.Partner.ID, "reason": reason}})
}

// againSince derives again every open conversion of a program from a moment on.
func againSince(ctx context.Context, tx *db.Tx, keys touch.Keys, prog string, since time.Time) (program.Program, error) {
	p, err := hold(ctx, tx, prog)
	if err != nil {
		return p.Program, err
	}
	ids, err := db.All(ctx, tx, db.Value[string], `/* commission.againSince */ select c.id from conversion c join derivation d on d.conversion = c.id
		where c.program = $1 and c.at >= $2 and d.locked = 0 order by c.id`, prog, since.Add(-skew).UnixMilli())
	if err != nil {
		return p.Program, err
	}
	return p.Program, db.Batches(ids, 500, func(ids []string) error { return again(ctx, tx, keys, p, ids, nil, nil) })
}
