package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Postback is a partner's wish to be told what becomes of their commissions.
type Postback struct {
	ID          string     `json:"id" doc:"Id of the postback." example:"pbk_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string     `json:"partnership" doc:"Whose it is." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name        string     `json:"name" doc:"As the partner calls it." example:"Our tracker"`
	Host        string     `json:"host" doc:"The server that it goes to." example:"tracker.example.com"`
	Moments     []string   `json:"moments" doc:"Of what it tells: created, held, released, approved, reversed, paid." example:"[\"created\",\"paid\"]"`
	Events      []string   `json:"events" doc:"Of conversions of which event types; empty for all." example:"[\"sale\"]"`
	State       string     `json:"state" doc:"Where it stands." enum:"active,failing,paused"`
	PausedBy    string     `json:"paused_by,omitempty" doc:"Who paused it: partner, brand, or failing when nothing had reached it for five days."`
	FailingAt   *time.Time `json:"failing_since" doc:"Since when every attempt has failed; null when the last did not."`
	Waiting     int64      `json:"waiting" doc:"Deliveries that wait." example:"2"`
	Delivered   int64      `json:"delivered" doc:"Deliveries of the last thirty days that have arrived." example:"140"`
	Failed      int64      `json:"failed" doc:"Deliveries of the last thirty days that were given up." example:"0"`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was made."`
}

// Delivery is a message of a postback.
type Delivery struct {
	ID         string     `json:"id" doc:"Id of the delivery, which its receiver sees as webhook-id." example:"dlv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Sequence   int64      `json:"sequence" doc:"1, 2, 3, … within its postback." example:"42"`
	Moment     string     `json:"moment" doc:"Of what it tells." example:"approved"`
	Commission string     `json:"commission,omitempty" doc:"Id of the commission; a test has none." example:"com_06a1b2c3d4e5f6g7h8j9kmnp"`
	Test       bool       `json:"test" doc:"True when the partner sent it to try."`
	State      string     `json:"state" doc:"Where it stands." enum:"waiting,delivered,failed,cancelled"`
	Attempts   []Attempt  `json:"attempts" doc:"Every attempt, the first one first."`
	NextAt     *time.Time `json:"next_attempt_at" doc:"When it is tried next; null when it is not."`
	CreatedAt  time.Time  `json:"created_at" doc:"When it was made."`
	FinishedAt *time.Time `json:"finished_at" doc:"When it arrived, was given up or cancelled; null before."`
}

// Attempt is one try to bring a delivery.
type Attempt struct {
	At     time.Time `json:"at" doc:"When."`
	TookMS int64     `json:"took_ms" doc:"How long, in milliseconds." example:"87"`
	Status int       `json:"status" doc:"Of the answer; 0 when there was none." example:"200"`
	Fault  string    `json:"fault,omitempty" doc:"Why it did not reach its end: status, redirect, timeout, name, connect, certificate, address, broken."`
}

// NewReplay says what is sent again: a delivery, or those of a span.
type NewReplay struct {
	Delivery string     `json:"delivery,omitempty" doc:"Id of a delivery." example:"dlv_06a1b2c3d4e5f6g7h8j9kmnp"`
	From     *time.Time `json:"from,omitempty" doc:"The moment from which on deliveries were made."`
	To       *time.Time `json:"to,omitempty" doc:"The moment before which they were made."`
}

// Replayed says how many deliveries are sent again.
type Replayed struct {
	Deliveries int64 `json:"deliveries" doc:"How many." example:"12"`
}

// Postbacks are those of a program's partners, the oldest first.
func (c *Client) Postbacks(ctx context.Context, program string) iter.Seq2[Postback, error] {
	return list[Postback](ctx, c, path("programs", program, "postbacks"), nil)
}

// Postback is the one with the id.
func (c *Client) Postback(ctx context.Context, id string) (Postback, error) {
	return get[Postback](ctx, c, path("postbacks", id), nil)
}

// Deliveries are those of a postback, the newest first.
func (c *Client) Deliveries(ctx context.Context, postback string) iter.Seq2[Delivery, error] {
	return list[Delivery](ctx, c, path("postbacks", postback, "deliveries"), nil)
}

// PausePostback stops a postback until the brand resumes it.
func (c *Client) PausePostback(ctx context.Context, id string) (Postback, error) {
	return write[Postback](ctx, c, http.MethodPost, path("postbacks", id, "pause"), nil)
}

// ResumePostback lets a postback go on, whoever paused it.
func (c *Client) ResumePostback(ctx context.Context, id string) (Postback, error) {
	return write[Postback](ctx, c, http.MethodPost, path("postbacks", id, "resume"), nil)
}

// ReplayPostback sends deliveries of a postback again.
func (c *Client) ReplayPostback(ctx context.Context, id string, n NewReplay) (Replayed, error) {
	return write[Replayed](ctx, c, http.MethodPost, path("postbacks", id, "replay"), n)
}
