package api

import (
	"context"
	"net/http"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func readDetail(d client.OrderDetail) conversion.NewDetail {
	n := conversion.NewDetail{Discount: d.Discount, Tax: d.Tax, Shipping: d.Shipping, Total: d.Total, Buyer: d.Buyer, Fields: d.Fields}
	for _, i := range d.Items {
		n.Items = append(n.Items, conversion.NewItem{SKU: i.SKU, Name: i.Name, Category: i.Category, Quantity: i.Quantity, Price: i.UnitPrice, Discount: i.Discount})
	}
	return n
}

func tellDetail(d conversion.Detail, c money.Currency) client.OrderDetail {
	sum := func(minor int64) string {
		if minor == 0 {
			return ""
		}
		return money.Of(minor, c).Decimal()
	}
	out := client.OrderDetail{Discount: sum(d.Discount), Tax: sum(d.Tax), Shipping: sum(d.Shipping), Total: sum(d.Total), Buyer: d.Buyer, Fields: d.Fields}
	for _, i := range d.Items {
		out.Items = append(out.Items, client.OrderItem{SKU: i.SKU, Name: i.Name, Category: i.Category, Quantity: i.Quantity,
			UnitPrice: money.Of(i.Price, c).Decimal(), Discount: sum(i.Discount)})
	}
	return out
}

func readPieces(list []client.Piece) []conversion.Piece {
	var pieces []conversion.Piece
	for _, p := range list {
		pieces = append(pieces, conversion.Piece(p))
	}
	return pieces
}

func (a *API) reportEdit(ctx context.Context, who caller, in *struct{ Body client.NewEdit }) (done, error) {
	n := in.Body
	p, err := a.programSoon(ctx, who.Actor, n.Program)
	if err != nil {
		return done{}, err
	}
	amount, currency, err := readSum(n.Amount)
	if err != nil {
		return done{}, err
	}
	d, err := a.edits.answer(ctx, who, conversion.NewEdit{Program: p.ID, Event: n.Event, Order: n.OrderID, Edit: n.EditID, At: n.At, Amount: amount,
		Currency: currency, Detail: readDetail(n.OrderDetail), Reason: n.Reason, Author: who.ID, Test: who.tries()})
	return d, inPlace(err)
}

func (a *API) edit(ctx context.Context, tx *db.Tx, batch []conversion.NewEdit) ([]db.Result[commission.Told[conversion.Edit]], error) {
	return commission.Edit(ctx, tx, a.keys, batch)
}

func (a *API) tellEdits(ctx context.Context, r db.Reader, batch []commission.Told[conversion.Edit]) ([]said, error) {
	return tellTold(ctx, r, batch, func(t commission.Told[conversion.Edit], earned []client.Commission) any {
		return client.ReportedEdit{Edit: tellEdit(t.Fact), Duplicate: t.Duplicate, Conversion: t.Conversion, Commissions: earned}
	})
}

func tellEdit(e conversion.Edit) client.Edit {
	return client.Edit{ID: e.ID, Program: program.RealID(e.Program), Event: e.Event, OrderID: e.Order, EditID: e.Edit, At: e.At, Amount: tellMoney(e.Amount), Reason: e.Reason,
		OrderDetail: tellDetail(e.Detail, e.Amount.Currency)}
}

func (a *API) reportVerdict(ctx context.Context, who caller, in *struct{ Body client.NewVerdict }) (done, error) {
	n := in.Body
	p, err := a.programSoon(ctx, who.Actor, n.Program)
	if err != nil {
		return done{}, err
	}
	d, err := a.verdicts.answer(ctx, who, conversion.NewVerdict{Program: p.ID, Event: n.Event, Order: n.OrderID, Verdict: n.Verdict, At: n.At,
		Reason: n.Reason, Author: who.ID, Test: who.tries()})
	return d, inPlace(err)
}

func (a *API) qualify(ctx context.Context, tx *db.Tx, batch []conversion.NewVerdict) ([]db.Result[commission.Told[conversion.Verdict]], error) {
	return commission.Qualify(ctx, tx, a.keys, batch)
}

func (a *API) tellVerdicts(ctx context.Context, r db.Reader, batch []commission.Told[conversion.Verdict]) ([]said, error) {
	return tellTold(ctx, r, batch, func(t commission.Told[conversion.Verdict], earned []client.Commission) any {
		return client.ReportedVerdict{Verdict: tellVerdict(t.Fact), Duplicate: t.Duplicate, Conversion: t.Conversion, Commissions: earned}
	})
}

func tellVerdict(v conversion.Verdict) client.Verdict {
	return client.Verdict{ID: v.ID, Program: program.RealID(v.Program), Event: v.Event, OrderID: v.Order, Verdict: v.Verdict, At: v.At, Reason: v.Reason}
}

// tellTold answers facts about orders, each with what its conversion earns now.
func tellTold[T any](ctx context.Context, r db.Reader, batch []commission.Told[T], tell func(commission.Told[T], []client.Commission) any) ([]said, error) {
	var ids []string
	for _, t := range batch {
		if t.Conversion != "" {
			ids = append(ids, t.Conversion)
		}
	}
	earned, err := commission.Of(ctx, r, ids)
	answers := make([]said, len(batch))
	for i, t := range batch {
		answers[i] = said{http.StatusCreated, tell(t, tellAll(earned[t.Conversion], tellCommission))}
		if t.Duplicate {
			answers[i].status = http.StatusOK
		}
	}
	return answers, err
}

func tellClaim(r conversion.Report) client.Claim {
	c := r.Said
	return client.Claim{Source: string(c.Source), Trusted: c.Source.Trusted(), At: c.At, ReceivedAt: c.Received, Amount: tellMoney(c.Amount), ClickID: c.Click,
		VisitorID: c.Visitor, CustomerID: c.Customer, PromoCode: c.Code}
}

func tellQualification(q *commission.Qualification) *client.Qualification {
	if q == nil {
		return nil
	}
	return &client.Qualification{State: string(q.State), Rule: string(q.Rule.Kind), After: q.Rule.Event, Because: q.Because, By: q.By, Until: tellMoment(q.Until)}
}

// reportRefunds answers each line of a batch by itself, all in one transaction.
func (a *API) reportRefunds(ctx context.Context, tx *db.Tx, who caller, in *struct{ Body client.Refunds }) (client.RefundResults, error) {
	lines := in.Body.Refunds
	if len(lines) < 1 || len(lines) > linesMost {
		return client.RefundResults{}, problem.Invalid("refunds", "a batch has 1 to %d refunds, not %d", linesMost, len(lines))
	}
	out := client.RefundResults{Results: make([]client.RefundResult, len(lines))}
	refuse := func(i int, p *problem.Problem) {
		told := asProblem(p, false)
		out.Results[i] = client.RefundResult{Status: "refused", Problem: &told}
	}
	var batch []conversion.NewRefund
	var places []int
	for i, line := range lines {
		n, err := a.readRefund(ctx, who, line)
		switch p, ok := problem.As(err); {
		case ok:
			refuse(i, p)
		case err != nil:
			return out, err
		default:
			batch, places = append(batch, n), append(places, i)
		}
	}
	results, err := a.refund(ctx, tx, batch)
	if err != nil {
		return out, err
	}
	var taken []commission.Refunded
	var good []int
	for j, result := range results {
		p, ok := problem.As(inPlace(result.Err))
		switch {
		case ok:
			refuse(places[j], p)
		case result.Err != nil:
			return out, result.Err
		default:
			taken, good = append(taken, result.Value), append(good, places[j])
		}
	}
	answers, err := a.tellRefunded(ctx, tx, taken)
	for j, i := range good {
		reported := answers[j].body.(client.ReportedRefund)
		out.Results[i] = client.RefundResult{Status: "taken", Refund: &reported}
		if reported.Duplicate {
			out.Results[i].Status = "duplicate"
		}
	}
	return out, err
}

func tellQualifying(q program.Qualifying) client.QualifyingRule {
	return client.QualifyingRule{ID: q.ID, Event: q.Event, Since: q.Since, Rule: string(q.Rule.Kind), After: q.Rule.Event, Days: q.Rule.Days}
}

func (a *API) listQualifying(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.QualifyingRule], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.QualifyingRule]{}, err
	}
	rules, err := program.Qualifyings(ctx, a.db.Read(), []string{p.ID})
	if err != nil {
		return client.Page[client.QualifyingRule]{}, err
	}
	return pageOfAll(in.Paging, rules[p.ID], func(q program.Qualifying) string { return q.ID }, tellQualifying)
}

func (a *API) addQualifying(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewQualifyingRule
}) (client.QualifyingRule, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.QualifyingRule{}, err
	}
	n := in.Body
	q, err := commission.Require(ctx, tx, a.keys, p.ID, n.Event, orNow(n.Since, tx), program.Rule{Kind: program.RuleKind(n.Rule), Event: n.After, Days: n.Days}, who.ID)
	if err != nil {
		return client.QualifyingRule{}, err
	}
	return tellQualifying(q), audit.Record(ctx, tx, who, audit.ProgramQualify, p.ID)
}
