package client

import (
	"context"
	"net/http"
	"time"
)

// NewRefund is a refund to be reported. It may come before its order.
type NewRefund struct {
	Program  string    `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Event    string    `json:"event,omitempty" doc:"Event type of the order; sale when left out." example:"sale"`
	OrderID  string    `json:"order_id" doc:"The order that is given back, whole or in part." example:"A-1001"`
	RefundID string    `json:"refund_id,omitempty" doc:"The shop's own number of the refund. Needed for a partial one; a second report of it is a duplicate." example:"R-7"`
	At       time.Time `json:"at,omitzero" doc:"When it happened; now when left out." example:"2026-05-10T09:00:00Z"`
	Amount   *Money    `json:"amount,omitempty" doc:"What is given back. When left out: what the items come to, and without items the whole order." example:"{\"amount\":\"12.50\",\"currency\":\"EUR\"}"`
	Items    []Piece   `json:"items,omitempty" doc:"Which items are given back. Without an amount they come to what the order says of them."`
	Reason   string    `json:"reason,omitempty" doc:"item_returned (when left out), order_cancelled, order_error, customer_fraud, partner_fraud, terms_violation, duplicate, test, credited_elsewhere, chargeback or other." example:"item_returned"`
	Test     bool      `json:"test,omitempty" doc:"True for a refund of a test order."`
}

// Refund is a refund as it was reported.
type Refund struct {
	ID       string    `json:"id" doc:"Id of the refund." example:"rfd_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program  string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Event    string    `json:"event" doc:"Event type of the order." example:"sale"`
	OrderID  string    `json:"order_id" doc:"The order that was given back." example:"A-1001"`
	RefundID string    `json:"refund_id" doc:"The shop's own number of the refund." example:"R-7"`
	At       time.Time `json:"at" doc:"When it happened."`
	Whole    bool      `json:"whole" doc:"True when the whole order was given back."`
	Amount   *Money    `json:"amount,omitempty" doc:"What was given back; left out when it is the whole order, or what the items come to." example:"{\"amount\":\"12.50\",\"currency\":\"EUR\"}"`
	Items    []Piece   `json:"items,omitempty" doc:"Which items were given back."`
	Reason   string    `json:"reason" doc:"Why." example:"item_returned"`
	Test     bool      `json:"test,omitempty" doc:"True for a refund of a test order."`
}

// ReportedRefund is what became of a reported refund.
type ReportedRefund struct {
	Refund
	Duplicate   bool         `json:"duplicate" doc:"True when it had been reported before."`
	Conversion  string       `json:"conversion,omitempty" doc:"The conversion that was given back; left out while the order has not been reported: the refund waits for it." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Commissions []Commission `json:"commissions" doc:"What partners earn with the order after the refund."`
	Warnings    []Warning    `json:"warnings,omitempty" doc:"What was kept as it came and is probably a mistake: refunds_exceed_order, item_unknown. Left out when nothing is."`
}

// ReportRefund reports a refund.
func (c *Client) ReportRefund(ctx context.Context, n NewRefund) (ReportedRefund, error) {
	return write[ReportedRefund](ctx, c, http.MethodPost, path("refunds"), n)
}

// Identity says that two names are one person. Exactly two of them are given.
type Identity struct {
	Program     string `json:"program" doc:"Id or short name of the program." example:"alpine"`
	ClickID     string `json:"click_id,omitempty" doc:"A click id."`
	VisitorID   string `json:"visitor_id,omitempty" doc:"The browser tag's first-party id." example:"v-5f2c9d"`
	CustomerID  string `json:"customer_id,omitempty" doc:"The shop's id of the customer." example:"cus_42"`
	EmailSHA256 string `json:"email_sha256,omitempty" doc:"SHA-256 of the trimmed, lower-case e-mail address, in hexadecimal."`
	Email       string `json:"email,omitempty" doc:"The e-mail address itself, instead of its hash. It is hashed at the door and not kept." example:"eve@example.com"`
	WasCustomer string `json:"was_customer_id,omitempty" doc:"The id that the shop had for the customer before: it has merged the two, or changed the id." example:"cus_17"`
}

// Identify tells that two names are one person, such as a visitor who signed in. What is not locked is credited again.
func (c *Client) Identify(ctx context.Context, i Identity) (Identity, error) {
	return write[Identity](ctx, c, http.MethodPost, path("identities"), i)
}
