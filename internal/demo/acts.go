package demo

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

// brandActs is what the brand does, and what those do who want to work with it. None of it is left to chance.
func brandActs(end time.Time) []act {
	var acts []act
	add := func(day int, clock time.Duration, do func(context.Context, *walk) error) {
		acts = append(acts, act{at: midnight(end, day).Add(clock), do: do, told: true})
	}
	add(-6, 15*time.Hour, hangOut)
	for i := range allies {
		a := &allies[i]
		late := time.Duration(i) * 17 * time.Minute
		add(a.joins-1, 17*time.Hour+late, func(ctx context.Context, w *walk) error { return w.apply(ctx, a.Partner, a.answers, a.signsIn) })
		add(a.joins, 9*time.Hour+late, a.accept)
		for _, g := range a.terms[1:] {
			add(g.agreed, 11*time.Hour, func(ctx context.Context, w *walk) error { return w.agree(ctx, a, g) })
		}
		if a.pausedOn > 0 {
			add(a.pausedOn, 8*time.Hour+40*time.Minute, a.pause)
		}
	}
	for _, a := range applicants {
		add(a.applies, 10*time.Hour, func(ctx context.Context, w *walk) error { return w.apply(ctx, a.Partner, a.answers, a.signsIn) })
		if a.declined != "" {
			add(a.applies+1, 9*time.Hour, a.decline)
		}
	}
	for _, m := range models[1:] {
		add(m.day-1, 16*time.Hour, func(ctx context.Context, w *walk) error {
			return w.a.DB.Write(ctx, func(tx *db.Tx) error {
				if _, err := commission.Decide(ctx, tx, w.a.Keys, w.program.ID, midnight(end, m.day), m.model, w.staff[auth.Owner]); err != nil {
					return err
				}
				return w.record(ctx, tx, auth.Owner, audit.ProgramModel, w.program.ID)
			})
		})
	}
	add(71, 15*time.Hour, takeBack)
	add(trackedFrom, 12*time.Hour, connect)
	add(88, 17*time.Hour, doubt)
	add(confirmedFrom, 17*time.Hour, askToConfirm)
	acts = slices.Concat(acts, careActs(end), counterActs(end), groundActs(end))
	list := paydays(end)
	for i, day := range list {
		p := &payday{bounces: i == len(list)-1}
		add(day, 10*time.Hour+30*time.Minute, p.gather)
		add(day, 12*time.Hour+10*time.Minute, p.approve)
		add(day, 12*time.Hour+14*time.Minute, p.send)
		add(day+1, 9*time.Hour+5*time.Minute, p.settle)
	}
	return acts
}

// apply is somebody asking to become a partner on the program's page, and signing in with the brand's password if they have a
// name to do so.
func (w *walk) apply(ctx context.Context, p partner.Partner, answers [3]string, person string) error {
	hash, err := auth.NewPassword(ctx, password)
	if err != nil {
		return err
	}
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := partner.Create(ctx, tx, p)
		if err != nil {
			return err
		}
		if person != "" {
			who, err := auth.Create(ctx, tx, auth.Person{Name: person, Email: p.Email, Locale: p.Locale})
			if err != nil {
				return err
			}
			if err := auth.SetPassword(ctx, tx, who.ID, hash); err != nil {
				return err
			}
			if err := auth.Join(ctx, tx, who.ID, p.ID, auth.Partner); err != nil {
				return err
			}
		}
		var given []partner.Answer
		for i, q := range questions {
			given = append(given, partner.Answer{Question: q.Name, Answer: answers[i]})
		}
		s, err := partner.Apply(ctx, tx, w.program, p, given)
		if err != nil {
			return err
		}
		w.known[p.Email] = s.ID
		return nil
	})
}

// accept takes a partner in, who then makes links and is given a code.
func (a *ally) accept(ctx context.Context, w *walk) error {
	err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.Accept(ctx, tx, w.a.Keys, w.known[a.Email], &a.terms[0].terms, w.staff[auth.Manager]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipAccept, w.known[a.Email])
	})
	if err != nil {
		return err
	}
	for _, l := range a.links {
		w.clock.pass(2 * time.Minute)
		target := ""
		if l.product != "" {
			target = w.story.Base + "/shop/p/" + l.product
		}
		if err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := creative.CreateLink(ctx, tx, w.program, creative.Link{Partnership: w.known[a.Email], Code: l.code, Target: target, Label: l.label})
			return err
		}); err != nil {
			return err
		}
	}
	if err := a.take(ctx, w); err != nil || a.code == "" {
		return err
	}
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.GiveCode(ctx, tx, w.a.Keys, w.program.ID, w.known[a.Email], a.code); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipCode, w.known[a.Email])
	})
}

// agree gives a partner other terms.
func (w *walk) agree(ctx context.Context, a *ally, g agreement) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.Agree(ctx, tx, w.a.Keys, w.known[a.Email], midnight(w.clock.end, g.since), g.terms, w.staff[auth.Manager]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipAgree, w.known[a.Email])
	})
}

func (a *ally) pause(ctx context.Context, w *walk) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.SetStatus(ctx, tx, w.a.Keys, w.known[a.Email], partner.Paused, tx.Now, w.staff[auth.Manager], a.reason); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipPause, w.known[a.Email], audit.Note("reason", a.reason))
	})
}

func (a applicant) decline(ctx context.Context, w *walk) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.Decline(ctx, tx, w.a.Keys, w.known[a.Email], w.staff[auth.Manager], a.declined); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.PartnershipDecline, w.known[a.Email], audit.Note("reason", a.declined))
	})
}

// doubt holds two new commissions of the cashback site, and approves the newest of the partner who asked for it early.
func doubt(ctx context.Context, w *walk) error {
	for _, d := range []struct {
		email string
		most  int
		commission.NewDecision
	}{
		{"marchands@retourmalin.example", 2, commission.NewDecision{Kind: commission.ToHold, Reason: "return_open", Note: "Large carts; wait until the parcels are kept."}},
		{"vorstand@fernwandern.example", 1, commission.NewDecision{Kind: commission.ToApprove, Note: "They print their yearbook this week."}},
	} {
		list, err := commission.List(ctx, w.a.DB.Read(), commission.Filter{Program: w.program.ID, Partnership: w.known[d.email], State: commission.Pending, Limit: d.most})
		if err != nil || len(list) == 0 {
			return err
		}
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		d.Author = w.staff[auth.Finance]
		if err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
			results, err := commission.DecideOn(ctx, tx, w.a.Keys, ids, d.NewDecision)
			if err != nil {
				return err
			}
			by, err := w.actor(ctx, tx, auth.Finance)
			if err != nil {
				return err
			}
			return audit.Decided(ctx, tx, by, d.NewDecision, results)
		}); err != nil {
			return err
		}
	}
	return nil
}

// takeBack reverses the newest commission of a coupon site by hand.
func takeBack(ctx context.Context, w *walk) error {
	const closer = "partner@sparfuchs24.example"
	list, err := commission.List(ctx, w.a.DB.Read(), commission.Filter{Program: w.program.ID, Partnership: w.known[closer],
		State: commission.Pending, Limit: 1})
	if err != nil || len(list) == 0 {
		return err
	}
	const why = "The code was offered through a search ad on our name. Agreed with the partner by telephone."
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := commission.Reverse(ctx, tx, w.a.Keys, list[0].ID, "terms_violation", why, w.staff[auth.Manager]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.CommissionReverse, list[0].ID, audit.Note("why", "terms_violation"), audit.Note("reason", why))
	})
}
