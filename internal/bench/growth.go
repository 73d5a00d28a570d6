package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/touch"
)

// GrowthOptions bound a measurement of growth.
type GrowthOptions struct {
	Database string // empty: a new SQLite file in Folder
	Folder   string
	Touches  int
	Most     time.Duration // after which it stops, however many there are
	Days     int           // that the touches take, until now
	Partners int
	Steps    int // figures are told so many times on the way
	Paths    int // journeys that are looked up at each step
	// Retention is the length of each of the turns in which clicks come, with and without old touches being forgotten; 0: none.
	Retention time.Duration
}

// landed is one in how many clicks whose visitor the browser tag sees arrive.
const landed = 10

// lookback is the window of the journeys that are looked up.
const lookback = 90 * 24 * time.Hour

// remembered is a visitor whose journey is looked up later.
type remembered struct {
	key string
	at  time.Time
}

// growth writes touches as they come through the doors, through the journal, and remembers some of their visitors.
type growth struct {
	*grower
	known []remembered // a fair sample of all visitors so far
	seen  int
}

// Growth lets touches pile up in one installation, and tells on the way how fast they are written, how much room each takes,
// and how long a journey takes to look up: all three should stay as they were.
func Growth(ctx context.Context, o GrowthOptions, out io.Writer) error {
	if o.Database == "" {
		dir, err := os.MkdirTemp(o.Folder, "bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Database = filepath.Join(dir, "growth.db")
	}
	a, err := app.Open(ctx, app.Config{Database: o.Database, BaseURL: "http://127.0.0.1", Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return err
	}
	defer a.Close()
	end := a.DB.Now()
	g := &growth{grower: &grower{a: a, o: &Orchard{}, r: rand.New(rand.NewPCG(1, 0x67_72_6f_77))}}
	defer a.DB.SetClock(time.Now)
	begin := end.AddDate(0, 0, -o.Days)
	g.to(begin.AddDate(0, 0, -1))
	if err := g.o.found(ctx, a, o.Partners, g.r); err != nil {
		return fmt.Errorf("found the orchard: %w", err)
	}
	empty, err := a.DB.Size(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s; touches of %d days, one click in %d seen to land; journeys of %d days, %d at each step\n\n", a.DB.Engine, o.Days, landed, int(lookback.Hours()/24), o.Paths)
	fmt.Fprintf(out, "%12s %10s %12s %12s %12s %12s\n", "touches", "written/s", "cpu each", "bytes each", "path p50", "path p99")
	began, all := time.Now(), 0
	for step := range o.Steps {
		from, to := all, o.Touches*(step+1)/o.Steps
		stepBegan, worked := time.Now(), cpuTime()
		for all < to && time.Since(began) < o.Most {
			n := min(perRow, to-all)
			if err := g.row(ctx, begin, end, all, n, o.Touches); err != nil {
				return err
			}
			all += n
		}
		if all == from {
			break
		}
		rate, each := float64(all-from)/time.Since(stepBegan).Seconds(), (cpuTime()-worked)/time.Duration(all-from)
		size, err := a.DB.Size(ctx)
		if err != nil {
			return err
		}
		paths, err := g.paths(ctx, o.Paths)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%12d %10.0f %12s %12d %12s %12s\n", all, rate, each.Round(100*time.Nanosecond), (size-empty)/int64(all), paths.Percentile(50).Round(time.Microsecond), paths.Percentile(99).Round(time.Microsecond))
	}
	fmt.Fprintf(out, "\n%d touches in %s, %s\n", all, time.Since(began).Round(time.Second), resident())
	if o.Retention > 0 {
		return g.forget(ctx, o.Retention, out)
	}
	return nil
}

// row writes one row of the journal and expands it. The n-th of all touches is at its share of the time.
func (g *growth) row(ctx context.Context, begin, end time.Time, first, count, all int) error {
	var touches []touch.Touch
	for n := range count {
		at := begin.Add(time.Duration(float64(end.Sub(begin)) * float64(first+n) / float64(all))).Truncate(time.Millisecond)
		t := g.visit(at)
		touches = append(touches, t)
		g.remember(remembered{t.Who, at})
		if t.Kind == touch.Click && t.Mark == touch.Counts && g.r.IntN(landed) == 0 {
			touches = append(touches, touch.Touch{ID: "l" + fmt.Sprintf("%016x", g.r.Uint64()), Program: t.Program, Kind: touch.Landing, Click: t.ID, At: at.Add(time.Second),
				Who: touch.WhoVisitor(fmt.Sprintf("v%09d", g.r.IntN(1e9)))})
		}
	}
	g.to(touches[len(touches)-1].At.Add(time.Second))
	if err := g.a.DB.Write(ctx, func(tx *db.Tx) error { return touch.KeepAll(ctx, tx, touches) }); err != nil {
		return err
	}
	_, err := touch.Expand(ctx, g.a.DB, perRow, g.a.Met)
	return err
}

// knownMost is how many visitors are remembered.
const knownMost = 20_000

// remember keeps each visitor so far with the same chance.
func (g *growth) remember(v remembered) {
	g.seen++
	if len(g.known) < knownMost {
		g.known = append(g.known, v)
	} else if i := g.r.IntN(g.seen); i < knownMost {
		g.known[i] = v
	}
}

// paths looks up journeys one by one, as sales do.
func (g *growth) paths(ctx context.Context, count int) (Measured, error) {
	var m Measured
	known := slices.Clone(g.known)
	g.r.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	for _, v := range known[:min(count, len(known))] {
		began := time.Now()
		paths, err := journey.Paths(ctx, g.a.DB.Read(), g.o.Program.ID, []journey.Window{{Key: v.key, From: v.at.Add(-lookback), To: v.at}}, nil)
		if err != nil {
			return m, err
		}
		if len(paths[0].Touches) == 0 {
			return m, fmt.Errorf("the journey of %s has no touch", v.key)
		}
		m.waits = append(m.waits, time.Since(began))
	}
	return m, nil
}
