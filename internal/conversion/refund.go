package conversion

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// NewRefund is a refund as a stranger reports it. It may come before its order.
type NewRefund struct {
	Program  string // id
	Event    string // empty: sale
	Order    string
	Refund   string // the shop's number of the refund; may be empty when the whole order is given back
	At       time.Time
	Amount   string // plain decimal; empty: the whole order
	Currency string
	Reason   string // a reason of Reasons; empty: item_returned
}

// Refund is the fact that is kept. It names its order, not the conversion, which may come later.
type Refund struct {
	ID      string
	Program string
	Event   string
	Order   string
	Refund  string
	At      time.Time
	Turn    int64
	Whole   bool
	Amount  money.Amount
	Reason  string
}

// Reasons are why a conversion or a commission is taken back.
var Reasons = []string{"item_returned", "order_cancelled", "order_error", "customer_fraud", "partner_fraud", "terms_violation", "duplicate",
	"test", "credited_elsewhere", "chargeback", "other"}

// ReadReason checks a reason; an empty one becomes the given default.
func ReadReason(reason, otherwise string) (string, *problem.Problem) {
	if reason == "" {
		return otherwise, nil
	}
	for _, known := range Reasons {
		if reason == known {
			return reason, nil
		}
	}
	return "", problem.Invalid("reason", "%q is not a reason; there are %s", cut(reason), strings.Join(Reasons, ", "))
}

// ReadRefund checks a report against its program and makes the fact of it.
func ReadRefund(n NewRefund, p program.Program, now time.Time) (Refund, error) {
	r := Refund{ID: id.New("rfd", now), Program: p.ID, Event: n.Event, Order: strings.TrimSpace(n.Order), Refund: strings.TrimSpace(n.Refund),
		At: n.At.UTC().Truncate(time.Millisecond), Whole: strings.TrimSpace(n.Amount) == ""}
	if r.Event == "" {
		r.Event = "sale"
	}
	if n.At.IsZero() {
		r.At = now
	}
	reason, reasonFault := ReadReason(n.Reason, "item_returned")
	r.Reason = reason
	var amountFault, refundFault *problem.Problem
	if r.Whole {
		r.Amount = money.Of(0, p.Currency)
		if r.Refund == "" {
			r.Refund = "whole"
		}
	} else {
		r.Amount, amountFault = readAmount(n.Amount, n.Currency, p, true)
		if amountFault == nil && r.Amount.Minor == 0 {
			amountFault = problem.Invalid("amount", "a refund of nothing")
		}
		if r.Refund == "" {
			refundFault = problem.Wrong("refund_id", "refund_id_missing", "a partial refund needs an id, so that a second report of it is not taken twice")
		}
	}
	return r, problem.Join(checkEvent(p, r.Event), checkOrder(r.Order), checkText("refund_id", r.Refund), checkAt(r.At, now), amountFault, refundFault, reasonFault)
}

// Net is what is left of a gross amount after the refunds, in whatever order they came, and never less than nothing.
func Net(gross int64, refunds []Refund) int64 {
	net := gross
	for _, r := range refunds {
		if r.Whole {
			return 0
		}
		net -= r.Amount.Minor
	}
	return max(0, net)
}

const refundColumns = "id, program, event, order_id, refund_id, at, turn, whole, amount, currency, reason"

func scanRefund(row db.Row) (Refund, error) {
	var r Refund
	var at int64
	err := row.Scan(&r.ID, &r.Program, &r.Event, &r.Order, &r.Refund, &at, &r.Turn, &r.Whole, &r.Amount.Minor, &r.Amount.Currency, &r.Reason)
	r.At = time.UnixMilli(at).UTC()
	return r, err
}

// InsertRefunds keeps refunds. The result has for each, in order, the fact as it is kept: of a second report the first.
func InsertRefunds(ctx context.Context, tx *db.Tx, list []Refund) ([]db.Result[Kept[Refund]], error) {
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{r.ID, r.Program, r.Event, r.Order, r.Refund, r.At.UnixMilli(), r.Turn, r.Whole, r.Amount.Minor, string(r.Amount.Currency), r.Reason}
	}
	written, err := db.InsertReturning(ctx, tx, db.Value[string], `/* conversion.InsertRefunds */ insert into refund (`+refundColumns+`)`, rows,
		`on conflict (order_id, refund_id, program, event) do nothing returning id`)
	if err != nil {
		return nil, err
	}
	return settle(list, written, func(r Refund) string { return r.ID },
		func(r Refund) (Refund, error) {
			return db.One(ctx, tx, scanRefund, `/* conversion.InsertRefunds */ select `+refundColumns+` from refund
				where program = $1 and event = $2 and order_id = $3 and refund_id = $4`, r.Program, r.Event, r.Order, r.Refund)
		},
		func(kept, again Refund) error {
			if kept.Whole != again.Whole || kept.Amount != again.Amount {
				return problem.Conflict("refund_differs", "refund %q of order %q was reported before with another amount", again.Refund, again.Order)
			}
			return nil
		})
}

// RefundsOf are the refunds of orders of a program, by event and order as OrderKey spells them.
func RefundsOf(ctx context.Context, r db.Reader, program string, orders []string) (map[string][]Refund, error) {
	found := map[string][]Refund{}
	err := db.Batches(orders, 500, func(orders []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanRefund, `/* conversion.RefundsOf */ select `+refundColumns+` from refund
			where program = `+args.Add(program)+` and order_id in `+args.In(orders)+` order by at, id`, args.List()...)
		for _, refund := range list {
			key := OrderKey(refund.Event, refund.Order)
			found[key] = append(found[key], refund)
		}
		return err
	})
	return found, err
}

// OrderKey names an order of an event type within a program.
func OrderKey(event, order string) string { return event + "\x00" + order }
