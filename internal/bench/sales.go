package bench

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// sales measures conversions credited with their postings: by one client, one after the other, and by many who share
// transactions.
func sales(ctx context.Context, a *app.App, g garden, o Options, out io.Writer) error {
	var orders atomic.Int64
	sell := func(ctx context.Context) (Measured, error) {
		var m Measured
		for ctx.Err() == nil {
			n := orders.Add(1)
			began := time.Now()
			_, err := a.Line.Credit(context.WithoutCancel(ctx), conversion.New{Program: g.program, Order: fmt.Sprint(n), Amount: "49.90", Currency: "EUR",
				Click: a.Keys.NewID(a.DB.Now().Add(-time.Hour), g.number), Customer: fmt.Sprint("c", n)})
			if err != nil {
				return m, err
			}
			m.Answered++
			m.waits = append(m.waits, time.Since(began))
		}
		return m, nil
	}
	during := func(clients int) (Measured, error) {
		ctx, cancel := context.WithTimeout(ctx, o.Turn)
		defer cancel()
		began := time.Now()
		m, err := together(clients, func() (Measured, error) { return sell(ctx) })
		m.Took = time.Since(began)
		return m, err
	}
	if _, err := during(16); err != nil {
		return err
	}
	if a.DB.Engine == db.Postgres { // as the server does by itself within a minute
		if err := a.DB.Outside(ctx, "analyze"); err != nil {
			return err
		}
	}
	for _, clients := range []int{1, o.Connections} {
		var rates []float64
		var all Measured
		for range o.Rounds {
			m, err := during(clients)
			if err != nil {
				return err
			}
			rates = append(rates, m.Rate())
			all.add(m)
		}
		fmt.Fprintf(out, "conversions credited    %8.0f /s with their postings, %d at a time, p50 %s, p99 %s\n", median(rates), clients, round(all.Percentile(50)), round(all.Percentile(99)))
	}
	return nil
}
