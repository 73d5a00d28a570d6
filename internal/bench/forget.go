package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/retention"
)

// forgetRounds is how many turns there are of each.
const forgetRounds = 4

// forget compares how long clicks take while old touches are forgotten with clicks alone, turn by turn, at a load that leaves
// the machine room.
func (g *growth) forget(ctx context.Context, turn time.Duration, out io.Writer) error {
	g.a.DB.SetClock(time.Now)
	if err := g.a.Links.Refresh(ctx); err != nil {
		return err
	}
	address, stop, err := serve(ctx, g.a)
	if err != nil {
		return err
	}
	p := g.o.Program
	p.Keeping = program.Keeping{KeepMonths: program.KeepMonthsLeast}
	load := Load{Address: address, Paths: []string{"/c/" + g.o.Link.Code}, Connections: 8, During: turn}
	var alone, beside Measured
	forgotten, took := 0, time.Duration(0)
	for range forgetRounds {
		m, err := Drive(ctx, load)
		if err != nil {
			return err
		}
		alone.add(m)
		during, cancel := context.WithTimeout(ctx, turn)
		began, ended := time.Now(), make(chan error, 1)
		go func() {
			done, err := retention.Run(during, g.a.DB, p)
			forgotten += done.Forgotten
			took += time.Since(began)
			ended <- err
		}()
		if m, err = Drive(ctx, load); err != nil {
			cancel()
			return err
		}
		beside.add(m)
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	fmt.Fprintf(out, "clicks alone            %8.0f /s, p50 %s, p99 %s\n", alone.Rate(), round(alone.Percentile(50)), round(alone.Percentile(99)))
	fmt.Fprintf(out, "while forgetting        %8.0f /s, p50 %s, p99 %s; %.0f touches forgotten a second\n", beside.Rate(), round(beside.Percentile(50)), round(beside.Percentile(99)),
		float64(forgotten)/took.Seconds())
	return stop()
}
