package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// CodePolicy is what a partner's promo code on an order counts for, from a moment on.
type CodePolicy struct {
	ID     string    `json:"id" doc:"Id of the policy." example:"cpo_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since  time.Time `json:"since" doc:"From when on it is in force."`
	Credit string    `json:"credit" doc:"shares: a code is a touch at the moment of the order, and the settlement model shares. always: its partner has the order. in_path: its partner has the order if something else of theirs counts. winner: it confirms a partner who has the order without it, and takes from nobody." enum:"shares,always,in_path,winner" example:"in_path"`
	Author string    `json:"author" doc:"Who decided it." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
}

// NewCodePolicy is a code policy to be decided.
type NewCodePolicy struct {
	Since  time.Time `json:"since,omitzero" doc:"From when on it is in force; now when left out. It may lie in the past: what is not locked is then credited again."`
	Credit string    `json:"credit" doc:"shares, always, in_path or winner." enum:"shares,always,in_path,winner" example:"in_path"`
}

// CodeStanding is whose a code is from a moment on, and what it needs to count.
type CodeStanding struct {
	Partnership string    `json:"partnership" doc:"Whose it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since" doc:"From when on."`
	Suspended   bool      `json:"suspended" doc:"True when it does not count."`
	Near        string    `json:"near,omitempty" doc:"What else an order must show: met, a visit from the partner; hosts, one that came from one of the hosts. Left out: nothing." enum:"met,hosts"`
	Hosts       []string  `json:"hosts,omitempty" doc:"The hosts, with their subdomains." example:"[\"anna.example.com\"]"`
	Reason      string    `json:"reason,omitempty" doc:"Why." example:"On a list of codes"`
	Author      string    `json:"author,omitempty" doc:"Who said so; left out for the first." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
}

// NewCodeStanding is another standing of a code.
type NewCodeStanding struct {
	Partnership string    `json:"partnership,omitempty" doc:"Whose it is from then on; whose it was when left out."`
	Since       time.Time `json:"since,omitzero" doc:"From when on, now or in the past; now when left out."`
	Suspended   bool      `json:"suspended,omitempty" doc:"True: it does not count from then on."`
	Near        string    `json:"near,omitempty" doc:"met or hosts; left out: it needs nothing else." enum:"met,hosts"`
	Hosts       []string  `json:"hosts,omitempty" doc:"Of hosts: where visits must come from."`
	Reason      string    `json:"reason,omitempty" doc:"Why, at most 500 letters." example:"On a list of codes"`
}

// CodeBatch is a number of codes of which each can be used once.
type CodeBatch struct {
	ID          string    `json:"id" doc:"Id of the batch." example:"cba_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Whose codes they are." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Label       string    `json:"label" doc:"A note." example:"Readers' evening"`
	Size        int64     `json:"size" doc:"How many codes." example:"100"`
	Used        int64     `json:"used" doc:"How many of them were used." example:"12"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was made."`
}

// NewCodeBatch is a batch to be made.
type NewCodeBatch struct {
	Size   int64  `json:"size" doc:"1 to 10,000." example:"100"`
	Prefix string `json:"prefix,omitempty" doc:"What every code begins with, at most 20 letters, digits, hyphens and underscores." example:"ANNA-"`
	Label  string `json:"label,omitempty" doc:"A note, at most 120 letters." example:"Readers' evening"`
}

// SingleCode is a code of a batch.
type SingleCode struct {
	Code    string    `json:"code" doc:"The code." example:"ANNA-7KQ2XW9MRT"`
	OrderID string    `json:"order_id,omitempty" doc:"The order that used it; left out while it is free." example:"A-1001"`
	UsedAt  time.Time `json:"used_at,omitzero" doc:"When."`
}

// CodePolicies are a program's, in the order in which they come into force.
func (c *Client) CodePolicies(ctx context.Context, program string) iter.Seq2[CodePolicy, error] {
	return list[CodePolicy](ctx, c, path("programs", program, "code-policies"), nil)
}

// AddCodePolicy decides what codes count for from a moment on.
func (c *Client) AddCodePolicy(ctx context.Context, program string, n NewCodePolicy) (CodePolicy, error) {
	return write[CodePolicy](ctx, c, http.MethodPost, path("programs", program, "code-policies"), n)
}

// CodeStandings are those of a code, in the order in which they come into force.
func (c *Client) CodeStandings(ctx context.Context, program, code string) iter.Seq2[CodeStanding, error] {
	return list[CodeStanding](ctx, c, path("programs", program, "codes", code, "standings"), nil)
}

// StandCode gives a code another standing.
func (c *Client) StandCode(ctx context.Context, program, code string, n NewCodeStanding) (CodeStanding, error) {
	return write[CodeStanding](ctx, c, http.MethodPost, path("programs", program, "codes", code, "standings"), n)
}

// CodeBatches are a partnership's, the newest first.
func (c *Client) CodeBatches(ctx context.Context, partnership string) iter.Seq2[CodeBatch, error] {
	return list[CodeBatch](ctx, c, path("partnerships", partnership, "code-batches"), nil)
}

// CreateCodeBatch makes codes of which each can be used once.
func (c *Client) CreateCodeBatch(ctx context.Context, partnership string, n NewCodeBatch) (CodeBatch, error) {
	return write[CodeBatch](ctx, c, http.MethodPost, path("partnerships", partnership, "code-batches"), n)
}

// CodesOfBatch are the codes of a batch.
func (c *Client) CodesOfBatch(ctx context.Context, batch string) iter.Seq2[SingleCode, error] {
	return list[SingleCode](ctx, c, path("code-batches", batch, "codes"), nil)
}
