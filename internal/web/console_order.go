package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
)

// changePage is where somebody gives back, edits or judges an order by hand.
type changePage struct {
	consolePage
	Sale    conversion.Conversion
	Now     money.Amount // what the order comes to
	Refund  form
	Edit    form
	Verdict form
	ByItem  bool
	Once    string // so that a form that is sent twice does its work once
	At      string // of the conversion's page
}

// orderForms shows the three forms.
func (s *site) orderForms(v *visit) (answer, error) {
	data, err := v.changePage(id.Secret(10))
	if err != nil {
		return nil, err
	}
	return s.page("console/conversions/change", v.text("orders.change"), data), nil
}

func (v *visit) changePage(once string) (changePage, error) {
	c := v.conversion
	data := changePage{consolePage: v.console(), Sale: c, Once: once, At: consoleBase(v.program) + "/conversions/" + c.ID}
	facts, err := commission.FactsOf(v.Context(), v.read(), c)
	if err != nil {
		return data, err
	}
	t := facts.Terms
	data.Now, data.ByItem = money.Of(t.Amount, c.Amount.Currency), len(t.Detail.Items) > 0
	data.Refund = refundForm(v, t)
	data.Edit = editForm(v, t)
	data.Verdict = form{Fields: []field{
		{Name: "verdict", Type: "select", Choices: choices(v.lang, "orders.verdicts", []string{conversion.Qualified, conversion.Disqualified})},
		{Name: "why", Label: "order_reason"}}}
	return data, nil
}

// piecesOf are a field for each line of an order, named by its place.
func piecesOf(v *visit, prefix string, t conversion.Terms, full bool) []field {
	var list []field
	for i, item := range t.Detail.Items {
		words := item.SKU
		if item.Name != "" {
			words = item.Name + " (" + item.SKU + ")"
		}
		value := "0"
		if full {
			value = strconv.FormatInt(item.Quantity, 10)
		}
		list = append(list, field{Name: prefix + strconv.Itoa(i), Words: v.text("orders.of", "item", words, "n", item.Quantity), Type: "number", Value: value})
	}
	return list
}

// refundForm asks what is given back: the whole, or so many pieces, or an amount.
func refundForm(v *visit, t conversion.Terms) form {
	what, first := []string{"whole", "part"}, "part"
	if len(t.Detail.Items) > 0 {
		what, first = []string{"whole", "items", "part"}, "items"
	}
	fields := []field{{Name: "what", Label: "refund_what", Type: "select", Value: first, Choices: choices(v.lang, "orders.what", what)}}
	fields = append(fields, piecesOf(v, "back-", t, false)...)
	return form{Fields: append(fields, field{Name: "amount", Label: "refund_amount", Unit: string(v.program.Currency), Hint: "refund_amount"},
		field{Name: "reason", Label: "order_reason", Type: "select", Value: "item_returned", Choices: choices(v.lang, "reasons", conversion.Reasons)})}
}

// editForm asks what the order has become: how many pieces of each line, or else its amount.
func editForm(v *visit, t conversion.Terms) form {
	fields := piecesOf(v, "keep-", t, true)
	if len(fields) == 0 {
		fields = []field{{Name: "becomes", Label: "edit_amount", Unit: string(v.program.Currency), Required: true, Hint: "edit_amount",
			Value: money.Of(t.Amount, v.program.Currency).Decimal()}}
	}
	return form{Fields: append(fields, field{Name: "because", Label: "order_reason", Required: true, Hint: "edit_reason"})}
}

// saveOrder does what one of the forms says, or shows the page with what was wrong in it.
func (s *site) saveOrder(v *visit, place func(*changePage) *form, notice string, what audit.Action, write func(ctx context.Context, tx *db.Tx, f form, t conversion.Terms, once string) error) (answer, error) {
	once := v.PostFormValue("once")
	if len(once) > 40 || once == "" {
		once = id.Secret(10)
	}
	data, err := v.changePage(once)
	if err != nil {
		return nil, err
	}
	f := place(&data)
	f.read(v.PostForm)
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		facts, err := commission.FactsOf(ctx, tx, v.conversion)
		if err != nil {
			return err
		}
		if err := write(ctx, tx, *f, facts.Terms, once); err != nil {
			return err
		}
		return v.record(ctx, tx, what, v.conversion.ID)
	})
	if err == nil {
		return s.done(data.At, notice), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	return s.again("console/conversions/change", v.text("orders.change"), data), nil
}

// refundOrder gives back what the form says.
func (s *site) refundOrder(v *visit) (answer, error) {
	return s.saveOrder(v, func(p *changePage) *form { return &p.Refund }, "order_refunded", audit.OrderRefund,
		func(ctx context.Context, tx *db.Tx, f form, t conversion.Terms, once string) error {
			c := v.conversion
			n := conversion.NewRefund{Program: c.Program, Event: c.Event, Order: c.Order, Refund: "console-" + once, Currency: string(v.program.Currency), Reason: f.value("reason")}
			switch f.value("what") {
			case "whole":
			case "items":
				for i, item := range t.Detail.Items {
					count, err := readCount(f, "back-"+strconv.Itoa(i), item.Quantity)
					if err != nil {
						return err
					}
					if count > 0 {
						n.Items = append(n.Items, conversion.Piece{SKU: item.SKU, Quantity: count})
					}
				}
				if len(n.Items) == 0 {
					return problem.Wrong("what", "nothing_given_back", "say how many pieces are given back")
				}
			default:
				if n.Amount = decimal(f.value("amount")); n.Amount == "" {
					return problem.Invalid("amount", "say how much is given back")
				}
			}
			results, err := commission.Refund(ctx, tx, s.keys, []conversion.NewRefund{n})
			if err != nil {
				return err
			}
			return results[0].Err
		})
}

// editOrder writes what the order has become.
func (s *site) editOrder(v *visit) (answer, error) {
	return s.saveOrder(v, func(p *changePage) *form { return &p.Edit }, "order_edited", audit.OrderEdit,
		func(ctx context.Context, tx *db.Tx, f form, t conversion.Terms, once string) error {
			c, currency := v.conversion, v.program.Currency
			n := conversion.NewEdit{Program: c.Program, Event: c.Event, Order: c.Order, Edit: "console-" + once, Currency: string(currency), Reason: f.value("because"),
				Author: v.person.ID, Detail: conversion.NewDetail{Buyer: t.Detail.Buyer, Fields: t.Detail.Fields}}
			if n.Reason == "" {
				return problem.Wrong("because", "edit_reason_missing", "say why the order is another one now")
			}
			if len(t.Detail.Items) == 0 {
				n.Amount = decimal(f.value("becomes"))
			}
			text := func(minor int64) string { return money.Of(minor, currency).Decimal() }
			var worth int64
			for i, item := range t.Detail.Items {
				count, err := readCount(f, "keep-"+strconv.Itoa(i), 1_000_000)
				if err != nil {
					return err
				}
				if count == 0 {
					continue
				}
				off := min(item.Discount, count*item.Price)
				worth += count*item.Price - off
				n.Detail.Items = append(n.Detail.Items, conversion.NewItem{SKU: item.SKU, Name: item.Name, Category: item.Category, Quantity: count,
					Price: text(item.Price), Discount: text(off)})
			}
			if len(n.Detail.Items) > 0 {
				n.Detail.Discount = text(min(t.Detail.Discount, worth))
			} else if len(t.Detail.Items) > 0 {
				n.Amount = "0"
			}
			results, err := commission.Edit(ctx, tx, s.keys, []conversion.NewEdit{n})
			if err != nil {
				return err
			}
			return beside(results[0].Err, "amount", "becomes")
		})
}

// judgeOrder says that a conversion qualifies, or does not.
func (s *site) judgeOrder(v *visit) (answer, error) {
	return s.saveOrder(v, func(p *changePage) *form { return &p.Verdict }, "order_judged", audit.OrderQualify,
		func(ctx context.Context, tx *db.Tx, f form, _ conversion.Terms, _ string) error {
			c := v.conversion
			results, err := commission.Qualify(ctx, tx, s.keys, []conversion.NewVerdict{{Program: c.Program, Event: c.Event, Order: c.Order,
				Verdict: f.value("verdict"), Reason: f.value("why"), Author: v.person.ID}})
			if err != nil {
				return err
			}
			return results[0].Err
		})
}

// readCount is a number of pieces.
func readCount(f form, name string, most int64) (int64, error) {
	text := f.value(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, problem.Wrong(name, "pieces_invalid", "%q is not a number of pieces from 0 to %d", text, most)
	}
	return n, nil
}

// beside is a problem with its fault at the field that a form has for it.
func beside(err error, name, field string) error {
	p, ok := problem.As(err)
	if !ok {
		return err
	}
	moved := *p
	moved.Fields = slices.Clone(p.Fields)
	for i := range moved.Fields {
		if moved.Fields[i].Name == name {
			moved.Fields[i].Name = field
		}
	}
	return &moved
}
