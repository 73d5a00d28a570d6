package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

func tellPayout(who auth.Actor, p payout.Payout) client.Payout {
	return client.Payout{ID: p.ID, Batch: p.Batch, Program: p.Program, Partnership: p.Partnership, Amount: tellMoney(p.Amount), State: string(p.State),
		Rail: p.Rail, PayTo: account(who, p.PayTo), Payee: p.Payee, Reason: p.Reason, CreatedAt: p.Created, SentAt: tellMoment(p.Sent), SettledAt: tellMoment(p.Settled)}
}

func (a *API) listPayouts(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Partnership string `query:"partnership" doc:"Only to this partnership."`
	State       string `query:"state" enum:"draft,approved,sent,paid,failed,cancelled" doc:"Only in this state."`
}) (client.Page[client.Payout], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Payout]{}, err
	}
	list, err := payout.List(ctx, a.db.Read(), payout.Filter{Program: p.ID, Partnership: in.Partnership, State: payout.State(in.State),
		Before: in.After, Limit: in.more()})
	return page(in.Paging, list, func(p payout.Payout) string { return p.ID },
		func(p payout.Payout) client.Payout { return tellPayout(who, p) }), err
}

func (a *API) getPayout(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"payout" doc:"Id of the payout."`
}) (client.Payout, error) {
	p, _, err := payouts.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Payout{}, err
	}
	lines, err := payout.Lines(ctx, a.db.Read(), p.ID)
	out := tellPayout(who, p)
	out.Lines = tellAll(lines, func(l commission.PayoutLine) client.PayoutLine {
		return client.PayoutLine{Commission: l.Commission, Amount: tellMoney(money.Of(l.Amount, p.Amount.Currency))}
	})
	return out, err
}

func (a *API) cancelPayout(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"payout" doc:"Id of the payout."`
}) (client.Payout, error) {
	if _, _, err := payouts.of(ctx, tx, who, in.ID); err != nil {
		return client.Payout{}, err
	}
	p, err := payout.Cancel(ctx, tx, in.ID)
	if err != nil {
		return client.Payout{}, err
	}
	return tellPayout(who, p), audit.Record(ctx, tx, who, audit.BatchCancel, p.Batch, audit.Note("payee", p.Payee))
}
