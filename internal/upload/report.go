package upload

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// known tells of a line that was taken whether what it says was known before.
type known = db.Result[bool]

// report is the one way from lines to facts: each kind's own, and the same that the doors use.
type report func(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error)

var reports = map[Kind]report{Conversions: conversions, Refunds: refunds, Calls: calls, Transactions: transactions, Cards: cards, Numbers: numbers}

// each reports those of the rows that can be read, and says of each what came of it.
func each[N, T any](lines []*line, read func(*line) N, report func([]N) ([]db.Result[T], error), isKnown func(T) bool) ([]known, error) {
	results := make([]known, len(lines))
	var list []N
	var places []int
	for i, l := range lines {
		n := read(l)
		if results[i].Err = l.err(); results[i].Err == nil {
			list, places = append(list, n), append(places, i)
		}
	}
	if len(list) == 0 {
		return results, nil
	}
	told, err := report(list)
	for j, i := range places {
		if err == nil {
			results[i] = known{Value: told[j].Err == nil && isKnown(told[j].Value), Err: told[j].Err}
		}
	}
	return results, err
}

func conversions(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	return each(lines, func(l *line) conversion.New {
		n := conversion.New{Program: r.Program, Event: l.word("event"), Order: l.text("order_id"), At: l.moment("at"), Amount: l.number("amount"),
			Currency: l.money("currency"), Click: l.text("click_id"), Visitor: l.text("visitor_id"), Customer: l.text("customer_id"),
			Email: l.email("email"), Code: l.text("promo_code"), Source: conversion.FromFile,
			Detail: conversion.NewDetail{Tax: l.number("tax"), Shipping: l.number("shipping"), Total: l.number("total")}}
		if strings.HasPrefix(n.Amount, "-") {
			l.fault(problem.Wrong("amount", "amount_negative", "a conversion has no negative amount: send it in a file of refunds"))
		}
		for _, prefix := range []string{offline.CustomerOf(""), offline.CustomerWith("")} {
			if strings.HasPrefix(n.Customer, prefix) {
				l.fault(problem.Invalid("customer_id", "customers who begin with %s are known by calls and cards alone", prefix))
			}
		}
		return n
	}, func(list []conversion.New) ([]db.Result[commission.Credited], error) {
		return commission.Credit(ctx, tx, keys, list)
	},
		func(c commission.Credited) bool { return c.Duplicate })
}

func refunds(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	return each(lines, func(l *line) conversion.NewRefund {
		return conversion.NewRefund{Program: r.Program, Event: l.word("event"), Order: l.text("order_id"), Refund: l.text("refund_id"), At: l.moment("at"),
			Amount: strings.TrimPrefix(l.number("amount"), "-"), Currency: l.money("currency"), Reason: l.word("reason")}
	}, func(list []conversion.NewRefund) ([]db.Result[commission.Refunded], error) {
		return commission.Refund(ctx, tx, keys, list)
	}, func(f commission.Refunded) bool { return f.Duplicate })
}

func calls(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	return each(lines, func(l *line) offline.NewCall {
		seconds, ok := readSeconds(l.number("seconds"))
		if !ok {
			l.fault(problem.Wrong("seconds", "seconds_invalid", "%q is not a number of seconds", clip(l.text("seconds"))))
		}
		return offline.NewCall{Program: r.Program, Call: l.text("call_id"), Number: l.text("number"), Caller: l.text("caller"), At: l.moment("at"), Seconds: seconds,
			Outcome: outcomeOf(l.word("outcome")), Customer: l.text("customer_id"), Amount: l.number("amount"), Currency: l.money("currency")}
	}, func(list []offline.NewCall) ([]db.Result[commission.Called], error) {
		return commission.Call(ctx, tx, keys, r.Program, list)
	}, func(c commission.Called) bool { return c.Duplicate })
}

// outcomes are what providers call the outcomes of calls, besides our own words.
var outcomes = map[string]string{"completed": "answered", "answer": "answered", "connected": "answered", "no-answer": "missed", "no answer": "missed", "noanswer": "missed",
	"unanswered": "missed", "cancelled": "missed", "canceled": "missed", "abandoned": "missed", "voice mail": "voicemail"}

func outcomeOf(word string) string {
	if ours, ok := outcomes[word]; ok {
		return ours
	}
	return word
}

// readSeconds reads a duration: seconds, or minutes and seconds, or hours, minutes and seconds with colons between them.
func readSeconds(s string) (int64, bool) {
	if parts := strings.Split(s, ":"); len(parts) == 2 || len(parts) == 3 {
		var total int64
		for _, part := range parts {
			n, err := strconv.ParseUint(part, 10, 16)
			if err != nil {
				return 0, false
			}
			total = total*60 + int64(n)
		}
		return total, true
	}
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	return n, err == nil
}

// transactions are purchases and, with a negative amount, what was given back of one.
func transactions(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	results := make([]known, len(lines))
	var parts [2][]*line // purchases and returns
	var places [2][]int
	for i, l := range lines {
		kind := 0
		if strings.HasPrefix(l.number("amount"), "-") {
			kind = 1
		}
		parts[kind], places[kind] = append(parts[kind], l), append(places[kind], i)
	}
	bought, err := each(parts[0], func(l *line) offline.Transaction { return l.transaction() },
		func(list []offline.Transaction) ([]db.Result[commission.Credited], error) {
			sales := make([]conversion.New, len(list))
			for i, t := range list {
				sales[i] = t.Sale(r.Program)
			}
			return commission.Credit(ctx, tx, keys, sales)
		}, func(c commission.Credited) bool { return c.Duplicate })
	if err != nil {
		return nil, err
	}
	returned, err := each(parts[1], func(l *line) offline.Transaction { return l.transaction() },
		func(list []offline.Transaction) ([]db.Result[commission.Refunded], error) {
			back := make([]conversion.NewRefund, len(list))
			for i, t := range list {
				back[i] = t.Return(r.Program)
			}
			return commission.Refund(ctx, tx, keys, back)
		}, func(f commission.Refunded) bool { return f.Duplicate })
	if err != nil {
		return nil, err
	}
	for kind, list := range [][]known{bought, returned} {
		for j, i := range places[kind] {
			results[i] = list[j]
		}
	}
	return results, nil
}

func (l *line) transaction() offline.Transaction {
	t, err := offline.ReadTransaction(offline.Transaction{ID: l.text("transaction_id"), Original: l.text("original_id"), Card: l.text("card"), Merchant: l.text("merchant"),
		Auth: l.text("auth_code"), At: l.moment("at"), Amount: l.number("amount"), Currency: l.money("currency")})
	if p, ok := problem.As(err); ok {
		l.fault(p)
	}
	return t
}

func cards(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	return assign(ctx, tx, keys, r, offline.Card, "card", lines)
}

func numbers(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) ([]known, error) {
	return assign(ctx, tx, keys, r, offline.Number, "number", lines)
}

func assign(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, kind offline.Kind, name string, lines []*line) ([]known, error) {
	whose := func(string) (string, *problem.Problem) { return r.Partnership, nil }
	if r.Partnership == "" {
		var err error
		if whose, err = partnersOf(ctx, tx, r.Program); err != nil {
			return nil, err
		}
	}
	return each(lines, func(l *line) offline.Assignment {
		partnership, fault := whose(l.text("partner"))
		if fault != nil {
			l.fault(fault)
		}
		since := l.moment("since")
		if r.Partnership != "" && since.Before(r.Created.Add(-backMost)) {
			l.fault(problem.Wrong("since", "since_too_early", "a card can be enrolled from at most %d days ago on", int(backMost.Hours()/24)))
		}
		return offline.Assignment{Kind: kind, Name: l.text(name), Partnership: partnership, Since: since, Author: r.Author}
	}, func(list []offline.Assignment) ([]db.Result[commission.Assigned], error) {
		return commission.Assign(ctx, tx, keys, r.Program, list)
	}, func(a commission.Assigned) bool { return a.Duplicate })
}

// backMost is how far back a partner may say that a card was theirs. What a brand says of any moment holds.
const backMost = 7 * 24 * time.Hour

// partnersOf finds a program's partners by what a file calls them: the id of the partnership or of the partner, the e-mail
// address, or the name, if only one has it.
func partnersOf(ctx context.Context, r db.Reader, program string) (func(string) (string, *problem.Problem), error) {
	type one struct{ id, partner, email, name string }
	list, err := db.All(ctx, r, func(row db.Row) (one, error) {
		var p one
		err := row.Scan(&p.id, &p.partner, &p.email, &p.name)
		return p, err
	}, `/* upload.partnersOf */ select s.id, p.id, p.email, p.name from partnership s join partner p on p.id = s.partner where s.program = $1`, program)
	ids, seen := map[string]string{}, map[string]int{}
	for _, p := range list {
		for _, name := range []string{p.id, p.partner, strings.ToLower(p.email)} {
			ids[name] = p.id
		}
		name := strings.ToLower(p.name)
		if seen[name]++; ids[name] == "" {
			ids[name] = p.id
		}
	}
	return func(name string) (string, *problem.Problem) {
		if name == "" {
			return "", problem.Wrong("partner", "partner_missing", "say whose it is: the partner's id, e-mail address or name")
		}
		key := name
		if ids[key] == "" {
			key = strings.ToLower(name)
		}
		if id := ids[key]; id != "" && seen[key] < 2 {
			return id, nil
		}
		return "", problem.Wrong("partner", "partner_unknown", "no one partner of the program is %q", clip(name))
	}, err
}

// sum adds an amount to what a file comes to, if it is one.
func sum(total int64, amount string, c money.Currency) int64 {
	if a, err := money.Parse(amount, c); err == nil {
		return total + a.Minor
	}
	return total
}
