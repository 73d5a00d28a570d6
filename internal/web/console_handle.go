package web

import (
	"context"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// handling is what somebody of the brand can do to a partnership, or to many at once.
type handling struct {
	name string
	from []partner.Status // in which states; empty: in all
	what audit.Action
	do   func(s *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error
}

// handlings are all of them; each reads what more it needs from the form.
var handlings = []handling{
	{"accept", []partner.Status{partner.Applied, partner.Declined}, audit.PartnershipAccept, func(s *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		_, err := commission.Accept(ctx, tx, s.keys, p.ID, nil, v.person.ID)
		return err
	}},
	{"decline", []partner.Status{partner.Applied}, audit.PartnershipDecline, func(s *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		_, err := commission.Decline(ctx, tx, s.keys, p.ID, v.person.ID, v.refusal(p))
		return err
	}},
	{"pause", []partner.Status{partner.Approved}, audit.PartnershipPause, turnTo(partner.Paused)},
	{"resume", []partner.Status{partner.Paused}, audit.PartnershipResume, turnTo(partner.Approved)},
	{"group", nil, audit.PartnershipCare, func(_ *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		return partner.SetGroup(ctx, tx, p, v.told("group"))
	}},
	{"manager", nil, audit.PartnershipCare, func(_ *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		return partner.SetManager(ctx, tx, p, v.told("manager"))
	}},
	{"tag", nil, audit.PartnershipCare, func(_ *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		return partner.Tag(ctx, tx, p, partner.Tags(v.told("tags"))...)
	}},
	{"untag", nil, audit.PartnershipCare, func(_ *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		return partner.Untag(ctx, tx, p, partner.Tags(v.told("tags"))...)
	}},
}

func turnTo(to partner.Status) func(s *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
	return func(s *site, v *visit, ctx context.Context, tx *db.Tx, p partner.Partnership) error {
		_, err := commission.SetStatus(ctx, tx, s.keys, p.ID, to, tx.Now, v.person.ID, v.reason())
		return err
	}
}

func handlingNamed(name string) (handling, error) {
	i := slices.IndexFunc(handlings, func(h handling) bool { return h.name == name })
	if i < 0 {
		return handling{}, problem.Invalid("do", "%q is nothing that can be done to a partner", name)
	}
	return handlings[i], nil
}

// on does it to one partnership of the program, if that is still in a state in which it can be.
func (h handling) on(s *site, v *visit, partnership string) (p partner.Partnership, err error) {
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		if p, err = partner.GetPartnership(ctx, tx, partnership); err != nil {
			return err
		}
		if p.Program != v.program.ID {
			p = partner.Partnership{}
			return problem.NotFound("partnership", partnership)
		}
		if h.from != nil && !slices.Contains(h.from, p.Status) {
			return problem.Conflict("partnership_moved", "the partnership is %s by now", p.Status)
		}
		if err := h.do(s, v, ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, h.what, p.ID, audit.Note("reason", v.refusal(p)))
	})
	return p, err
}

const reasonMost = 500 // characters

// told is a field of the form. Where many partners are treated its name begins with that of what is done to them.
func (v *visit) told(name string) string {
	if long := v.PostFormValue(v.PostFormValue("do") + "." + name); long != "" {
		return long
	}
	return v.PostFormValue(name)
}

// reason is what was written into the form.
func (v *visit) reason() string {
	reason := []rune(strings.TrimSpace(v.told("reason")))
	return string(reason[:min(len(reason), reasonMost)])
}

// refusals are the reasons that are prepared for declining, as messages below "refusals".
var refusals = []string{"fit", "reach", "unclear", "methods", "market"}

// refusal is why an application is declined: the prepared reason in the applicant's language, and what was written besides.
func (v *visit) refusal(p partner.Partnership) string {
	said := v.reason()
	if why := v.told("why"); slices.Contains(refusals, why) {
		said = strings.TrimSpace(lang.Of(p.Partner.Locale).Text("refusals."+why) + " " + said)
	}
	return said
}
