package client

import (
	"context"
	"net/http"
	"time"
)

// NewDecision is what a person decides about commissions.
type NewDecision struct {
	Decision    string   `json:"decision" doc:"hold: it does not lock, whatever its day. release: the hold ends, and it locks on its day. approve: it locks now, before its day. reverse: it is taken back." enum:"approve,hold,release,reverse" example:"hold"`
	Commissions []string `json:"commissions" minItems:"1" maxItems:"200" doc:"Ids of one to 200 commissions. Each is answered by itself: one that is refused does not stop the others." example:"[\"com_06a1b2c3d4e5f6g7h8j9kmnp\"]"`
	Reason      string   `json:"reason,omitempty" doc:"Of a hold: order_check, return_open, payment_open, traffic_check, terms_check, partner_details or other (when left out); the partner reads it. Of a reversal: as in commissions-reverse. A release and an approval have none." example:"order_check"`
	Note        string   `json:"note,omitempty" maxLength:"1000" doc:"A sentence for the record, which the partner never reads." example:"Three orders to one address."`
}

// DecisionResults are the answers to a decision, in the order of its commissions.
type DecisionResults struct {
	Results []DecisionResult `json:"results" doc:"One answer for each commission, in the order in which they were sent."`
}

// DecisionResult is what became of a decision about one commission.
type DecisionResult struct {
	ID         string      `json:"id" doc:"Id of the commission." example:"com_06a1b2c3d4e5f6g7h8j9kmnp"`
	Status     string      `json:"status" doc:"done: decided now. already: an earlier decision had done the same. refused: it stays as it was, see problem." enum:"done,already,refused"`
	Commission *Commission `json:"commission,omitempty" doc:"The commission as it is now."`
	Problem    *Problem    `json:"problem,omitempty" doc:"Why it was refused: commission_locked, commission_reversed, commission_not_held or commission_unknown."`
}

// Decision is a decision that was made about a commission.
type Decision struct {
	ID          string    `json:"id" doc:"Id of the decision." example:"dec_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string    `json:"partnership" doc:"Whose commission it is about." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Decision    string    `json:"decision" doc:"What was decided." enum:"approve,hold,release,reverse" example:"hold"`
	Reason      string    `json:"reason,omitempty" doc:"Why, for a hold and a reversal." example:"order_check"`
	Note        string    `json:"note,omitempty" doc:"A sentence for the record." example:"Three orders to one address."`
	Author      string    `json:"author" doc:"Id of the person or the token that decided." example:"per_06a1b2c3d4e5f6g7h8j9kmnp"`
	At          time.Time `json:"at" doc:"When it was decided."`
}

// Decide approves, holds, releases or reverses up to 200 commissions at once. Given again it changes nothing.
func (c *Client) Decide(ctx context.Context, d NewDecision) ([]DecisionResult, error) {
	results, err := write[DecisionResults](ctx, c, http.MethodPost, path("commissions", "decisions"), d)
	return results.Results, err
}
