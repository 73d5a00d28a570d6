package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// NewConversion is a conversion to be reported. At least one of ClickID, VisitorID, CustomerID, EmailSHA256 and PromoCode
// should be there: without one nobody can have earned it.
type NewConversion struct {
	Program     string    `json:"program" doc:"Id or short name of the program." example:"alpine"`
	Event       string    `json:"event,omitempty" doc:"Event type; sale when left out." example:"sale"`
	OrderID     string    `json:"order_id" doc:"The shop's own number of the order. A second report of it is a duplicate and is paid once." example:"A-1001"`
	At          time.Time `json:"at,omitzero" doc:"When it happened; now when left out." example:"2026-05-03T14:05:00Z"`
	Amount      *Money    `json:"amount,omitempty" doc:"Without tax, shipping and discounts. A sale needs it, or items or a total that tell it; other events may leave it out." example:"{\"amount\":\"49.90\",\"currency\":\"EUR\"}"`
	ClickID     string    `json:"click_id,omitempty" doc:"The click id that the link gave to the landing page (tclid)." example:"AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA"`
	VisitorID   string    `json:"visitor_id,omitempty" doc:"The browser tag's first-party id."`
	CustomerID  string    `json:"customer_id,omitempty" doc:"The shop's id of the customer." example:"cus_42"`
	EmailSHA256 string    `json:"email_sha256,omitempty" doc:"SHA-256 of the trimmed, lower-case e-mail address, in hexadecimal. Dots and what follows a plus stay as they are."`
	Email       string    `json:"email,omitempty" doc:"The e-mail address itself, instead of its hash. It is hashed at the door and not kept." example:"eve@example.com"`
	PromoCode   string    `json:"promo_code,omitempty" doc:"A partner's promo code that was used, or several with commas." example:"ANNA10"`
	Test        bool      `json:"test,omitempty" doc:"True for a test: it walks the whole line and counts nowhere."`
	OrderDetail
}

// Conversion is what the program pays for, as it was reported.
type Conversion struct {
	ID          string    `json:"id" doc:"Id of the conversion." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string    `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Event       string    `json:"event" doc:"Event type." example:"sale"`
	OrderID     string    `json:"order_id" doc:"The shop's own number of the order." example:"A-1001"`
	At          time.Time `json:"at" doc:"When it happened."`
	ReceivedAt  time.Time `json:"received_at" doc:"When it was reported."`
	Amount      Money     `json:"amount" doc:"As reported, before refunds." example:"{\"amount\":\"49.90\",\"currency\":\"EUR\"}"`
	ClickID     string    `json:"click_id,omitempty" doc:"The click id it came with."`
	VisitorID   string    `json:"visitor_id,omitempty" doc:"The browser tag's id it came with."`
	CustomerID  string    `json:"customer_id,omitempty" doc:"The shop's id of the customer." example:"cus_42"`
	EmailSHA256 string    `json:"email_sha256,omitempty" doc:"The hashed e-mail address it came with."`
	PromoCode   string    `json:"promo_code,omitempty" doc:"The promo codes that were used, in capitals, with commas." example:"ANNA10"`
	Test        bool      `json:"test,omitempty" doc:"True for a test, which counts nowhere."`
	Source      string    `json:"source" doc:"The door it came through: api, postback, console, tag or pixel." example:"api"`
	OrderDetail
}

// Reported is what became of a reported conversion.
type Reported struct {
	Conversion
	Duplicate   bool         `json:"duplicate" doc:"True when the order had been reported before; it then stands as it was."`
	Commissions []Commission `json:"commissions" doc:"What partners earn with it. Empty when nobody earned; the explanation says why."`
	Warnings    []Warning    `json:"warnings,omitempty" doc:"What was kept as it came and is probably a mistake: promo_code_unknown. Left out when nothing is."`
}

// Explained is a conversion with all that follows from it.
type Explained struct {
	Conversion
	Commissions []Commission `json:"commissions" doc:"What partners earn with it, as of now."`
	Refunds     []Refund     `json:"refunds" doc:"What was given back, oldest first."`
	Edits       []Edit       `json:"edits" doc:"What the order became, by the shop's time. The last holds."`
	Verdicts    []Verdict    `json:"verdicts" doc:"Whether it qualifies, as the shop said. The last holds."`
	Claims      []Claim      `json:"claims" doc:"All reports of the order, when there is more than one."`
	Earlier     []Conversion `json:"earlier" doc:"Earlier conversions of the same person, the newest first, at most 20."`
	Decisions   []Decision   `json:"decisions" doc:"What people decided about its commissions, in order."`
	Explanation Explanation  `json:"explanation" doc:"Why each cent went where it went."`
}

// Conversions is a batch of conversions to be reported.
type Conversions struct {
	Conversions []NewConversion `json:"conversions" minItems:"1" maxItems:"1000" doc:"One to 1000 conversions. Each is answered by itself: one that is refused does not stop the others."`
}

// ConversionResults are the answers to a batch, in its order.
type ConversionResults struct {
	Results []ConversionResult `json:"results" doc:"One answer for each conversion, in the order in which they were sent."`
}

// ConversionResult is the answer to one conversion of a batch.
type ConversionResult struct {
	Status     string    `json:"status" doc:"credited: kept now. duplicate: kept before. refused: not kept, see problem." enum:"credited,duplicate,refused"`
	Conversion *Reported `json:"conversion,omitempty" doc:"The conversion as it is kept."`
	Problem    *Problem  `json:"problem,omitempty" doc:"Why it was refused."`
}

// ConversionFilter narrows a list of conversions. What is empty narrows nothing.
type ConversionFilter struct {
	Event       string
	Search      string // an order, customer, click or conversion id, an e-mail address or its SHA-256, whole
	State       string // of one of its commissions, or nobody
	Partnership string
	From        time.Time
	To          time.Time // not included
}

// ReportConversion reports one conversion.
func (c *Client) ReportConversion(ctx context.Context, n NewConversion) (Reported, error) {
	return write[Reported](ctx, c, http.MethodPost, path("conversions"), n)
}

// ReportConversions reports up to 1000 conversions at once.
func (c *Client) ReportConversions(ctx context.Context, list []NewConversion) ([]ConversionResult, error) {
	results, err := write[ConversionResults](ctx, c, http.MethodPost, path("conversions", "batch"), Conversions{list})
	return results.Results, err
}

// Conversions are those of a program, the last received first.
func (c *Client) Conversions(ctx context.Context, program string, f ConversionFilter) iter.Seq2[Conversion, error] {
	return list[Conversion](ctx, c, path("programs", program, "conversions"),
		values("event", f.Event, "search", f.Search, "state", f.State, "partnership", f.Partnership, "from", moment(f.From), "to", moment(f.To)))
}

// TestConversions are those of a program that were only tried, the last received first.
func (c *Client) TestConversions(ctx context.Context, program string) iter.Seq2[Conversion, error] {
	return list[Conversion](ctx, c, path("programs", program, "conversions", "tests"), nil)
}

// Conversion is one conversion with its explanation.
func (c *Client) Conversion(ctx context.Context, id string) (Explained, error) {
	return get[Explained](ctx, c, path("conversions", id), nil)
}
