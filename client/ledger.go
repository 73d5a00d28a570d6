package client

import (
	"context"
	"iter"
	"time"
)

// Account is an account of the books and its balance.
type Account struct {
	Account string `json:"account" doc:"Name of the account." example:"partner/pts_06a1b2c3d4e5f6g7h8j9kmnp/prg_06a1b2c3d4e5f6g7h8j9kmnp/payable"`
	Balance Money  `json:"balance" doc:"Its balance. All balances of a program sum to zero."`
}

// Entry is a movement of money from one account to another. It is never changed; a mistake is followed by another entry.
type Entry struct {
	ID     string    `json:"id" doc:"Id of the entry." example:"ent_06a1b2c3d4e5f6g7h8j9kmnp"`
	Cause  string    `json:"cause" doc:"What made it: the id of a commission or a payout." example:"com_06a1b2c3d4e5f6g7h8j9kmnp"`
	Seq    int64     `json:"seq" doc:"The cause's own count." example:"1"`
	Source string    `json:"source" doc:"The account it takes from." example:"program/prg_06a1b2c3d4e5f6g7h8j9kmnp/cost"`
	Target string    `json:"target" doc:"The account it gives to." example:"partner/pts_06a1b2c3d4e5f6g7h8j9kmnp/prg_06a1b2c3d4e5f6g7h8j9kmnp/pending"`
	Amount Money     `json:"amount" doc:"What is moved, always more than zero."`
	At     time.Time `json:"at" doc:"When."`
}

// Accounts are a program's accounts, by name.
func (c *Client) Accounts(ctx context.Context, program string) iter.Seq2[Account, error] {
	return list[Account](ctx, c, path("programs", program, "accounts"), nil)
}

// Entries are a program's entries, the oldest first; account narrows them when it is not empty.
func (c *Client) Entries(ctx context.Context, program, account string) iter.Seq2[Entry, error] {
	return list[Entry](ctx, c, path("programs", program, "entries"), values("account", account))
}
