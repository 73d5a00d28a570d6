package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Proposal is what a batch made now would do about one partnership.
type Proposal struct {
	Partnership string `json:"partnership" doc:"Who is owed." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Payee       string `json:"payee" doc:"The partner's name." example:"Anna Outdoors"`
	Amount      Money  `json:"amount" doc:"What is open. Negative when more was paid than is owed."`
	Pays        bool   `json:"pays" doc:"Whether a batch would pay it."`
	Reason      string `json:"reason,omitempty" doc:"Why not: in_debt, below_threshold, not_due or no_method." example:"below_threshold"`
}

// NewBatch says how a batch is made.
type NewBatch struct {
	IgnoreCycle bool `json:"ignore_cycle,omitempty" doc:"Pay also those who had a payout in this day, week or month already."`
}

// Batch is payouts that were made together.
type Batch struct {
	ID         string     `json:"id" doc:"Id of the batch." example:"bat_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program    string     `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Currency   string     `json:"currency" doc:"ISO 4217 code." example:"EUR"`
	Author     string     `json:"author" doc:"Who made it." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
	CreatedAt  time.Time  `json:"created_at" doc:"When it was made."`
	Approver   string     `json:"approver,omitempty" doc:"Who approved it." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
	ApprovedAt *time.Time `json:"approved_at" doc:"When it was approved; null before." example:"2026-05-14T12:10:00Z"`
	Payouts    []Payout   `json:"payouts,omitempty" doc:"Its payouts. Left out of lists."`
	Files      []File     `json:"files,omitempty" doc:"The files it was sent by. Left out of lists."`
}

// Payout is a payment to one partnership.
type Payout struct {
	ID          string       `json:"id" doc:"Id of the payout." example:"pay_06a1b2c3d4e5f6g7h8j9kmnp"`
	Batch       string       `json:"batch" doc:"The batch it is in." example:"bat_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string       `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string       `json:"partnership" doc:"Who is paid." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Amount      Money        `json:"amount" doc:"What is paid."`
	State       string       `json:"state" doc:"Where it stands." enum:"draft,approved,sent,paid,failed,cancelled" example:"sent"`
	Rail        string       `json:"rail" doc:"The way it is paid." example:"paypal"`
	PayTo       string       `json:"pay_to" doc:"The account it is paid to. Masked (a***@example.com) for who may neither write nor approve payouts nor write partners." example:"anna@example.com"`
	Payee       string       `json:"payee" doc:"The partner's name." example:"Anna Outdoors"`
	Reason      string       `json:"reason,omitempty" doc:"Why it failed."`
	CreatedAt   time.Time    `json:"created_at" doc:"When it was made."`
	SentAt      *time.Time   `json:"sent_at" doc:"When it was sent; null before." example:"2026-05-14T12:14:00Z"`
	SettledAt   *time.Time   `json:"settled_at" doc:"When it was paid, failed or was cancelled; null before."`
	Lines       []PayoutLine `json:"lines,omitempty" doc:"The commissions that make it up. Left out of lists."`
}

// PayoutLine is the part of a payout that one commission gives or, with a negative amount, takes.
type PayoutLine struct {
	Commission string `json:"commission" doc:"Id of the commission." example:"com_06a1b2c3d4e5f6g7h8j9kmnp"`
	Amount     Money  `json:"amount" doc:"Its part of the payout."`
}

// File is what a payment service takes.
type File struct {
	Name      string    `json:"name" doc:"Name of the file." example:"alpine-2026-06-01-paypal-1.csv"`
	Rail      string    `json:"rail" doc:"The payment service it is for." example:"paypal"`
	URL       string    `json:"url" doc:"Where it can be downloaded, with the same token." example:"https://partners.example.com/v1/batches/bat_06a1b2c3d4e5f6g7h8j9kmnp/files/alpine-2026-06-01-paypal-1.csv"`
	CreatedAt time.Time `json:"created_at" doc:"When it was written."`
}

// Outcomes are what the lines of a result file did.
type Outcomes struct {
	Outcomes []Outcome `json:"outcomes" doc:"One for each line, in the file's order."`
}

// Outcome is what one line of a result file did.
type Outcome struct {
	Line   int    `json:"line" doc:"Number of the line; the header is 1." example:"2"`
	Payout string `json:"payout,omitempty" doc:"The payout that it names." example:"pay_06a1b2c3d4e5f6g7h8j9kmnp"`
	Did    string `json:"did" doc:"paid and failed settled the payout; the others changed nothing." enum:"paid,failed,already,pending,unknown,not_sent,contradicts,unreadable" example:"paid"`
	State  string `json:"state,omitempty" doc:"Where the payout stands now." example:"paid"`
	Reason string `json:"reason,omitempty" doc:"Why it failed, or what is wrong with the line."`
}

// PayoutFilter narrows a list of payouts. What is empty narrows nothing.
type PayoutFilter struct {
	Partnership string
	State       string
}

// Proposals are what a batch made now would pay, and whom it would not and why.
func (c *Client) Proposals(ctx context.Context, program string, ignoreCycle bool) iter.Seq2[Proposal, error] {
	query := url.Values{}
	if ignoreCycle {
		query.Set("ignore_cycle", "true")
	}
	return list[Proposal](ctx, c, path("programs", program, "proposals"), query)
}

// CreateBatch puts everything that is due into a new batch of drafts.
func (c *Client) CreateBatch(ctx context.Context, program string, n NewBatch) (Batch, error) {
	return write[Batch](ctx, c, http.MethodPost, path("programs", program, "batches"), n)
}

// Batches are those of a program, the newest first.
func (c *Client) Batches(ctx context.Context, program string) iter.Seq2[Batch, error] {
	return list[Batch](ctx, c, path("programs", program, "batches"), nil)
}

// Batch is a batch with its payouts and files.
func (c *Client) Batch(ctx context.Context, id string) (Batch, error) {
	return get[Batch](ctx, c, path("batches", id), nil)
}

// ApproveBatch lets a batch be sent.
func (c *Client) ApproveBatch(ctx context.Context, id string) (Batch, error) {
	return write[Batch](ctx, c, http.MethodPost, path("batches", id, "approve"), nil)
}

// SendBatch writes the files of an approved batch.
func (c *Client) SendBatch(ctx context.Context, id string) (Batch, error) {
	return write[Batch](ctx, c, http.MethodPost, path("batches", id, "send"), nil)
}

// Download reads a file of a batch.
func (c *Client) Download(ctx context.Context, batch, name string) ([]byte, error) {
	return c.send(ctx, request{method: http.MethodGet, path: path("batches", batch, "files", name)})
}

// SendResults hands in the result file of a payment service.
func (c *Client) SendResults(ctx context.Context, batch string, csv []byte) ([]Outcome, error) {
	r := request{method: http.MethodPost, path: path("batches", batch, "results"), kind: "text/csv", body: csv}
	outcomes, err := answer[Outcomes](c.send(ctx, r))
	return outcomes.Outcomes, err
}

// Payouts are those of a program, the newest first.
func (c *Client) Payouts(ctx context.Context, program string, f PayoutFilter) iter.Seq2[Payout, error] {
	return list[Payout](ctx, c, path("programs", program, "payouts"), values("partnership", f.Partnership, "state", f.State))
}

// Payout is a payout with its lines.
func (c *Client) Payout(ctx context.Context, id string) (Payout, error) {
	return get[Payout](ctx, c, path("payouts", id), nil)
}

// CancelPayout takes a payout that has not been sent out of its batch: its money is payable again.
func (c *Client) CancelPayout(ctx context.Context, id string) (Payout, error) {
	return write[Payout](ctx, c, http.MethodPost, path("payouts", id, "cancel"), nil)
}
