package bench

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
)

// comparison is a run: the references that the installation is compared with, turn by turn.
type comparison struct {
	o           Options
	out         io.Writer
	nginx, bare string // where they answer; nginx is empty where it is not installed
	stops       []func()

	alone float64 // clicks on one link, against the reference
}

// begin starts the references.
func begin(ctx context.Context, o Options, out io.Writer) (*comparison, error) {
	c := &comparison{o: o, out: out}
	bare, stopBare, err := serveBare()
	if err != nil {
		return nil, err
	}
	c.bare, c.stops = bare, append(c.stops, func() { stopBare() })
	nginx, stopNginx, err := serveNginx(ctx, o.Folder)
	if err != nil {
		c.close()
		return nil, err
	}
	c.nginx, c.stops = nginx, append(c.stops, stopNginx)
	return c, nil
}

func (c *comparison) close() {
	for _, stop := range c.stops {
		stop()
	}
}

// reference is what clicks are compared with: nginx, or net/http where that is not installed.
func (c *comparison) reference() (name, address string) {
	if c.nginx != "" {
		return "nginx bare", c.nginx
	}
	return "net/http bare (nginx is not installed)", c.bare
}

// turn drives one server at full load for a turn.
func (c *comparison) turn(ctx context.Context, address string, paths ...string) (Measured, error) {
	return Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: time.Duration(c.o.Seconds) * time.Second})
}

// root is what the references are asked for.
var root = []string{"/"}

// rival is one of those that take turns.
type rival struct {
	address string
	paths   []string
	rates   []float64
	all     Measured
}

// take lets rivals take their turns.
func (c *comparison) take(ctx context.Context, rivals ...*rival) error {
	for range c.o.Rounds {
		for _, r := range rivals {
			m, err := c.turn(ctx, r.address, r.paths...)
			if err != nil {
				return fmt.Errorf("%s: %w", r.address, err)
			}
			r.rates = append(r.rates, m.Rate())
			r.all.add(m)
		}
	}
	return nil
}

// race lets the references and the installation take turns.
func (c *comparison) race(ctx context.Context, address string, paths []string) (reference, bare, ours *rival, err error) {
	_, at := c.reference()
	reference, bare, ours = &rival{address: at, paths: root}, &rival{address: c.bare, paths: root}, &rival{address: address, paths: paths}
	return reference, bare, ours, c.take(ctx, reference, bare, ours)
}

// clicks measures durable clicks on one link.
func (c *comparison) clicks(ctx context.Context, a *app.App, g garden) error {
	address, stop, err := serve(ctx, a)
	if err != nil {
		return err
	}
	path := []string{"/c/" + g.code + "?sub1=blog"}
	waiting, err := journal(ctx, a)
	if err != nil {
		return err
	}
	reference, bare, ours, err := c.race(ctx, address, path)
	if err != nil {
		return err
	}
	left, err := journal(ctx, a)
	if err != nil {
		return err
	}
	c.alone = ratio(ours.rates, reference.rates)
	fmt.Fprintf(c.out, "durable clicks %35.0f /s at %d connections, p50 %s\n", median(ours.rates), c.o.Connections, round(ours.all.Percentile(50)))
	name, _ := c.reference()
	c.aim("against "+name, "%.2f", c.alone, atLeast(0.55))
	fmt.Fprintf(c.out, "  %-38s %10.2f\n", "against net/http bare", ratio(ours.rates, bare.rates))
	fmt.Fprintf(c.out, "  %-38s %10.2f of them\n", "expanded meanwhile", 1-float64(left-waiting)/float64(ours.all.Answered))
	c.aim("p99 at full load", "%.1f ms", milliseconds(ours.all.Percentile(99)), atMost(20))
	if err := c.half(ctx, address, path, median(ours.rates)/2); err != nil {
		return err
	}
	if err := c.sustained(ctx, a, address, path); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "  %-38s %10s a click with the load's %s (net/http bare %s)\n", "processor", ours.all.CPUEach().Round(100*time.Nanosecond),
		reference.all.CPUEach().Round(100*time.Nanosecond), bare.all.CPUEach().Round(100*time.Nanosecond))
	if err := stop(); err != nil {
		return err
	}
	return c.parts(ctx, a, path)
}

// half measures how long visitors wait when the server has half as much to do as it can.
func (c *comparison) half(ctx context.Context, address string, paths []string, rate float64) error {
	m, err := Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: time.Duration(c.o.Seconds*c.o.Rounds) * time.Second, Rate: rate})
	if err == nil {
		c.aim(fmt.Sprintf("p99 at half load, %.0f /s", m.Rate()), "%.1f ms", milliseconds(m.Percentile(99)), atMost(10))
	}
	return err
}

// sustained measures minutes without a pause, with a turn of the reference before each and after the last.
func (c *comparison) sustained(ctx context.Context, a *app.App, address string, paths []string) error {
	if c.o.Minutes == 0 {
		return nil
	}
	_, at := c.reference()
	waiting, err := journal(ctx, a)
	if err != nil {
		return err
	}
	var references []float64
	var all Measured
	for range c.o.Minutes {
		m, err := c.turn(ctx, at, root...)
		if err != nil {
			return err
		}
		references = append(references, m.Rate())
		if m, err = Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: time.Minute}); err != nil {
			return err
		}
		all.add(m)
	}
	m, err := c.turn(ctx, at, root...)
	if err != nil {
		return err
	}
	left, err := journal(ctx, a)
	if err != nil {
		return err
	}
	c.aim(fmt.Sprintf("sustained for %d minutes", c.o.Minutes), "%.2f", all.Rate()/median(append(references, m.Rate())), atLeast(0.42))
	fmt.Fprintf(c.out, "  %-38s %10.2f of them, p99 %s\n", "expanded meanwhile", 1-float64(left-waiting)/float64(all.Answered), round(all.Percentile(99)))
	return nil
}

// parts compares the door with itself, its storage switched off, and counts what it allocates.
func (c *comparison) parts(ctx context.Context, a *app.App, paths []string) error {
	kept, stopKept, err := serveDoor(a, a.Keeper)
	if err != nil {
		return err
	}
	defer stopKept()
	off, stopOff, err := serveDoor(a, forgets{})
	if err != nil {
		return err
	}
	defer stopOff()
	ours, free := &rival{address: kept, paths: paths}, &rival{address: off, paths: paths}
	if err := c.take(ctx, free, ours); err != nil {
		return err
	}
	c.aim("against itself, storage switched off", "%.2f", ratio(ours.rates, free.rates), atLeast(0.75))
	fmt.Fprintf(c.out, "  %-38s %10s a click, %s without storage, both with the load's\n", "processor, nothing expanded", ours.all.CPUEach().Round(100*time.Nanosecond),
		free.all.CPUEach().Round(100*time.Nanosecond))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := c.turn(ctx, kept, paths...)
	if err != nil {
		return err
	}
	runtime.ReadMemStats(&after)
	fmt.Fprintf(c.out, "  %-38s %10.1f a click, %.0f bytes; resident %s\n", "allocations", float64(after.Mallocs-before.Mallocs)/float64(m.Answered),
		float64(after.TotalAlloc-before.TotalAlloc)/float64(m.Answered), resident())
	return nil
}

// journal is how many touches wait to be expanded.
func journal(ctx context.Context, a *app.App) (int64, error) {
	return db.One(ctx, a.DB.Read(), db.Value[int64], `/* bench.journal */ select cast(coalesce(sum(touches), 0) as bigint) from journal`)
}
