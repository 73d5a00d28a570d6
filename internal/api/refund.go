package api

import (
	"context"
	"net/http"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func (a *API) reportRefund(ctx context.Context, who caller, in *struct{ Body client.NewRefund }) (done, error) {
	n, err := a.readRefund(ctx, who, in.Body)
	if err != nil {
		return done{}, err
	}
	d, err := a.refunds.answer(ctx, who, n)
	if !n.Test {
		a.refused.Note(n.Program, "api", err)
	}
	return d, inPlace(err)
}

func (a *API) readRefund(ctx context.Context, who caller, n client.NewRefund) (conversion.NewRefund, error) {
	p, err := a.programSoon(ctx, who.Actor, n.Program)
	if err != nil {
		return conversion.NewRefund{}, err
	}
	amount, currency, err := readSum(n.Amount)
	return conversion.NewRefund{Program: p.ID, Event: n.Event, Order: n.OrderID, Refund: n.RefundID, At: n.At, Amount: amount, Currency: currency,
		Items: readPieces(n.Items), Reason: n.Reason, Test: n.Test || who.tries()}, err
}

func (a *API) refund(ctx context.Context, tx *db.Tx, batch []conversion.NewRefund) ([]db.Result[commission.Refunded], error) {
	return commission.Refund(ctx, tx, a.keys, batch)
}

func (a *API) tellRefunded(ctx context.Context, r db.Reader, batch []commission.Refunded) ([]said, error) {
	var ids []string
	for _, refunded := range batch {
		if refunded.Conversion != "" {
			ids = append(ids, refunded.Conversion)
		}
	}
	earned, err := commission.Of(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	warnings, err := warnOfRefunds(ctx, r, batch)
	if err != nil {
		return nil, err
	}
	answers := make([]said, len(batch))
	for i, refunded := range batch {
		answers[i] = said{http.StatusCreated, client.ReportedRefund{Refund: tellRefund(refunded.Refund), Duplicate: refunded.Duplicate,
			Conversion: refunded.Conversion, Commissions: tellAll(earned[refunded.Conversion], tellCommission), Warnings: warnings[i]}}
		if refunded.Duplicate {
			answers[i].status = http.StatusOK
		}
	}
	return answers, nil
}

func tellRefund(r conversion.Refund) client.Refund {
	out := client.Refund{ID: r.ID, Program: program.RealID(r.Program), Test: program.IsTest(r.Program), Event: r.Event, OrderID: r.Order, RefundID: r.Refund, At: r.At, Whole: r.Whole, Reason: r.Reason}
	for _, p := range r.Items {
		out.Items = append(out.Items, client.Piece(p))
	}
	if !r.Whole && !r.ByItem() {
		amount := tellMoney(r.Amount)
		out.Amount = &amount
	}
	return out
}

// identifyPerson tells the line that two names are one person.
func (a *API) identifyPerson(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.Identity }) (client.Identity, error) {
	i := in.Body
	p, err := programOf(ctx, tx, who, i.Program)
	if err != nil {
		return i, err
	}
	email, err := conversion.EitherEmail(i.Email, i.EmailSHA256)
	if err != nil {
		return i, err
	}
	// What a name may look like is the same as in a conversion.
	c, err := conversion.Read(conversion.New{Order: "-", Amount: "0", Currency: string(p.Currency), Event: p.Events[0], Click: i.ClickID,
		Visitor: i.VisitorID, Customer: i.CustomerID, Email: email}, p, a.keys, tx.Now)
	if err != nil {
		return i, inPlace(err)
	}
	i.ClickID, i.VisitorID, i.CustomerID, i.EmailSHA256 = c.Click, c.Visitor, c.Customer, c.Email
	i.Email = ""
	var names []string
	if c.SaysWho() {
		names = c.Keys()
	}
	if i.WasCustomer != "" {
		was, err := readKey(i.WasCustomer)
		if err != nil {
			return i, err
		}
		names = append(names, was)
	}
	if len(names) != 2 || names[0] == names[1] {
		return i, problem.Wrong("", "identity_incomplete", "give exactly two of click_id, visitor_id, customer_id, was_customer_id and email_sha256 (or email)")
	}
	i.Program = p.ID
	return i, commission.Identify(ctx, tx, a.keys, p.ID, names[0], names[1])
}
