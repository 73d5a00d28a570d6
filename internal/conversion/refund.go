package conversion

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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
	Amount   string // plain decimal; empty: what the items come to, or the whole order
	Currency string
	Items    []Piece // which were given back
	Reason   string  // a reason of Reasons; empty: item_returned
	Test     bool    // of an order of the program's twin
}

// Piece is so many of an order's items.
type Piece struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
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
	Amount  money.Amount // nothing: what the items come to
	Items   []Piece
	Reason  string
}

// ByItem tells whether the refund comes to what its items do, which the order says.
func (r Refund) ByItem() bool { return !r.Whole && r.Amount.Minor == 0 }

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
		At: n.At.UTC().Truncate(time.Millisecond), Whole: strings.TrimSpace(n.Amount) == "" && len(n.Items) == 0}
	if r.Event == "" {
		r.Event = "sale"
	}
	if n.At.IsZero() {
		r.At = now
	}
	reason, reasonFault := ReadReason(n.Reason, "item_returned")
	r.Reason = reason
	var amountFault, refundFault, itemsFault *problem.Problem
	r.Items, itemsFault = readPieces(n.Items)
	switch {
	case r.Whole:
		r.Amount = money.Of(0, p.Currency)
		if r.Refund == "" {
			r.Refund = "whole"
		}
	case r.Refund == "":
		refundFault = problem.Wrong("refund_id", "refund_id_missing", "a partial refund needs an id, so that a second report of it is not taken twice")
	}
	if !r.Whole && strings.TrimSpace(n.Amount) == "" {
		r.Amount = money.Of(0, p.Currency)
	} else if !r.Whole {
		r.Amount, amountFault = readAmount(n.Amount, n.Currency, p, true)
		if amountFault == nil && r.Amount.Minor == 0 {
			amountFault = problem.Invalid("amount", "a refund of nothing")
		}
	}
	return r, problem.Join(checkEvent(p, r.Event), checkOrder(r.Order), checkText("refund_id", r.Refund), checkAt(r.At, now), amountFault, refundFault, itemsFault, reasonFault)
}

// readPieces puts pieces into their order, each SKU once.
func readPieces(list []Piece) ([]Piece, *problem.Problem) {
	if len(list) > itemsMost {
		return nil, problem.Invalid("items", "a refund has at most %d items, not %d", itemsMost, len(list))
	}
	var pieces []Piece
	for i, p := range list {
		p.SKU = strings.TrimSpace(p.SKU)
		if p.Quantity == 0 {
			p.Quantity = 1
		}
		if p.SKU == "" || checkText("items", p.SKU) != nil {
			return nil, problem.Wrong(fmt.Sprintf("items.%d.sku", i), "item_invalid", "an item that is given back is named by its SKU")
		}
		if p.Quantity < 0 || p.Quantity > quantityMost {
			return nil, problem.Wrong(fmt.Sprintf("items.%d.quantity", i), "item_invalid", "a quantity is between 1 and %d", quantityMost)
		}
		if at := slices.IndexFunc(pieces, func(other Piece) bool { return other.SKU == p.SKU }); at >= 0 {
			pieces[at].Quantity += p.Quantity
			continue
		}
		pieces = append(pieces, p)
	}
	slices.SortFunc(pieces, func(a, b Piece) int { return strings.Compare(a.SKU, b.SKU) })
	return pieces, nil
}

// Terms is what an order comes to and what it is made of, as of now.
type Terms struct {
	Amount int64 // minor units
	Detail Detail
	Edit   string // the edit by which it stands; empty: as it was reported
}

// Net is what is left of an order after the refunds, in whatever order they came, and never less than nothing.
func Net(of Terms, refunds []Refund) int64 {
	net, pieces := of.Amount, map[string]int64{}
	for _, r := range refunds {
		switch {
		case r.Whole:
			return 0
		case r.ByItem():
			for _, p := range r.Items {
				pieces[p.SKU] += p.Quantity
			}
		default:
			net -= r.Amount.Minor
		}
	}
	return max(0, net-of.Detail.Worth(pieces))
}

const refundColumns = "id, program, event, order_id, refund_id, at, turn, whole, amount, currency, reason, items"

func scanRefund(row db.Row) (Refund, error) {
	var r Refund
	var at int64
	var items string
	err := row.Scan(&r.ID, &r.Program, &r.Event, &r.Order, &r.Refund, &at, &r.Turn, &r.Whole, &r.Amount.Minor, &r.Amount.Currency, &r.Reason, &items)
	r.At = time.UnixMilli(at).UTC()
	if err == nil && items != "" {
		err = json.Unmarshal([]byte(items), &r.Items)
	}
	return r, err
}

// InsertRefunds keeps refunds. The result has for each, in order, the fact as it is kept: of a second report the first.
func InsertRefunds(ctx context.Context, tx *db.Tx, list []Refund) ([]db.Result[Kept[Refund]], error) {
	rows := make([][]any, len(list))
	for i, r := range list {
		items := ""
		if len(r.Items) > 0 {
			text, err := json.Marshal(r.Items)
			if err != nil {
				return nil, err
			}
			items = string(text)
		}
		rows[i] = []any{r.ID, r.Program, r.Event, r.Order, r.Refund, r.At.UnixMilli(), r.Turn, r.Whole, r.Amount.Minor, string(r.Amount.Currency), r.Reason, items}
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
			if kept.Whole != again.Whole || kept.Amount != again.Amount || !slices.Equal(kept.Items, again.Items) {
				return problem.Conflict("refund_differs", "refund %q of order %q was reported before with another amount or other items", again.Refund, again.Order)
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
