package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/demo"
)

type demoCmd struct {
	serverFlags
	Fresh bool `help:"Start over: delete the demonstration that is there."`
}

// demoSeed is drawn from once for everybody: who compares two machines sees the same figures.
const demoSeed = 20

// Run listens first, so that an address that is taken is told at once; who calls while the database is being filled waits.
func (d *demoCmd) Run(ctx context.Context, c *commands, t terminal, log *slog.Logger) error {
	began := time.Now()
	l, base, err := d.listen()
	if err != nil {
		return err
	}
	defer l.Close()
	target := c.Database
	if target == "" {
		target = filepath.Join(c.Data, "demo.db")
	}
	if err := d.prepare(ctx, target, base, t, log); err != nil {
		if ctx.Err() != nil {
			t.printf("\nStopped. The next start begins again.\n")
			return nil
		}
		return err
	}
	return d.serve(ctx, target, base, l, t, log, began)
}

// prepare fills the database, unless it holds a whole demonstration.
func (d *demoCmd) prepare(ctx context.Context, target, base string, t terminal, log *slog.Logger) error {
	state, err := lookInto(ctx, target)
	switch {
	case err != nil:
		return err
	case state == demo.Foreign:
		return fmt.Errorf("the database %s holds something that is not a demonstration; it was left as it is", db.Redact(target))
	case state == demo.Ready && !d.Fresh:
		return nil
	case state != demo.Empty:
		if err := remove(target); err != nil {
			return err
		}
	}
	t.printf("Telling the story of a brand, ninety days ")
	clock := demo.NewClock(time.Now())
	a, err := app.Open(ctx, app.Config{Database: target, BaseURL: base, Log: log, Clock: clock.Now, Relaxed: true, Still: true, Catch: true})
	if err != nil {
		return err
	}
	_, err = demo.Fill(ctx, a, clock, base, demoSeed, t.out)
	return finish(a, err)
}

// lookInto says what is in a database, and makes no file of one that does not exist.
func lookInto(ctx context.Context, target string) (demo.State, error) {
	if !db.IsPostgres(target) {
		if _, err := os.Stat(target); errors.Is(err, fs.ErrNotExist) {
			return demo.Empty, nil
		}
	}
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return "", err
	}
	state, _, err := demo.Look(ctx, d)
	return state, finish(d, err)
}

// remove deletes a demonstration: the database's file and what belongs to it.
func remove(target string) error {
	if db.IsPostgres(target) {
		return fmt.Errorf("the database %s holds a demonstration; to start over, give it an empty one", db.Redact(target))
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(target + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (d *demoCmd) serve(ctx context.Context, target, base string, l net.Listener, t terminal, log *slog.Logger, began time.Time) error {
	a, err := app.Open(ctx, app.Config{Database: target, BaseURL: base, Proxies: d.Proxy, Log: log, Demo: true, Reach: itself(l)})
	if err != nil {
		return err
	}
	story, err := demo.Open(ctx, a, base, log)
	if err != nil {
		return finish(a, err)
	}
	for _, line := range story.Guide() {
		t.printf("%s\n", line)
	}
	t.printf("\nReady after %.1f seconds. Ctrl-C stops it; --fresh starts over.\n", time.Since(began).Seconds())
	return finish(a, a.Run(ctx, l))
}

// itself is where the demonstration listens on this machine: its postbacks may come back to it, and go to nothing else that
// is not public.
func itself(l net.Listener) (list []netip.AddrPort) {
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return nil
	}
	for _, host := range []string{"127.0.0.1", "::1"} {
		list = append(list, netip.AddrPortFrom(netip.MustParseAddr(host), at.Port()))
	}
	return list
}
