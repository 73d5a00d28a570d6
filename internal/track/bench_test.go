package track_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// BenchmarkRedirect measures durable redirects against net/http's bare 302 under the same load: 256 connections over
// loopback, in this process. Each takes turns of a second; "ratio" is what of the bare rate remains.
//
// SQLite is a file in BENCH_DIR, or else in the temporary folder; BENCH_POSTGRES names an empty PostgreSQL database.
func BenchmarkRedirect(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		dir := os.Getenv("BENCH_DIR")
		if dir == "" {
			dir = b.TempDir()
		}
		benchRedirect(b, filepath.Join(dir, fmt.Sprintf("bench-%d.db", time.Now().UnixNano())))
	})
	b.Run("postgres", func(b *testing.B) {
		target := os.Getenv("BENCH_POSTGRES")
		if target == "" {
			b.Skip("SKIPPED ON POSTGRESQL: set BENCH_POSTGRES to an empty database")
		}
		benchRedirect(b, target)
	})
}

func benchRedirect(b *testing.B, target string) {
	ctx := context.Background()
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	s := openShop(b, d, fmt.Sprintf("bench-%d", time.Now().Unix()))
	forwarding, stop := context.WithCancel(ctx)
	var forwarder sync.WaitGroup
	var expanded atomic.Int64
	forwarder.Go(func() {
		touch.Forward(forwarding, d, slog.Default(), func(_ context.Context, tx *db.Tx, touches []touch.Touch) error {
			tx.After(func() { expanded.Add(int64(len(touches))) })
			return nil
		})
	})
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Location"] = []string{"https://shop.example/"}
		w.WriteHeader(http.StatusFound)
	})
	const connections = 256
	turn := time.Second
	var bareRate, durableRate float64
	var waits []time.Duration
	for b.Loop() {
		n, _ := load(b, bare, "/c/x", connections, turn)
		bareRate += float64(n)
		n, waited := load(b, s.door, "/c/"+s.link.Code+"?sub1=blog", connections, turn)
		durableRate += float64(n)
		waits = append(waits, waited...)
	}
	stop()
	forwarder.Wait()
	slices.Sort(waits)
	turns := float64(b.N) * turn.Seconds()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(bareRate/turns, "bare/s")
	b.ReportMetric(durableRate/turns, "durable/s")
	b.ReportMetric(durableRate/bareRate, "ratio")
	b.ReportMetric(float64(expanded.Load())/durableRate, "expanded")
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
}

// load drives a handler with as little work as a client can do, and counts what was answered in the time.
func load(b *testing.B, h http.Handler, path string, connections int, during time.Duration) (int, []time.Duration) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go server.Serve(listener)
	defer server.Close()
	request := "GET " + path + " HTTP/1.1\r\nHost: t.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0\r\n" +
		"Referer: https://blog.example/\r\nAccept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB\r\n\r\n"
	var mu sync.Mutex
	var answered int
	var waits []time.Duration
	var clients sync.WaitGroup
	end := time.Now().Add(during)
	for range connections {
		clients.Go(func() {
			n, waited, err := drive(listener.Addr().String(), request, end)
			mu.Lock()
			defer mu.Unlock()
			answered += n
			waits = append(waits, waited...)
			if err != nil {
				b.Error(err)
			}
		})
	}
	clients.Wait()
	return answered, waits
}

func drive(address, request string, end time.Time) (n int, waits []time.Duration, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 1024)
	for last := time.Now(); last.Before(end); n++ {
		if _, err := io.WriteString(conn, request); err != nil {
			return n, waits, err
		}
		for line, begun := []byte(nil), false; len(line) != 2; {
			if line, err = r.ReadSlice('\n'); err != nil {
				return n, waits, err
			}
			if !begun && string(line[9:12]) != "302" {
				return n, waits, fmt.Errorf("answered %q", line)
			}
			begun = true
		}
		now := time.Now()
		if n%16 == 0 {
			waits = append(waits, now.Sub(last))
		}
		last = now
	}
	return n, waits, nil
}
