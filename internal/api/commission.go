package api

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// tellLock leaves out the day that never comes.
func tellLock(at time.Time) *time.Time {
	if !at.Before(commission.Awaits) {
		return nil
	}
	return &at
}

func tellCommission(c commission.Commission) client.Commission {
	return client.Commission{ID: c.ID, Conversion: c.Conversion, Program: program.RealID(c.Program), Partnership: c.Partnership, At: c.At,
		Amount: tellMoney(c.Amount), Settled: tellMoney(money.Of(c.Settled, c.Amount.Currency)), State: string(c.State),
		LocksAt: tellLock(c.Matures), LockedAt: tellMoment(c.Matured), Reason: c.Reason, CreatedAt: c.Created, UpdatedAt: c.Updated}
}

func (a *API) listCommissions(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Partnership string    `query:"partnership" doc:"Only of this partnership."`
	State       string    `query:"state" enum:"pending,held,payable,in_payout,paid,reversed" doc:"Only in this state."`
	From        time.Time `query:"from" doc:"Only of conversions that happened at this moment or later."`
	To          time.Time `query:"to" doc:"Only of conversions that happened before this moment."`
}) (client.Page[client.Commission], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Commission]{}, err
	}
	list, err := commission.List(ctx, a.db.Read(), commission.Filter{Program: p.ID, Partnership: in.Partnership, State: commission.State(in.State),
		From: in.From, To: in.To, Before: in.After, Limit: in.more()})
	return page(in.Paging, list, func(c commission.Commission) string { return c.ID }, tellCommission), err
}

func (a *API) getCommission(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"commission" doc:"Id of the commission."`
}) (client.Commission, error) {
	c, _, err := commissions.of(ctx, a.db.Read(), who, in.ID)
	return tellCommission(c), err
}

func (a *API) reverseCommission(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"commission" doc:"Id of the commission."`
	Body client.Reversal
}) (client.Commission, error) {
	if _, _, err := commissions.of(ctx, tx, who, in.ID); err != nil {
		return client.Commission{}, err
	}
	c, err := commission.Reverse(ctx, tx, a.keys, in.ID, in.Body.Reason, in.Body.Note, who.ID)
	if err != nil {
		return client.Commission{}, err
	}
	return tellCommission(c), audit.Record(ctx, tx, who, audit.CommissionReverse, c.ID, audit.Note("why", in.Body.Reason), audit.Note("reason", in.Body.Note))
}
