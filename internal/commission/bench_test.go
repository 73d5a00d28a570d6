package commission_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// BenchmarkCredit credits sales that name a click and a customer: one client after the other, and 64 at a time, who share
// transactions. The disk is left out: what a sync costs is the bench command's to say.
func BenchmarkCredit(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, clients := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", engine, clients), func(b *testing.B) {
				w := newWorld(b, dbtest.Open(b, engine), lastTouch, nil)
				line := commission.NewLine(w.d, w.keys)
				defer line.Close()
				var n atomic.Int64
				b.SetParallelism((clients + 1) / 2)
				if clients == 1 {
					b.SetParallelism(1)
				}
				credit := func() {
					i := n.Add(1)
					_, err := line.Credit(context.Background(), conversion.New{Program: w.prog.ID, Order: fmt.Sprint(i), Amount: "100", Currency: "EUR",
						Click: w.clickID("ann", time.Hour), Customer: fmt.Sprint("c", i)})
					if err != nil {
						b.Error(err)
					}
				}
				for range 200 {
					credit()
				}
				if engine == db.Postgres { // as the server does by itself within a minute
					if err := w.d.Outside(context.Background(), "analyze"); err != nil {
						b.Fatal(err)
					}
				}
				b.ResetTimer()
				if clients == 1 {
					for b.Loop() {
						credit()
					}
				} else {
					b.RunParallel(func(pb *testing.PB) {
						for pb.Next() {
							credit()
						}
					})
				}
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sales/s")
			})
		}
	}
}
