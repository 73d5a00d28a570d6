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
	stopBare    func() error
	stopNginx   func() time.Duration

	alone     float64  // clicks on one link, against the reference
	reference Measured // all turns of the reference
	measured  []named  // what was compared with it
}

// named is a server under full load.
type named struct {
	name string
	each time.Duration // of this process for an answer, the load's share included
}

// begin starts the references.
func begin(ctx context.Context, o Options, out io.Writer) (*comparison, error) {
	c := &comparison{o: o, out: out}
	var err error
	if c.bare, c.stopBare, err = serveBare(); err != nil {
		return nil, err
	}
	if c.nginx, c.stopNginx, err = serveNginx(ctx, o.Folder); err != nil {
		c.stopBare()
	}
	return c, err
}

// end stops the references. Then it is known what nginx has cost, and the ratios can be said once more by time on the
// processors, which tells more than the clock while others use the machine too.
func (c *comparison) end() {
	c.stopBare()
	cost := c.stopNginx()
	if c.nginx == "" || c.reference.Answered == 0 {
		return
	}
	nginx := c.reference.CPUEach() + cost/time.Duration(c.reference.Answered)
	fmt.Fprintf(c.out, "\nby time on the processors, with the load's %s and without a database server's:\n  %-38s %10s\n",
		c.reference.CPUEach().Round(100*time.Nanosecond), "nginx bare", nginx.Round(100*time.Nanosecond))
	for _, m := range c.measured {
		fmt.Fprintf(c.out, "  %-38s %10s %8.2f\n", m.name, m.each.Round(100*time.Nanosecond), float64(nginx)/float64(m.each))
	}
}

// yardstick is what clicks are compared with: nginx, or net/http where that is not installed.
func (c *comparison) yardstick() (name, address string) {
	if c.nginx != "" {
		return "nginx bare", c.nginx
	}
	return "net/http bare (nginx is not installed)", c.bare
}

// turn drives one server at full load for a turn.
func (c *comparison) turn(ctx context.Context, address string, paths ...string) (Measured, error) {
	return Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: c.o.Turn})
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
	_, at := c.yardstick()
	reference, bare, ours = &rival{address: at, paths: root}, &rival{address: c.bare, paths: root}, &rival{address: address, paths: paths}
	err = c.take(ctx, reference, bare, ours)
	c.reference.add(reference.all)
	return reference, bare, ours, err
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
	name, _ := c.yardstick()
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
	c.measured = append(c.measured, named{"net/http bare", bare.all.CPUEach()}, named{"durable clicks", ours.all.CPUEach()})
	if err := stop(); err != nil {
		return err
	}
	return c.parts(ctx, a, path)
}

// half measures how long visitors wait when the server has half as much to do as it can.
func (c *comparison) half(ctx context.Context, address string, paths []string, rate float64) error {
	m, err := Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: c.o.Turn * time.Duration(c.o.Rounds), Rate: rate})
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
	_, at := c.yardstick()
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
		c.reference.add(m)
		if m, err = Drive(ctx, Load{Address: address, Paths: paths, Connections: c.o.Connections, During: time.Minute}); err != nil {
			return err
		}
		all.add(m)
	}
	m, err := c.turn(ctx, at, root...)
	if err != nil {
		return err
	}
	c.reference.add(m)
	c.measured = append(c.measured, named{"clicks for minutes", all.CPUEach()})
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
	c.measured = append(c.measured, named{"durable clicks, none expanded", ours.all.CPUEach()}, named{"clicks, storage switched off", free.all.CPUEach()})
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
