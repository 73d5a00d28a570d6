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

func tellPartnership(who auth.Actor, s partner.Partnership, care partner.Care) client.Partnership {
	return client.Partnership{ID: s.ID, Program: s.Program, Partner: tellPartner(who, s.Partner), Status: string(s.Status),
		Answers: tellAll(s.Answers, func(a partner.Answer) client.Answer { return client.Answer(a) }), CreatedAt: s.Created,
		Group: care.Group, Manager: care.Manager, Tags: tellAll(care.Tags, func(tag string) string { return tag })}
}

// tellPartnershipIn tells a partnership with what the brand keeps about it, unless something went wrong before.
func tellPartnershipIn(ctx context.Context, r db.Reader, who auth.Actor, s partner.Partnership, err error) (client.Partnership, error) {
	if err != nil {
		return client.Partnership{}, err
	}
	care, err := partner.CareOf(ctx, r, s.ID)
	return tellPartnership(who, s, care), err
}

func (a *API) listPartnerships(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Status  string `query:"status" enum:"applied,approved,declined,paused,ended" doc:"Only in this state."`
	Group   string `query:"group" doc:"Only in the group with this id; none: in no group."`
	Tag     string `query:"tag" doc:"Only with this tag."`
	Kind    string `query:"kind" doc:"Only partners of this type."`
	Country string `query:"country" doc:"Only partners of this country, by its two-letter code."`
	Manager string `query:"manager" doc:"Only those whom this person looks after; none: whom nobody does."`
	Words   string `query:"q" doc:"Only with this in the partner's name, e-mail address, website or the address of a property."`
}) (client.Page[client.Partnership], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Partnership]{}, err
	}
	list, err := partner.Partnerships(ctx, a.db.Read(), partner.Filter{Program: p.ID, Status: partner.Status(in.Status), Group: in.Group, Tag: in.Tag,
		Kind: in.Kind, Country: in.Country, Manager: in.Manager, Words: in.Words, After: in.After, Limit: in.more()})
	if err != nil {
		return client.Page[client.Partnership]{}, err
	}
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	cares, err := partner.Cares(ctx, a.db.Read(), ids)
	return page(in.Paging, list, func(s partner.Partnership) string { return s.ID },
		func(s partner.Partnership) client.Partnership { return tellPartnership(who, s, cares[s.ID]) }), err
}

func (a *API) getPartnership(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"partnership" doc:"Id of the partnership."`
}) (client.Partnership, error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.ID)
	return tellPartnershipIn(ctx, a.db.Read(), who, s, err)
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
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.PartnershipInvite, s.ID)
	}
	return tellPartnershipIn(ctx, tx, who, s, err)
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
	if s, err = a.accept(ctx, tx, who, s.ID, p, terms); err == nil {
		err = audit.Record(ctx, tx, who, audit.PartnershipAccept, s.ID)
	}
	return tellPartnershipIn(ctx, tx, who, s, err)
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
		if err == nil {
			err = audit.Record(ctx, tx, who, turning[to], s.ID, audit.Note("reason", reason))
		}
		return tellPartnershipIn(ctx, tx, who, s, err)
	}
}
