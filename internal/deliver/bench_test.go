package deliver_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// BenchmarkDeliveries brings deliveries to a receiver that answers at once, spread over one target or many.
func BenchmarkDeliveries(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, targets := range []int{1, 100} {
			b.Run(fmt.Sprintf("%s/%d", engine, targets), func(b *testing.B) {
				r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
				defer r.Close()
				w := newWorld(b, dbtest.Open(b, engine))
				for i := range targets {
					w.target(fmt.Sprintf("t%03d", i), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
				}
				for b.Loop() {
					b.StopTimer()
					const all = 2000
					for i := range targets {
						addresses := make([]string, all/targets)
						for n := range addresses {
							addresses[n] = r.URL + "/ok"
						}
						w.add(fmt.Sprintf("t%03d", i), addresses...)
					}
					b.StartTimer()
					begun := time.Now()
					w.run()
					b.ReportMetric(all/time.Since(begun).Seconds(), "deliveries/s")
				}
			})
		}
	}
}
