package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
)

// Options bound a run.
type Options struct {
	Database    string // empty: a new SQLite file in Folder
	Folder      string
	Connections int
	Seconds     int // of each turn
	Rounds      int // turns of each of those that are compared
	Clicks      int // after how many clicks the memory is read; 0: not at all
}

// Run measures and prints.
func Run(ctx context.Context, o Options, out io.Writer) error {
	if o.Database == "" {
		dir, err := os.MkdirTemp(o.Folder, "bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Database = filepath.Join(dir, "bench.db")
	}
	a, err := app.Open(ctx, app.Config{Database: o.Database, BaseURL: "http://127.0.0.1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	defer a.Close()
	g, err := plant(ctx, a)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d cores, %s, %s; the load runs on the same cores; every click and sale is durable before its answer\n\n",
		runtime.NumCPU(), runtime.Version(), a.DB.Engine)
	if err := redirects(ctx, a, g, o, out); err != nil {
		return err
	}
	return sales(ctx, a, g, o, out)
}

// serve runs the installation on a loopback port until stop is called.
func serve(ctx context.Context, a *app.App) (address string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(running, l) }()
	return l.Addr().String(), func() error { cancel(); return <-ended }, nil
}

// serveBare runs a server of the same settings that answers the same redirect and does nothing else.
func serveBare() (address string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"https://shop.example/"}
			w.WriteHeader(http.StatusFound)
		})}
	go server.Serve(l)
	return l.Addr().String(), server.Close, nil
}

// redirects compares durable redirects with bare ones, turn by turn, with the journal expanded meanwhile.
func redirects(ctx context.Context, a *app.App, g garden, o Options, out io.Writer) error {
	bareAt, stopBare, err := serveBare()
	if err != nil {
		return err
	}
	defer stopBare()
	nginxAt, stopNginx, err := serveNginx(ctx, o.Folder)
	if err != nil {
		return err
	}
	defer stopNginx()
	oursAt, stopOurs, err := serve(ctx, a)
	if err != nil {
		return err
	}
	load := Load{Connections: o.Connections, During: time.Duration(o.Seconds) * time.Second}
	turn := func(address, path string) (Measured, error) {
		load.Address, load.Path = address, path
		return Drive(ctx, load)
	}
	var ours, bare, nginx []float64
	var best Measured
	before, began := g.expanded(ctx, a), time.Now()
	for range o.Rounds {
		m, err := turn(bareAt, "/")
		if err != nil {
			return fmt.Errorf("bare server: %w", err)
		}
		bare = append(bare, m.Rate())
		if nginxAt != "" {
			if m, err = turn(nginxAt, "/"); err != nil {
				return fmt.Errorf("nginx: %w", err)
			}
			nginx = append(nginx, m.Rate())
		}
		if m, err = turn(oursAt, "/c/"+g.code+"?sub1=blog"); err != nil {
			return fmt.Errorf("durable clicks: %w", err)
		}
		ours = append(ours, m.Rate())
		best.waits = append(best.waits, m.waits...)
		best.Answered += m.Answered
	}
	fmt.Fprintf(out, "durable clicks          %8.0f /s at %d connections, p50 %s, p99 %s\n", median(ours), o.Connections, round(best.Percentile(50)), round(best.Percentile(99)))
	fmt.Fprintf(out, "  expanded meanwhile    %8.2f of them, in %s\n", float64(g.expanded(ctx, a)-before)/float64(best.Answered), time.Since(began).Round(time.Second))
	fmt.Fprintf(out, "  against net/http bare %8.2f (%.0f /s)\n", ratio(ours, bare), median(bare))
	if nginxAt != "" {
		fmt.Fprintf(out, "  against nginx bare    %8.2f (%.0f /s)\n", ratio(ours, nginx), median(nginx))
	} else {
		fmt.Fprintln(out, "  against nginx bare     nginx is not installed")
	}
	if o.Clicks > 0 {
		load.Most, load.During, load.Address, load.Path = o.Clicks, 10*time.Minute, oursAt, "/c/"+g.code
		m, err := Drive(ctx, load)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "memory                  %8s resident after %d clicks more at %.0f /s, of which the load's own share\n", resident(), m.Answered, m.Rate())
	}
	return stopOurs()
}

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
		ctx, cancel := context.WithTimeout(ctx, time.Duration(o.Seconds)*time.Second)
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
			all.waits = append(all.waits, m.waits...)
		}
		fmt.Fprintf(out, "conversions credited    %8.0f /s with their postings, %d at a time, p50 %s, p99 %s\n", median(rates), clients, round(all.Percentile(50)), round(all.Percentile(99)))
	}
	return nil
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// ratio is the median of the ratios turn by turn, so that a machine whose speed drifts does not spoil it.
func ratio(ours, reference []float64) float64 {
	list := make([]float64, len(ours))
	for i := range ours {
		list[i] = ours[i] / reference[i]
	}
	return median(list)
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
