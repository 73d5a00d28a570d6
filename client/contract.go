package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Rule is what one conversion of an event type earns: a share, a fixed sum, or both.
type Rule struct {
	Rate  string `json:"rate,omitempty" doc:"Share of the net amount in percent, at most four decimals." example:"10"`
	Fixed *Money `json:"fixed,omitempty" doc:"A fixed sum for each conversion."`
}

// Terms are the content of a contract.
type Terms struct {
	Payouts    map[string]Rule `json:"payouts" doc:"What a conversion earns, by event type. A type that is missing earns nothing." example:"{\"sale\":{\"rate\":\"10\"}}"`
	WindowDays int64           `json:"window_days" doc:"A touch counts for so many days of 24 hours." example:"30"`
	ViewDays   int64           `json:"view_days,omitempty" doc:"What was seen and not clicked counts for so many days, where nothing was clicked; 0: it does not." example:"0"`
	LockDays   int64           `json:"lock_days" doc:"A commission can change for so many days after the conversion." example:"30"`
	Cycle      string          `json:"cycle" doc:"How often the partner is paid: daily, weekly or monthly." example:"monthly"`
	Threshold  Money           `json:"threshold" doc:"Less than this is not paid out but kept."`
	WithCode   map[string]Rule `json:"with_code,omitempty" doc:"What a conversion earns instead where the order used a partner's promo code, by event type." example:"{\"sale\":{\"rate\":\"6\"}}"`
	BindMonths int64           `json:"bind_months,omitempty" doc:"A customer whose first order the partner brought is theirs for so many months: later orders are the partner's, whoever else is met. 1200: for ever. Left out: not at all." example:"12"`
}

// Contract is the terms of a partnership from a moment on.
type Contract struct {
	ID          string    `json:"id" doc:"Id of the version." example:"ctr_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Whose contract it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Version     int64     `json:"version" doc:"1 is the first." example:"1"`
	Since       time.Time `json:"since" doc:"From when on it is in force."`
	Terms       Terms     `json:"terms" doc:"What was agreed."`
	Author      string    `json:"author" doc:"Who agreed it for the brand." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was agreed."`
}

// NewContract is a version to be agreed.
type NewContract struct {
	Since time.Time `json:"since,omitzero" doc:"From when on it is in force; now when left out. It may lie in the past: what is not locked is then credited again." example:"2026-05-01T00:00:00Z"`
	Terms Terms     `json:"terms" doc:"What is agreed."`
}

// Contracts are a partnership's versions, in the order in which they come into force.
func (c *Client) Contracts(ctx context.Context, partnership string) iter.Seq2[Contract, error] {
	return list[Contract](ctx, c, path("partnerships", partnership, "contracts"), nil)
}

// AddContract agrees a new version.
func (c *Client) AddContract(ctx context.Context, partnership string, n NewContract) (Contract, error) {
	return write[Contract](ctx, c, http.MethodPost, path("partnerships", partnership, "contracts"), n)
}

// Contract is the version with the id.
func (c *Client) Contract(ctx context.Context, id string) (Contract, error) {
	return get[Contract](ctx, c, path("contracts", id), nil)
}
