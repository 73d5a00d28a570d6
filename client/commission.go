package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Commission is what one partnership has earned with one conversion.
type Commission struct {
	ID          string     `json:"id" doc:"Id of the commission." example:"com_06a1b2c3d4e5f6g7h8j9kmnp"`
	Conversion  string     `json:"conversion" doc:"The conversion it was earned with." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string     `json:"partnership" doc:"Who earned it." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	At          time.Time  `json:"at" doc:"When the conversion happened."`
	Amount      Money      `json:"amount" doc:"What is earned, as of now." example:"{\"amount\":\"4.99\",\"currency\":\"EUR\"}"`
	Settled     Money      `json:"settled" doc:"What payouts, paid or under way, have taken of it." example:"{\"amount\":\"0.00\",\"currency\":\"EUR\"}"`
	State       string     `json:"state" doc:"Where it stands. What was paid too much is netted off the next payout." enum:"pending,held,payable,in_payout,paid,reversed" example:"pending"`
	LocksAt     *time.Time `json:"locks_at" doc:"From this moment it can no longer change by itself; null while it is held, and for what was credited elsewhere." example:"2026-06-02T14:05:00Z"`
	LockedAt    *time.Time `json:"locked_at" doc:"When it was locked; null before."`
	Reason      string     `json:"reason,omitempty" doc:"Why it is reversed or held."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was first credited."`
	UpdatedAt   time.Time  `json:"updated_at" doc:"When it last changed."`
}

// Reversal is why a commission is taken back.
type Reversal struct {
	Reason string `json:"reason,omitempty" doc:"item_returned, order_cancelled, order_error, customer_fraud, partner_fraud, terms_violation, duplicate, test, credited_elsewhere, chargeback or other (when left out)." example:"customer_fraud"`
	Note   string `json:"note,omitempty" maxLength:"1000" doc:"A sentence for the record." example:"Stolen card, confirmed by the bank."`
}

// CommissionFilter narrows a list of commissions. What is empty narrows nothing.
type CommissionFilter struct {
	Partnership string
	State       string
	From, To    time.Time // of the conversion; To is not included
}

// Commissions are those of a program, the newest first.
func (c *Client) Commissions(ctx context.Context, program string, f CommissionFilter) iter.Seq2[Commission, error] {
	return list[Commission](ctx, c, path("programs", program, "commissions"),
		values("partnership", f.Partnership, "state", f.State, "from", moment(f.From), "to", moment(f.To)))
}

// Commission is one commission.
func (c *Client) Commission(ctx context.Context, id string) (Commission, error) {
	return get[Commission](ctx, c, path("commissions", id), nil)
}

// ReverseCommission takes a commission back by hand, at any time.
func (c *Client) ReverseCommission(ctx context.Context, id string, r Reversal) (Commission, error) {
	return write[Commission](ctx, c, http.MethodPost, path("commissions", id, "reverse"), r)
}
