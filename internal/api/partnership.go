package api

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func tellPartnership(s partner.Partnership) client.Partnership {
	return client.Partnership{ID: s.ID, Program: s.Program, Partner: tellPartner(s.Partner), Status: string(s.Status),
		Answers: tellAll(s.Answers, func(a partner.Answer) client.Answer { return client.Answer(a) }), CreatedAt: s.Created}
}

func (a *API) listPartnerships(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Status string `query:"status" enum:"applied,approved,declined,paused,ended" doc:"Only in this state."`
}) (client.Page[client.Partnership], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Partnership]{}, err
	}
	list, err := partner.Partnerships(ctx, a.db.Read(), p.ID, partner.Status(in.Status), in.After, in.more())
	return page(in.Paging, list, func(s partner.Partnership) string { return s.ID }, tellPartnership), err
}

func (a *API) getPartnership(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"partnership" doc:"Id of the partnership."`
}) (client.Partnership, error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.ID)
	return tellPartnership(s), err
}

// createPartnership applies for a partner, and accepts at once where that is asked for.
func (a *API) createPartnership(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewPartnership
}) (client.Partnership, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Partnership{}, err
	}
	n := in.Body
	applicant, known, err := partner.ByEmail(ctx, tx, n.Partner.Email)
	switch {
	case err != nil:
	case !known:
		applicant, err = partner.Create(ctx, tx, readPartner(n.Partner))
	default:
		if _, _, foreign := partnerOf(ctx, tx, who, applicant.ID); foreign != nil { // another brand's: its profile is not ours to see, nor ours to use
			err = problem.Wrong("partner.email", "email_taken", "a partner with this address is known here: ask them to apply at /p/%s", p.Slug)
		}
	}
	if err != nil {
		return client.Partnership{}, err
	}
	s, err := partner.Apply(ctx, tx, p, applicant, tellAll(n.Answers, func(a client.Answer) partner.Answer { return partner.Answer(a) }))
	if err != nil {
		return client.Partnership{}, err
	}
	if n.Accept {
		s, err = a.accept(ctx, tx, who, s.ID, p, n.Terms)
	}
	if err != nil {
		return client.Partnership{}, err
	}
	return tellPartnership(s), audit.Record(ctx, tx, who, audit.PartnershipInvite, s.ID)
}

func (a *API) acceptPartnership(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"partnership" doc:"Id of the partnership."`
	Body *client.Acceptance
}) (client.Partnership, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Partnership{}, err
	}
	if s.Status != partner.Applied && s.Status != partner.Declined {
		return client.Partnership{}, wrongState(s, "accepted")
	}
	var terms *client.Terms
	if in.Body != nil {
		terms = in.Body.Terms
	}
	if s, err = a.accept(ctx, tx, who, s.ID, p, terms); err != nil {
		return client.Partnership{}, err
	}
	return tellPartnership(s), audit.Record(ctx, tx, who, audit.PartnershipAccept, s.ID)
}

// accept approves an application with terms or, when there are none, those that the program offers. Terms of one's own are a
// contract, and need the right to make one.
func (a *API) accept(ctx context.Context, tx *db.Tx, who auth.Actor, id string, p program.Program, terms *client.Terms) (partner.Partnership, error) {
	if terms == nil {
		return commission.Accept(ctx, tx, a.keys, id, nil, who.ID)
	}
	if err := who.May(auth.WriteContracts); err != nil {
		return partner.Partnership{}, err
	}
	t, err := readTerms(*terms, p.Currency)
	if err != nil {
		return partner.Partnership{}, err
	}
	return commission.Accept(ctx, tx, a.keys, id, &t, who.ID)
}

func wrongState(s partner.Partnership, done string) error {
	return problem.Conflict("partnership_state", "the partnership is %s and cannot be %s", s.Status, done)
}

// statusIn is the input of all changes of a partnership's state.
type statusIn struct {
	ID   string `path:"partnership" doc:"Id of the partnership."`
	Body *client.StatusChange
}

// turning are the changes of a partnership's state, by what it becomes.
var turning = map[partner.Status]audit.Action{partner.Declined: audit.PartnershipDecline, partner.Paused: audit.PartnershipPause,
	partner.Approved: audit.PartnershipResume, partner.Ended: audit.PartnershipEnd}

// becomes changes a partnership that is in one of the states to another.
func becomes(to partner.Status, done string, from ...partner.Status) func(*API, context.Context, *db.Tx, auth.Actor, *statusIn) (client.Partnership, error) {
	return func(a *API, ctx context.Context, tx *db.Tx, who auth.Actor, in *statusIn) (client.Partnership, error) {
		s, _, err := partnerships.of(ctx, tx, who, in.ID)
		if err != nil {
			return client.Partnership{}, err
		}
		if !slices.Contains(from, s.Status) {
			return client.Partnership{}, wrongState(s, done)
		}
		reason := ""
		if in.Body != nil {
			reason = in.Body.Reason
		}
		if to == partner.Declined {
			s, err = commission.Decline(ctx, tx, a.keys, s.ID, who.ID, reason)
		} else {
			s, err = commission.SetStatus(ctx, tx, a.keys, s.ID, to, tx.Now, who.ID, reason)
		}
		if err != nil {
			return client.Partnership{}, err
		}
		return tellPartnership(s), audit.Record(ctx, tx, who, turning[to], s.ID, audit.Note("reason", reason))
	}
}
