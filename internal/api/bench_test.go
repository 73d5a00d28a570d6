package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// BenchmarkConversions is conversions credited through the handler, each with an idempotency key, its postings and its
// explanation, and durable. TEST_POSTGRES should name a server that really syncs; the one that tests start does not.
func BenchmarkConversions(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, clients := range []int{1, 64, 256} {
			b.Run(fmt.Sprintf("%s/%d", engine, clients), func(b *testing.B) { benchmarkConversions(b, engine, clients) })
		}
	}
}

func benchmarkConversions(b *testing.B, engine db.Engine, clients int) {
	d, err := db.Open(b.Context(), dbtest.Target(b, engine), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	h := open(b, d)
	h.program("alpine")
	var links []creative.Link
	for i := range 20 {
		s := h.partner("alpine", fmt.Sprint("partner", i))
		l := must(h.CreateLink(b.Context(), s.ID, client.NewLink{}))(b)
		links = append(links, must(creative.GetLink(b.Context(), d.Read(), l.ID))(b))
	}
	var n atomic.Int64
	b.SetParallelism((clients + 1) / 2) // of two processors each
	if clients == 1 {
		b.SetParallelism(1)
	}
	report := func() {
		i := n.Add(1)
		body := fmt.Sprintf(`{"program":"alpine","order_id":"A-%d","amount":{"amount":"49.90","currency":"EUR"},"click_id":"%s","customer_id":"customer-%d"}`,
			i, h.keys.NewID(noon.Add(-time.Hour), links[i%int64(len(links))].Number), i)
		r := httptest.NewRequest("POST", "/v1/conversions", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+h.secret)
		r.Header.Set("Idempotency-Key", fmt.Sprint("order-", i))
		w := httptest.NewRecorder()
		if h.api.ServeHTTP(w, r); w.Code != http.StatusCreated {
			b.Error(w.Code, w.Body)
		}
	}
	if engine == db.Postgres { // its planner must have seen a table with rows, as autovacuum sees to within a minute
		for range 500 {
			report()
		}
		if err := d.Outside(b.Context(), "analyze"); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	if clients == 1 {
		for range b.N {
			report()
		}
	} else {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				report()
			}
		})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "conversions/s")
}
