package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// NewUpload is a file to be taken.
type NewUpload struct {
	Kind    string         `json:"kind" doc:"What is on its lines." enum:"conversions,refunds,calls,transactions,cards,numbers" example:"conversions"`
	Name    string         `json:"name,omitempty" doc:"Name of the file." example:"may.csv"`
	Content []byte         `json:"content" doc:"The CSV or XLSX file in base64, at most 16 MB and 100,000 lines."`
	Columns map[string]int `json:"columns,omitempty" doc:"In which column, from 0, each field stands, where its head does not say so."`
	Decimal string         `json:"decimal,omitempty" doc:"The mark before decimals, . or ,; found out when left out." example:"."`
	Dates   string         `json:"dates,omitempty" doc:"Whether days such as 03/04/2026 begin with the day (dmy) or the month (mdy); found out when left out." example:"dmy"`
	Take    bool           `json:"take,omitempty" doc:"Take it at once. Without it the file is kept, and taken when you say so."`
}

// Upload is a file that was sent, how it is read, and what came of its lines.
type Upload struct {
	ID          string         `json:"id" doc:"Id of the upload." example:"upl_06a1b2c3d4e5f6g7h8j9kmnp"`
	Program     string         `json:"program" doc:"Id of the program." example:"prg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Partnership string         `json:"partnership,omitempty" doc:"The partner who sent it; left out for the brand's own." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Kind        string         `json:"kind" doc:"What is on its lines." enum:"conversions,refunds,calls,transactions,cards,numbers" example:"conversions"`
	Name        string         `json:"name" doc:"Name of the file." example:"may.csv"`
	Bytes       int64          `json:"bytes" doc:"Size of the file." example:"20480"`
	Columns     map[string]int `json:"columns" doc:"In which column, from 0, each field stands."`
	Missing     []string       `json:"missing,omitempty" doc:"Fields that are needed and stand in no column: it cannot be taken so." example:"[\"order_id\"]"`
	Decimal     string         `json:"decimal" doc:"The mark before decimals." example:"."`
	Dates       string         `json:"dates" doc:"Whether days begin with the day (dmy) or the month (mdy)." example:"dmy"`
	State       string         `json:"state" doc:"new until it is taken, running while it is, done afterwards." enum:"new,running,done" example:"done"`
	Lines       int64          `json:"lines" doc:"How many lines it has." example:"200"`
	Done        int64          `json:"done" doc:"How many of them are done." example:"200"`
	Accepted    int64          `json:"accepted" doc:"How many were accepted." example:"196"`
	Known       int64          `json:"known" doc:"How many had been reported before." example:"3"`
	Refused     int64          `json:"refused" doc:"How many were refused." example:"1"`
	CreatedAt   time.Time      `json:"created_at" doc:"When it was sent."`
	FinishedAt  *time.Time     `json:"finished_at" doc:"When the last line was done; null before."`
}

// RefusedLine is why a line of a file was refused.
type RefusedLine struct {
	Line   int64  `json:"line" doc:"Where the line begins in the file, the first being 1." example:"17"`
	Code   string `json:"code" doc:"The reason, stable." example:"amount_invalid"`
	Field  string `json:"field,omitempty" doc:"The field that it is about." example:"amount"`
	Detail string `json:"detail" doc:"The reason in a sentence."`
}

// SendUpload sends a file.
func (c *Client) SendUpload(ctx context.Context, program string, n NewUpload) (Upload, error) {
	return write[Upload](ctx, c, http.MethodPost, path("programs", program, "uploads"), n)
}

// Uploads are the files of a program, the newest first.
func (c *Client) Uploads(ctx context.Context, program string) iter.Seq2[Upload, error] {
	return list[Upload](ctx, c, path("programs", program, "uploads"), nil)
}

// Upload is the upload with the id.
func (c *Client) Upload(ctx context.Context, id string) (Upload, error) {
	return get[Upload](ctx, c, path("uploads", id), nil)
}

// TakeUpload begins to take a file that was sent.
func (c *Client) TakeUpload(ctx context.Context, id string) (Upload, error) {
	return write[Upload](ctx, c, http.MethodPost, path("uploads", id, "take"), nil)
}

// RefusedLines are the refused lines of a file, in its order.
func (c *Client) RefusedLines(ctx context.Context, id string) iter.Seq2[RefusedLine, error] {
	return list[RefusedLine](ctx, c, path("uploads", id, "refused"), nil)
}

// NewCall is a call to a tracking number.
type NewCall struct {
	CallID     string    `json:"call_id" doc:"The provider's own id of the call; a second report of it is a duplicate." example:"CA-501"`
	Number     string    `json:"number" doc:"The number that was called, with its country." example:"+49301234567"`
	Caller     string    `json:"caller" doc:"SHA-256 of the caller's number as +491701234567, in hexadecimal; a number in clear is hashed and not kept." example:"+491705550101"`
	At         time.Time `json:"at" doc:"When it began." example:"2026-05-02T10:15:00Z"`
	Seconds    int64     `json:"seconds" doc:"How long it lasted." example:"185"`
	Outcome    string    `json:"outcome,omitempty" doc:"answered (when left out), missed, busy, voicemail or failed." example:"answered"`
	CustomerID string    `json:"customer_id,omitempty" doc:"The shop's id of the caller, if it is known: then calls and orders are one person's." example:"cus_42"`
	Amount     *Money    `json:"amount,omitempty" doc:"What the call was worth."`
}

// NewCalls are calls to be reported together.
type NewCalls struct {
	Calls []NewCall `json:"calls" doc:"1 to 1000 calls."`
}

// Call is a call as it is kept.
type Call struct {
	ID      string    `json:"id" doc:"Id of the call." example:"cll_06a1b2c3d4e5f6g7h8j9kmnp"`
	CallID  string    `json:"call_id" doc:"The provider's own id." example:"CA-501"`
	Number  string    `json:"number" doc:"The number that was called." example:"+49301234567"`
	Caller  string    `json:"caller" doc:"SHA-256 of the caller's number." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	At      time.Time `json:"at" doc:"When it began."`
	Seconds int64     `json:"seconds" doc:"How long it lasted." example:"185"`
	Outcome string    `json:"outcome" doc:"What became of it." example:"answered"`
}

// NewTransaction is a payment with a card, from its processor or a store. A negative amount gives back.
type NewTransaction struct {
	TransactionID string    `json:"transaction_id,omitempty" doc:"Its number; may be left out when merchant and auth_code name it." example:"T-9001"`
	OriginalID    string    `json:"original_id,omitempty" doc:"Of one with a negative amount: the transaction that is given back." example:"T-9000"`
	Card          string    `json:"card" doc:"The token of the card or membership; never the number of a card." example:"tok_7Hq2x9"`
	Merchant      string    `json:"merchant,omitempty" doc:"Store or merchant id." example:"store-12"`
	AuthCode      string    `json:"auth_code,omitempty" doc:"Authorisation code." example:"A1B2C3"`
	At            time.Time `json:"at" doc:"When it was." example:"2026-05-02T10:15:00Z"`
	Amount        Money     `json:"amount" doc:"What was paid; negative for what was given back."`
}

// NewTransactions are transactions to be reported together.
type NewTransactions struct {
	Transactions []NewTransaction `json:"transactions" doc:"1 to 1000 transactions."`
}

// NewCard says with which partner a card is enrolled from a moment on.
type NewCard struct {
	Card        string    `json:"card" doc:"The token of the card or membership." example:"tok_7Hq2x9"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose it is from then on; nobody's when left out." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since,omitzero" doc:"From when on; now when left out." example:"2026-05-01T00:00:00Z"`
}

// NewCards are cards to be enrolled together.
type NewCards struct {
	Cards []NewCard `json:"cards" doc:"1 to 1000 cards."`
}

// NewNumber says whose a phone number is from a moment on.
type NewNumber struct {
	Number      string    `json:"number" doc:"The number with its country." example:"+49301234567"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose it is from then on; nobody's when left out." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since,omitzero" doc:"From when on; now when left out." example:"2026-05-01T00:00:00Z"`
}

// Assignment says whose a phone number or a card is from a moment on.
type Assignment struct {
	ID          string    `json:"id" doc:"Id of the assignment." example:"asg_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name        string    `json:"name" doc:"The number, or the token of the card." example:"+49301234567"`
	Partnership string    `json:"partnership,omitempty" doc:"Whose it is; left out when it is nobody's." example:"pts_06a1b2c3d4e5f6g7h8j9kmnp"`
	Since       time.Time `json:"since" doc:"From when on; a later assignment of the same name ends it."`
}

// OfflineResult is what became of one of several reports.
type OfflineResult struct {
	Status     string   `json:"status" doc:"accepted, known (reported before) or refused." enum:"accepted,known,refused" example:"accepted"`
	ID         string   `json:"id,omitempty" doc:"Id of what is kept." example:"cll_06a1b2c3d4e5f6g7h8j9kmnp"`
	Conversion string   `json:"conversion,omitempty" doc:"The conversion that it is or gives back, if any." example:"cnv_06a1b2c3d4e5f6g7h8j9kmnp"`
	Problem    *Problem `json:"problem,omitempty" doc:"Why it was refused."`
}

// OfflineResults are what became of reports, in their order.
type OfflineResults struct {
	Results []OfflineResult `json:"results" doc:"One for each, in order."`
}

// ReportCalls reports calls.
func (c *Client) ReportCalls(ctx context.Context, program string, n NewCalls) (OfflineResults, error) {
	return write[OfflineResults](ctx, c, http.MethodPost, path("programs", program, "calls"), n)
}

// Calls are the calls of a program, the last received first.
func (c *Client) Calls(ctx context.Context, program string) iter.Seq2[Call, error] {
	return list[Call](ctx, c, path("programs", program, "calls"), nil)
}

// ReportTransactions reports payments with cards.
func (c *Client) ReportTransactions(ctx context.Context, program string, n NewTransactions) (OfflineResults, error) {
	return write[OfflineResults](ctx, c, http.MethodPost, path("programs", program, "transactions"), n)
}

// EnrolCards says with which partners cards are enrolled.
func (c *Client) EnrolCards(ctx context.Context, program string, n NewCards) (OfflineResults, error) {
	return write[OfflineResults](ctx, c, http.MethodPost, path("programs", program, "cards"), n)
}

// Cards are the enrolled cards of a program, the last told first.
func (c *Client) Cards(ctx context.Context, program string) iter.Seq2[Assignment, error] {
	return list[Assignment](ctx, c, path("programs", program, "cards"), nil)
}

// AssignNumber says whose a phone number is.
func (c *Client) AssignNumber(ctx context.Context, program string, n NewNumber) (Assignment, error) {
	return write[Assignment](ctx, c, http.MethodPost, path("programs", program, "numbers"), n)
}

// Numbers are the phone numbers of a program, the last told first.
func (c *Client) Numbers(ctx context.Context, program string) iter.Seq2[Assignment, error] {
	return list[Assignment](ctx, c, path("programs", program, "numbers"), nil)
}
