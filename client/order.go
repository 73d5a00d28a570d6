package client

import (
	"context"
	"net/http"
	"time"
)

// OrderDetail is what an order is made of. All of it may be left out. Amounts are decimals in the currency of the order.
type OrderDetail struct {
	Items    []OrderItem       `json:"items,omitempty" doc:"The lines of the order, at most 200. Their sum less the discount is the amount."`
	Discount string            `json:"discount,omitempty" doc:"A discount on the whole order, beyond those of its lines." example:"5.00"`
	Tax      string            `json:"tax,omitempty" doc:"Kept apart: nobody earns by it." example:"9.10"`
	Shipping string            `json:"shipping,omitempty" doc:"Kept apart: nobody earns by it." example:"4.90"`
	Total    string            `json:"total,omitempty" doc:"What the customer pays. It must be the amount with tax and shipping." example:"63.90"`
	Buyer    string            `json:"buyer,omitempty" doc:"new or returning, as the shop knows it." example:"new"`
	Fields   map[string]string `json:"fields,omitempty" doc:"Up to 20 fields of your own, names up to 40 bytes, values up to 200. Conversions are found by their values." example:"{\"store\":\"lyon-3\"}"`
}

// OrderItem is a line of an order.
type OrderItem struct {
	SKU       string `json:"sku" doc:"The shop's name of the item." example:"PAN-28"`
	Name      string `json:"name,omitempty" doc:"What it is called." example:"Iron pan"`
	Category  string `json:"category,omitempty" doc:"What it belongs to." example:"cookware"`
	Quantity  int64  `json:"quantity,omitempty" doc:"How many pieces; one when left out." example:"1"`
	UnitPrice string `json:"unit_price" doc:"Of one piece, without tax." example:"54.90"`
	Discount  string `json:"discount,omitempty" doc:"On the whole line." example:"0.00"`
}

// Piece is so many of an order's items.
type Piece struct {
	SKU      string `json:"sku" doc:"The shop's name of the item." example:"PAN-28"`
	Quantity int64  `json:"quantity,omitempty" doc:"How many pieces; one when left out." example:"1"`
}

// NewEdit is what an order became. It says the whole order anew, and may come before the order.
type NewEdit struct {
	Program string    `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Event   string    `json:"event,omitempty" doc:"Event type of the order; sale when left out." example:"sale"`
	OrderID string    `json:"order_id" doc:"The order." example:"A-1001"`
	EditID  string    `json:"edit_id" doc:"The shop's own number of the edit; a second report of it is a duplicate." example:"E-1"`
	At      time.Time `json:"at,omitzero" doc:"When it was edited; now when left out. Of several edits the latest holds, whenever each is reported." example:"2026-05-04T09:00:00Z"`
	Amount  *Money    `json:"amount,omitempty" doc:"What the order comes to now, without tax, shipping and discounts. Items or a total tell it too." example:"{\"amount\":\"39.90\",\"currency\":\"EUR\"}"`
	Reason  string    `json:"reason,omitempty" doc:"Why, in your own words." example:"one piece was out of stock"`
	OrderDetail
}

// Edit is an edit as it was reported.
type Edit struct {
	ID      string    `json:"id" doc:"Id of the edit." example:"edt_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Event   string    `json:"event" doc:"Event type of the order." example:"sale"`
	OrderID string    `json:"order_id" doc:"The order." example:"A-1001"`
	EditID  string    `json:"edit_id" doc:"The shop's own number of the edit." example:"E-1"`
	At      time.Time `json:"at" doc:"When it was edited."`
	Amount  Money     `json:"amount" doc:"What the order came to." example:"{\"amount\":\"39.90\",\"currency\":\"EUR\"}"`
	Reason  string    `json:"reason,omitempty" doc:"Why, in the shop's own words."`
	OrderDetail
}

// ReportedEdit is what became of a reported edit.
type ReportedEdit struct {
	Edit
	Duplicate   bool         `json:"duplicate" doc:"True when it had been reported before."`
	Conversion  string       `json:"conversion,omitempty" doc:"The conversion; left out while the order has not been reported: the edit waits for it." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Commissions []Commission `json:"commissions" doc:"What partners earn with the order now."`
}

// NewVerdict says that a conversion qualifies, or does not. It may come before the conversion.
type NewVerdict struct {
	Program string    `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Event   string    `json:"event,omitempty" doc:"Event type of the conversion; lead when left out." example:"lead"`
	OrderID string    `json:"order_id" doc:"The order id of the conversion." example:"A-1001"`
	Verdict string    `json:"verdict" doc:"qualified or disqualified." example:"qualified"`
	At      time.Time `json:"at,omitzero" doc:"When it was decided; now when left out. Of several the latest holds." example:"2026-05-04T09:00:00Z"`
	Reason  string    `json:"reason,omitempty" doc:"Why, in your own words."`
}

// Verdict is a verdict as it was reported.
type Verdict struct {
	ID      string    `json:"id" doc:"Id of the verdict." example:"vrd_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Event   string    `json:"event" doc:"Event type of the conversion." example:"lead"`
	OrderID string    `json:"order_id" doc:"The order id of the conversion." example:"A-1001"`
	Verdict string    `json:"verdict" doc:"What was decided." enum:"qualified,disqualified" example:"qualified"`
	At      time.Time `json:"at" doc:"When it was decided."`
	Reason  string    `json:"reason,omitempty" doc:"Why, in the shop's own words."`
}

// ReportedVerdict is what became of a reported verdict.
type ReportedVerdict struct {
	Verdict
	Duplicate   bool         `json:"duplicate" doc:"True when it had been reported before."`
	Conversion  string       `json:"conversion,omitempty" doc:"The conversion; left out while it has not been reported: the verdict waits for it." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Commissions []Commission `json:"commissions" doc:"What partners earn with it now."`
}

// Claim is one of several reports of an order, as it was told.
type Claim struct {
	Source     string    `json:"source" doc:"The door it came through." example:"tag"`
	Trusted    bool      `json:"trusted" doc:"Whether it came with a key of the shop. One that did outweighs all that did not."`
	At         time.Time `json:"at" doc:"When it says that it happened."`
	ReceivedAt time.Time `json:"received_at" doc:"When it was reported."`
	Amount     Money     `json:"amount" doc:"What it says that the order came to." example:"{\"amount\":\"49.90\",\"currency\":\"EUR\"}"`
	ClickID    string    `json:"click_id,omitempty" doc:"The click id it came with."`
	VisitorID  string    `json:"visitor_id,omitempty" doc:"The browser tag's id it came with."`
	CustomerID string    `json:"customer_id,omitempty" doc:"The shop's id of the customer."`
	PromoCode  string    `json:"promo_code,omitempty" doc:"The promo codes it came with."`
}

// Qualification is whether a conversion qualifies, and why.
type Qualification struct {
	State   string     `json:"state" doc:"waiting, qualified or disqualified." enum:"waiting,qualified,disqualified" example:"waiting"`
	Rule    string     `json:"rule" doc:"The rule of the day: at_once, verdict, event or days." enum:"at_once,verdict,event,days" example:"verdict"`
	After   string     `json:"after,omitempty" doc:"event: which event it waits for."`
	Because string     `json:"because,omitempty" doc:"verdict, event or refund; left out while it waits."`
	By      string     `json:"by,omitempty" doc:"Id of the conversion that followed, or of the verdict."`
	Until   *time.Time `json:"until,omitempty" doc:"days: when it qualifies, if nothing is given back before."`
}

// QualifyingRule is on what condition an event type is paid, from a moment on.
type QualifyingRule struct {
	ID    string    `json:"id" doc:"Id of the rule." example:"qua_06a1b2c3d4e5f6g7h8j9kmnp"`
	Event string    `json:"event" doc:"The event type." example:"lead"`
	Since time.Time `json:"since" doc:"From when on it holds."`
	Rule  string    `json:"rule" doc:"at_once, verdict, event or days." enum:"at_once,verdict,event,days" example:"event"`
	After string    `json:"after,omitempty" doc:"event: which event of the same person it waits for." example:"sale"`
	Days  int64     `json:"days,omitempty" doc:"days: in which nothing may be given back."`
}

// NewQualifyingRule is a rule to be settled.
type NewQualifyingRule struct {
	Event string    `json:"event" doc:"The event type." example:"lead"`
	Since time.Time `json:"since,omitzero" doc:"From when on it holds; now when left out. In the past, what is not locked is derived again."`
	Rule  string    `json:"rule" doc:"at_once; verdict: until the shop says so; event: until another event of the same person; days: until so many days have passed in which nothing was given back." example:"event"`
	After string    `json:"after,omitempty" doc:"event: which event of the same person." example:"sale"`
	Days  int64     `json:"days,omitempty" doc:"days: how many, at most 366."`
}

// Refunds is a batch of refunds to be reported.
type Refunds struct {
	Refunds []NewRefund `json:"refunds" minItems:"1" maxItems:"1000" doc:"One to 1000 refunds. Each is answered by itself: one that is refused does not stop the others."`
}

// RefundResults are the answers to a batch, in its order.
type RefundResults struct {
	Results []RefundResult `json:"results" doc:"One answer for each refund, in the order in which they were sent."`
}

// RefundResult is the answer to one refund of a batch.
type RefundResult struct {
	Status  string          `json:"status" doc:"taken: kept now. duplicate: kept before. refused: not kept, see problem." enum:"taken,duplicate,refused"`
	Refund  *ReportedRefund `json:"refund,omitempty" doc:"The refund as it is kept."`
	Problem *Problem        `json:"problem,omitempty" doc:"Why it was refused."`
}

// ReportRefunds reports up to 1000 refunds at once.
func (c *Client) ReportRefunds(ctx context.Context, list []NewRefund) ([]RefundResult, error) {
	results, err := write[RefundResults](ctx, c, http.MethodPost, path("refunds", "batch"), Refunds{list})
	return results.Results, err
}

// ReportEdit reports what an order became.
func (c *Client) ReportEdit(ctx context.Context, n NewEdit) (ReportedEdit, error) {
	return write[ReportedEdit](ctx, c, http.MethodPost, path("edits"), n)
}

// ReportVerdict reports whether a conversion qualifies.
func (c *Client) ReportVerdict(ctx context.Context, n NewVerdict) (ReportedVerdict, error) {
	return write[ReportedVerdict](ctx, c, http.MethodPost, path("verdicts"), n)
}

// AddQualifyingRule settles on what condition an event type is paid.
func (c *Client) AddQualifyingRule(ctx context.Context, program string, n NewQualifyingRule) (QualifyingRule, error) {
	return write[QualifyingRule](ctx, c, http.MethodPost, path("programs", program, "qualifying"), n)
}
