package web

import (
	"context"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/touch"
)

// TestAReceiptSaysHowAsManyTouchesShare: 40/20/40 is said where three touches count, and not where one or two do.
func TestAReceiptSaysHowAsManyTouchesShare(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, led := w.as("owner"), []string{"Marta’s Kitchen", "Trailhead Weekly", "Deal Otter"}
	for n, says := range []string{"A single touch counts here", "Two touches count here, with none between them", "those between share the rest"} {
		who := "visitor-" + led[n]
		var touches []touch.Touch
		for i := range n + 1 {
			c := w.click(led[i], w.acme, time.Duration(50-10*i)*time.Hour)
			touches = append(touches, c, touch.Touch{ID: "landing-" + c.ID, Program: w.acme.ID, Kind: touch.Landing, Who: touch.WhoVisitor(who), Click: c.ID, At: c.At})
		}
		w.meet(touches)
		sale := w.report(conversion.New{Program: w.acme.ID, Order: who, Amount: "100", Currency: "EUR", Visitor: who, Source: conversion.FromTag})
		owner.shows("/console/acme/conversions/"+sale.Conversion.ID, says)
	}
}

// TestApprovedByAToken: what a program decided by the API has the token's name, and is final from that day on.
func TestApprovedByAToken(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	marta := w.pts["Marta’s Kitchen"].ID
	var before commission.Commission
	w.write(func(ctx context.Context, tx *db.Tx) error {
		token, _, err := auth.NewToken(ctx, tx, w.acme.Brand, "Shop till", auth.Live, auth.WriteCommissions)
		if err != nil {
			return err
		}
		if before, err = commission.Get(ctx, tx, w.commissionOf("Marta’s Kitchen")); err != nil {
			return err
		}
		_, err = commission.DecideOn(ctx, tx, w.keys, []string{before.ID}, commission.NewDecision{Kind: commission.ToApprove, Author: token.ID})
		return err
	})
	day := func(at time.Time) string { return lang.Of("en").Date(at.In(w.acme.Zone())) }
	if day(w.now) == day(before.Matures) {
		t.Fatal("it was final anyway")
	}
	w.as("owner").shows("/console/acme/conversions/"+w.sale.Conversion.ID, "Token Shop till")
	w.as("Marta’s Kitchen").shows("/partner/"+marta+"/earnings?q=A-shared", ">"+day(w.now)+"<")
	w.as("owner").shows("/console/acme/partners/"+marta+"?tab=commissions", ">"+day(w.now)+"<")
}
