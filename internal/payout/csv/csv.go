// Package csv writes the files that payment services take, and reads the results that come back. It is formats only: it
// knows no database and decides nothing.
package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/money"
)

// Payment is one line of a file.
type Payment struct {
	ID     string // ours, at most 30 characters without spaces; it comes back in the result
	Payee  string
	Email  string
	Amount money.Amount
	Note   string
}

// Most payments that the services take in one file.
const (
	PayPalMost = 5000
	WiseMost   = 1000
)

// PayPal writes a mass payment file: no header; e-mail, amount, currency, id, note, wallet. All payments must be in one
// currency.
func PayPal(payments []Payment) ([]byte, error) {
	rows := make([][]string, len(payments))
	for i, p := range payments {
		rows[i] = []string{p.Email, p.Amount.Decimal(), string(p.Amount.Currency), p.ID, plain(p.Note), "PayPal"}
	}
	return write("PayPal", PayPalMost, payments, rows)
}

var wiseHeader = []string{"name", "recipientId", "recipientEmail", "sourceCurrency", "targetCurrency", "amount", "amountCurrency", "paymentReference"}

// Wise writes a batch payment file with its header. The recipient is found by e-mail address; source and target are the
// currency of the payment.
func Wise(payments []Payment) ([]byte, error) {
	rows := [][]string{wiseHeader}
	for _, p := range payments {
		c := string(p.Amount.Currency)
		rows = append(rows, []string{plain(p.Payee), "", p.Email, c, c, p.Amount.Decimal(), "source", p.ID})
	}
	return write("Wise", WiseMost, payments, rows)
}

func write(service string, most int, payments []Payment, rows [][]string) ([]byte, error) {
	if len(payments) > most {
		return nil, fmt.Errorf("a %s file takes at most %d payments, not %d", service, most, len(payments))
	}
	for _, p := range payments {
		switch {
		case p.Amount.Currency != payments[0].Amount.Currency:
			return nil, fmt.Errorf("a %s file takes one currency, not %s and %s", service, payments[0].Amount.Currency, p.Amount.Currency)
		case p.Amount.Minor <= 0:
			return nil, fmt.Errorf("payment %s is of %s", p.ID, p.Amount)
		case plain(p.Email) != p.Email:
			return nil, fmt.Errorf("payment %s goes to %q, which a spreadsheet takes for a formula", p.ID, p.Email)
		case len(p.ID) > 30 || strings.ContainsAny(p.ID, " \t"):
			return nil, fmt.Errorf("payment id %q is longer than 30 characters or has spaces", p.ID)
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// plain is text that no spreadsheet takes for a formula, on one line.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	return strings.TrimLeft(s, "=+-@ ")
}

// Status is what became of a payment.
type Status string

// The results. A payment that is neither yet is pending.
const (
	Paid    Status = "paid"
	Failed  Status = "failed"
	Waiting Status = "pending"
)

// Result is a line of a result file.
type Result struct {
	Line   int // counted from 1, the header included
	ID     string
	Status Status
	Reason string
	Fault  string // why the line cannot be read; then the rest is empty
}

// Names of the columns that services give them, in small letters.
var (
	idNames     = []string{"id", "payout_id", "unique id", "unique_id", "customer unique id", "paymentreference", "payment reference", "reference"}
	statusNames = []string{"status", "transaction status", "payout status"}
	reasonNames = []string{"reason", "error", "error message", "failure reason", "transaction error"}
)

var statuses = map[string]Status{
	"paid": Paid, "success": Paid, "completed": Paid, "complete": Paid, "sent": Paid, "claimed": Paid, "outgoing_payment_sent": Paid, "funds converted and sent": Paid,
	"failed": Failed, "denied": Failed, "returned": Failed, "refunded": Failed, "blocked": Failed, "cancelled": Failed, "canceled": Failed,
	"rejected": Failed, "bounced_back": Failed, "funds_refunded": Failed, "reversed": Failed,
	"pending": Waiting, "processing": Waiting, "unclaimed": Waiting, "onhold": Waiting, "on hold": Waiting,
}

// resultsMost bounds a result file's lines.
const resultsMost = 100_000

// ReadResults reads a result file: a header that has a column for our id and one for the status, as PayPal and Wise name
// them or simply id,status,reason; separated by commas, semicolons or tabs. A file without them is an error; a line that
// cannot be read has a Fault.
func ReadResults(file io.Reader) ([]Result, error) {
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.Comma, r.TrimLeadingSpace = -1, separator(text), true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the file has no header line: %w", err)
	}
	id, status, reason := column(header, idNames), column(header, statusNames), column(header, reasonNames)
	if id < 0 || status < 0 {
		return nil, fmt.Errorf("the header %q names no column id and status", strings.Join(header, ","))
	}
	var results []Result
	for {
		record, err := r.Read()
		if err == io.EOF {
			return results, nil
		}
		if len(results) == resultsMost {
			return nil, fmt.Errorf("the file has more than %d lines", resultsMost)
		}
		if fault := (*csv.ParseError)(nil); errors.As(err, &fault) {
			return append(results, Result{Line: fault.StartLine, Fault: err.Error()}), nil // the rest cannot be told apart
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		results = append(results, readResult(line, field(record, id), field(record, status), field(record, reason)))
	}
}

func readResult(line int, id, word, reason string) Result {
	status, known := statuses[strings.ToLower(word)]
	switch {
	case id != readable(id):
		return Result{Line: line, Fault: "the id is not text"}
	case id == "":
		return Result{Line: line, Fault: "the line has no id"}
	case !known:
		return Result{Line: line, Fault: fmt.Sprintf("%q is not a status that is understood", word)}
	}
	return Result{Line: line, ID: id, Status: status, Reason: readable(reason)}
}

// reasonMost is how much of a reason is kept, in bytes.
const reasonMost = 300

// readable is text that can be kept, whatever a service's file was written in.
func readable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.ToValidUTF8(s[:min(len(s), reasonMost)], "")
}

func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	for _, r := range []rune{'\t', ';'} {
		if bytes.ContainsRune(first, r) {
			return r
		}
	}
	return ','
}

func column(header, names []string) int {
	return slices.IndexFunc(header, func(name string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(name))) })
}

func field(record []string, i int) string {
	if i < 0 || i >= len(record) {
		return ""
	}
	return strings.TrimSpace(record[i])
}
