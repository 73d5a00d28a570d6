package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
)

func tellTerms(t contract.Terms, c money.Currency) client.Terms {
	out := client.Terms{Payouts: map[string]client.Rule{}, WindowDays: t.WindowDays, ViewDays: t.ViewDays, LockDays: t.LockDays, Cycle: string(t.Cycle),
		Threshold: tellMoney(money.Of(t.Threshold, c)), BindMonths: t.BindMonths}
	for event, p := range t.Payouts {
		out.Payouts[event] = tellRule(p, c)
	}
	for event, p := range t.WithCode {
		if out.WithCode == nil {
			out.WithCode = map[string]client.Rule{}
		}
		out.WithCode[event] = tellRule(p, c)
	}
	return out
}

// readTerms reads terms in a program's currency. Whether they make sense contract.Terms.Check says.
func readTerms(t client.Terms, c money.Currency) (contract.Terms, error) {
	out := contract.Terms{Payouts: map[string]contract.Payout{}, WindowDays: t.WindowDays, ViewDays: t.ViewDays, LockDays: t.LockDays, Cycle: contract.Cycle(t.Cycle), BindMonths: t.BindMonths}
	var err error
	for event, rule := range t.Payouts {
		if out.Payouts[event], err = readRule("payouts", rule, c); err != nil {
			return out, err
		}
	}
	for event, rule := range t.WithCode {
		if out.WithCode == nil {
			out.WithCode = map[string]contract.Payout{}
		}
		if out.WithCode[event], err = readRule("with_code", rule, c); err != nil {
			return out, err
		}
	}
	out.Threshold, err = readMinor("threshold", t.Threshold, c)
	return out, err
}

func readRule(field string, rule client.Rule, c money.Currency) (p contract.Payout, err error) {
	if p.Rate, err = readRate(field, rule.Rate); err == nil && rule.Fixed != nil {
		p.Fixed, err = readMinor(field, *rule.Fixed, c)
	}
	return p, err
}

func tellContract(v contract.Version, c money.Currency) client.Contract {
	return client.Contract{ID: v.ID, Program: v.Program, Partnership: v.Partnership, Version: v.Version, Since: v.Since,
		Terms: tellTerms(v.Terms, c), Author: v.Author, CreatedAt: v.Created}
}

func (a *API) listContracts(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.Contract], error) {
	s, p, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.Contract]{}, err
	}
	versions, err := contract.Versions(ctx, a.db.Read(), []string{s.ID})
	if err != nil {
		return client.Page[client.Contract]{}, err
	}
	return pageOfAll(in.Paging, versions[s.ID], func(v contract.Version) string { return v.ID },
		func(v contract.Version) client.Contract { return tellContract(v, p.Currency) })
}

func (a *API) getContract(ctx context.Context, who auth.Actor, in *struct {
	ID string `path:"contract" doc:"Id of the version."`
}) (client.Contract, error) {
	v, p, err := contracts.of(ctx, a.db.Read(), who, in.ID)
	return tellContract(v, p.Currency), err
}

func (a *API) addContract(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewContract
}) (client.Contract, error) {
	s, p, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Contract{}, err
	}
	t, err := readTerms(in.Body.Terms, p.Currency)
	if err != nil {
		return client.Contract{}, err
	}
	v, err := commission.Agree(ctx, tx, a.keys, s.ID, orNow(in.Body.Since, tx), t, who.ID)
	if err != nil {
		return client.Contract{}, err
	}
	return tellContract(v, p.Currency), audit.Record(ctx, tx, who, audit.PartnershipAgree, s.ID)
}
