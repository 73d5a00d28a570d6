package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
)

// Options bound a run. What is 0 is left out.
type Options struct {
	Database    string // empty: a new SQLite file in Folder
	Folder      string
	Connections int
	Turn        time.Duration
	Rounds      int // turns of each of those that are compared
	Minutes     int // of clicks without a pause
	Many        int // links, of a hundredth as many programs, with which the clicks are measured again
	Most        int // links with which the start is measured
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
	c, err := begin(ctx, o, out)
	if err != nil {
		return err
	}
	defer c.end()
	for _, part := range []func(context.Context) error{c.few, c.many, c.start} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// few measures an installation with one link: clicks, then sales.
func (c *comparison) few(ctx context.Context) error {
	a, err := open(ctx, c.o)
	if err != nil {
		return err
	}
	defer a.Close()
	g, err := plant(ctx, a)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%d cores, %s, %s; the load runs on the same cores; every click and sale is durable before its answer\n\n",
		runtime.NumCPU(), runtime.Version(), a.DB.Engine)
	if err := c.clicks(ctx, a, g); err != nil {
		return err
	}
	return sales(ctx, a, g, c.o, c.out)
}

// many measures clicks on the links of many programs.
func (c *comparison) many(ctx context.Context) error {
	if c.o.Many == 0 {
		return nil
	}
	programs := max(1, c.o.Many/100)
	paths, err := c.plantMore(ctx, c.o.Many, programs)
	if err != nil {
		return err
	}
	a, err := open(ctx, c.o)
	if err != nil {
		return err
	}
	defer a.Close()
	address, stop, err := serve(ctx, a)
	if err != nil {
		return err
	}
	reference, _, ours, err := c.race(ctx, address, paths)
	if err != nil {
		return err
	}
	c.aim(fmt.Sprintf("with %d links of %d programs", c.o.Many, programs), "%.2f of it", ratio(ours.rates, reference.rates)/c.alone, atLeast(0.90))
	c.measured = append(c.measured, named{"durable clicks on many links", ours.all.CPUEach()})
	return stop()
}

// start measures how long an installation with very many links takes to open.
func (c *comparison) start(ctx context.Context) error {
	if c.o.Most <= c.o.Many {
		return nil
	}
	if _, err := c.plantMore(ctx, c.o.Most-c.o.Many, 1); err != nil {
		return err
	}
	began := time.Now()
	a, err := open(ctx, c.o)
	if err != nil {
		return err
	}
	c.aim(fmt.Sprintf("start with %d links", c.o.Most), "%.1f s", time.Since(began).Seconds(), atMost(5))
	fmt.Fprintf(c.out, "  resident then          %9s\n", resident())
	return a.Close()
}

func open(ctx context.Context, o Options) (*app.App, error) {
	return app.Open(ctx, app.Config{Database: o.Database, BaseURL: "http://127.0.0.1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}
