package offline

import (
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Transaction is a payment with a card, as a processor or a store reports it; one with a negative amount gives back what an
// earlier one took. It is kept as a conversion or a refund.
type Transaction struct {
	ID       string // may be empty when Merchant and Auth say which it is
	Original string // of one that gives back: the transaction that took
	Card     string // the card's token
	Merchant string
	Auth     string // authorisation code
	At       time.Time
	Amount   string // plain decimal
	Currency string
}

// ReadTransaction checks what a conversion or a refund would not, and fills in the numbers by which they go.
func ReadTransaction(t Transaction) (Transaction, error) {
	token, fault := PlainCard(t.Card)
	t.Card = token
	named := ""
	if t.Auth != "" {
		named = t.Merchant + "/" + t.Auth
	}
	var which *problem.Problem
	if t.Returns() {
		if t.Original == "" && t.ID == "" { // the same authorisation: all by which the two can be one
			t.Original, t.ID = named, "return"
		}
		if t.Original == "" {
			which = problem.Wrong("original_id", "original_id_missing", "say which transaction is given back, so that it is taken from the partner who earned it")
		}
		if t.ID == "" {
			t.ID = named + "/return"
		}
	} else if t.ID == "" {
		if t.ID = named; named == "" {
			which = problem.Wrong("transaction_id", "transaction_id_missing", "a transaction needs its id or its authorisation code, so that a second report of it is not paid twice")
		}
	}
	return t, problem.Join(fault, which)
}

// Returns tells whether the transaction gives back.
func (t Transaction) Returns() bool { return strings.HasPrefix(strings.TrimSpace(t.Amount), "-") }

// Sale is the conversion that the transaction is.
func (t Transaction) Sale(program string) conversion.New {
	return conversion.New{Program: program, Order: t.ID, At: t.At, Amount: t.Amount, Currency: t.Currency, Customer: CustomerWith(t.Card), Source: conversion.FromCard}
}

// Return is the refund that the transaction is.
func (t Transaction) Return(program string) conversion.NewRefund {
	return conversion.NewRefund{Program: program, Order: t.Original, Refund: t.ID, At: t.At, Amount: strings.TrimPrefix(strings.TrimSpace(t.Amount), "-"), Currency: t.Currency}
}
