package api

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/ledger"
)

func tellAccount(b ledger.Balance) client.Account {
	return client.Account{Account: string(b.Account), Balance: tellMoney(b.Amount)}
}

func tellEntry(e ledger.Entry) client.Entry {
	return client.Entry{ID: e.ID, Cause: e.Cause, Seq: e.Seq, Source: string(e.Source), Target: string(e.Target), Amount: tellMoney(e.Amount),
		At: time.UnixMilli(e.At).UTC()}
}

func (a *API) listAccounts(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Account], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Account]{}, err
	}
	balances, err := ledger.Balances(ctx, a.db.Read(), p.ID)
	if err != nil {
		return client.Page[client.Account]{}, err
	}
	return pageOfAll(in.Paging, balances, func(b ledger.Balance) string { return string(b.Account) }, tellAccount)
}

func (a *API) listEntries(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
	Account string `query:"account" doc:"Only those that take from this account or give to it."`
}) (client.Page[client.Entry], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Entry]{}, err
	}
	list, err := ledger.Entries(ctx, a.db.Read(), p.ID, ledger.Account(in.Account), in.After, in.more())
	return page(in.Paging, list, func(e ledger.Entry) string { return e.ID }, tellEntry), err
}
