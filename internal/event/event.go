// Package event keeps the facts that the line tells its watchers, in the order in which they became true. It sends nothing
// and calls nobody: a watcher comes and reads, at its own pace.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// Kind says what happened: noun.verb, part of the API.
type Kind string

// What can happen.
const (
	PartnerApplied         Kind = "partner.applied"
	PartnerApproved        Kind = "partner.approved"
	PartnerDeclined        Kind = "partner.declined"
	ContractSigned         Kind = "contract.signed"
	LinkCreated            Kind = "link.created"
	ConversionCreated      Kind = "conversion.created"
	ConversionReversed     Kind = "conversion.reversed"
	RefundCreated          Kind = "refund.created"
	ConversionEdited       Kind = "conversion.edited"
	ConversionQualified    Kind = "conversion.qualified"
	ConversionDisqualified Kind = "conversion.disqualified"
	CommissionCredited     Kind = "commission.credited" // later than its conversion became known
	CommissionHeld         Kind = "commission.held"
	CommissionReleased     Kind = "commission.released"
	CommissionApproved     Kind = "commission.approved"
	CommissionLocked       Kind = "commission.locked"
	CommissionPaid         Kind = "commission.paid"
	CommissionReversed     Kind = "commission.reversed"
	PayoutCreated          Kind = "payout.created"
	PayoutApproved         Kind = "payout.approved"
	PayoutSent             Kind = "payout.sent"
	PayoutPaid             Kind = "payout.paid"
	PayoutFailed           Kind = "payout.failed"
)

// Kinds are all kinds, for those who choose among them.
var Kinds = []Kind{PartnerApplied, PartnerApproved, PartnerDeclined, ContractSigned, LinkCreated, ConversionCreated, ConversionReversed,
	ConversionEdited, ConversionQualified, ConversionDisqualified, RefundCreated, CommissionCredited, CommissionHeld, CommissionReleased, CommissionApproved, CommissionLocked, CommissionPaid, CommissionReversed, PayoutCreated, PayoutApproved, PayoutSent,
	PayoutPaid, PayoutFailed}

// New is a fact to be told.
type New struct {
	Kind    Kind
	Brand   string
	Program string // empty when it is about no one program
	Subject string // the id of what it is about
	Data    any    // becomes JSON
}

// Event is a fact that has been told.
type Event struct {
	ID      string
	Kind    Kind
	Brand   string
	Program string
	Subject string
	At      time.Time
	Seq     int64 // 1, 2, 3, …: one order for all events
	Data    json.RawMessage
}

const eventColumns = "seq, id, kind, brand, program, subject, at, data"

func scanEvent(row db.Row) (Event, error) {
	var e Event
	var at int64
	var data string
	err := row.Scan(&e.Seq, &e.ID, &e.Kind, &e.Brand, &e.Program, &e.Subject, &at, &data)
	e.At, e.Data = time.UnixMilli(at).UTC(), json.RawMessage(data)
	return e, err
}

// Append tells facts, in the order given, if and when the transaction commits.
//
// Their numbers come from one row of counter, which stays locked until the transaction ends. So the order of numbers is the
// order of commits, and a reader who has seen a number will never find a smaller one that is new. It also means that
// transactions wait for each other from here on: append last.
func Append(ctx context.Context, tx *db.Tx, events ...New) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		data, err := json.Marshal(e.Data)
		if err != nil {
			return fmt.Errorf("append %s of %s: %w", e.Kind, e.Subject, err)
		}
		rows[i] = []any{nil, id.New("evt", tx.Now), string(e.Kind), e.Brand, e.Program, e.Subject, tx.Now.UnixMilli(), string(data)}
	}
	last, err := db.One(ctx, tx, db.Value[int64], `/* event.Append */ insert into counter (name, n) values ('event', $1)
		on conflict (name) do update set n = counter.n + excluded.n returning n`, int64(len(events)))
	if err != nil {
		return fmt.Errorf("number events: %w", err)
	}
	for i, row := range rows {
		row[0] = last - int64(len(rows)-1-i)
	}
	if _, err := db.Insert(ctx, tx, `/* event.Append */ insert into event (`+eventColumns+`)`, rows, ""); err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	return nil
}
