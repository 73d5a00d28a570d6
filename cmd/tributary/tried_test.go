package main

import (
	"context"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/trial"
)

// tried lets the demonstration have a test, and returns the page that leads to its receipt.
func tried(t *testing.T, database string) string {
	t.Helper()
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	keys, err := touch.LoadKeys(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		ctx := context.Background()
		p, err := program.BySlug(ctx, tx, "birkwild")
		if err != nil {
			return err
		}
		link, err := trial.Ready(ctx, tx, keys, p, trial.By{Person: "per_test", Name: "Test partner", Locale: "en"})
		if err != nil {
			return err
		}
		_, err = trial.Sell(ctx, tx, keys, p, link, money.Of(5000, p.Currency))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return "/console/birkwild/settings/test"
}
