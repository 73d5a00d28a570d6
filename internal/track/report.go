package track

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/problem"
)

// paramNames are a postback's parameters by every name that the field gives them. Others are passed over.
var paramNames = map[string]string{
	"key": "key", "sig": "sig", "format": "format",
	"click_id": "click_id", "clickid": "click_id", "tclid": "click_id",
	"order_id": "order_id", "order": "order_id", "orderid": "order_id", "transaction_id": "order_id", "txid": "order_id",
	"amount": "amount", "sale_amount": "amount", "sum": "amount",
	"currency": "currency",
	"event":    "event", "goal": "event",
	"customer_id": "customer_id", "customer": "customer_id",
	"email_sha256": "email_sha256", "email_hash": "email_sha256",
	"email":      "email",
	"promo_code": "promo_code", "coupon": "promo_code", "code": "promo_code",
	"at": "at", "timestamp": "at",
	"status":    "status",
	"refund_id": "refund_id",
	"reason":    "reason",
	"tax":       "tax", "shipping": "shipping", "discount": "discount", "total": "total",
}

// namesOf are the parameters by every name, those of the program before the field's.
func namesOf(further map[string][]string) func(alias string) string {
	own := map[string]string{}
	for param, names := range further {
		for _, name := range names {
			own[name] = param
		}
	}
	return func(alias string) string {
		if param := own[alias]; param != "" {
			return param
		}
		return paramNames[alias]
	}
}

// readParams gathers the parameters that are known. One that comes twice, by whatever names, is a problem: which of the
// two was meant cannot be told.
func readParams(nameOf func(alias string) string, queries ...string) (map[string]string, error) {
	given := map[string]string{}
	for _, query := range queries {
		for pair := range strings.SplitSeq(query, "&") {
			raw, rest, _ := strings.Cut(pair, "=")
			alias, err := url.QueryUnescape(raw)
			name := nameOf(alias)
			if err != nil || name == "" {
				continue
			}
			value, err := url.QueryUnescape(rest)
			if err != nil {
				return nil, problem.Wrong(name, "escape_invalid", "the value of %s is badly escaped", alias)
			}
			if _, twice := given[name]; twice {
				return nil, problem.Wrong(name, "parameter_doubled", "%s is given twice", name)
			}
			given[name] = value
		}
	}
	return given, nil
}

// report is a conversion, or a refund of one, or a verdict on one.
type report struct {
	kind    reportKind
	sale    conversion.New
	refund  conversion.NewRefund
	verdict conversion.NewVerdict
}

type reportKind int

const (
	aSale reportKind = iota
	aRefund
	aVerdict
)

// The words for what became of an order, in small letters.
var (
	soldWords     = []string{"", "approved", "confirmed", "completed", "complete", "paid", "success", "sale"}
	refundedWords = map[string]string{"refunded": "", "reversed": "", "returned": "", "rejected": "order_cancelled", "declined": "order_cancelled",
		"cancelled": "order_cancelled", "canceled": "order_cancelled", "chargeback": "chargeback"} // with the reason they give
	verdictWords = map[string]string{"qualified": conversion.Qualified, "disqualified": conversion.Disqualified, "unqualified": conversion.Disqualified}
)

func readReport(program string, given map[string]string, from conversion.Source) (report, error) {
	if !from.Trusted() {
		given["at"] = "" // the clock of whoever sends it is nobody's word
	}
	at, err := readMoment(given["at"])
	if err != nil {
		return report{}, err
	}
	status := strings.ToLower(strings.TrimSpace(given["status"]))
	if slices.Contains(soldWords, status) {
		email, err := conversion.EitherEmail(given["email"], given["email_sha256"])
		if err != nil {
			return report{}, err
		}
		return report{sale: conversion.New{Program: program, Event: given["event"], Order: given["order_id"], At: at, Amount: given["amount"],
			Currency: given["currency"], Click: given["click_id"], Customer: given["customer_id"], Email: email,
			Code: given["promo_code"], Source: from,
			Detail: conversion.NewDetail{Tax: given["tax"], Shipping: given["shipping"], Discount: given["discount"], Total: given["total"]}}}, nil
	}
	if !from.Trusted() {
		return report{}, &problem.Problem{Status: http.StatusForbidden, Code: "key_missing", Detail: "only a report with the key of the program can take something back or judge it"}
	}
	if verdict, ok := verdictWords[status]; ok {
		return report{kind: aVerdict, verdict: conversion.NewVerdict{Program: program, Event: given["event"], Order: given["order_id"], Verdict: verdict, At: at,
			Reason: given["reason"], Author: "postback"}}, nil
	}
	reason, ok := refundedWords[status]
	if !ok {
		return report{}, problem.Wrong("status", "status_unknown", "%q is no status: an order is %s; then %s, or %s. What is still open is not reported",
			cut(given["status"], 60), strings.Join(soldWords[1:], ", "), strings.Join(slices.Sorted(maps.Keys(refundedWords)), ", "), strings.Join(slices.Sorted(maps.Keys(verdictWords)), ", "))
	}
	if reason == "order_cancelled" && given["refund_id"] == "" {
		given["amount"] = "" // what was cancelled is the order, whose amount shops repeat
	}
	if given["reason"] != "" {
		reason = given["reason"]
	}
	return report{kind: aRefund, refund: conversion.NewRefund{Program: program, Event: given["event"], Order: given["order_id"],
		Refund: given["refund_id"], At: at, Amount: given["amount"], Currency: given["currency"], Reason: reason}}, nil
}

// readMoment reads RFC 3339, or Unix time in seconds or in milliseconds. An empty text is no moment: now.
func readMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 && n < 1e14 {
		if n < 1e11 { // as milliseconds it would be in 1973
			n *= 1000
		}
		return time.UnixMilli(n).UTC(), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, problem.Invalid("at", "the time is neither RFC 3339 nor Unix time")
	}
	return at.UTC(), nil
}
