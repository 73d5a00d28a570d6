package track

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// patience is how long a visitor waits for the touch to be durable when the program would rather lose it than the visitor.
const patience = 250 * time.Millisecond

// keep returns once a touch is durable, and counts it for its program when it cannot be kept. Of a program that sends
// visitors on first it never fails: the touch may still be on its way then, and is counted as dropped once that has failed.
func (d *Door) keep(ctx context.Context, p *program.Program, t touch.Touch) error {
	if p.RedirectFirst {
		d.keepMeanwhile(p.ID, t)
		return nil
	}
	err := d.keeper.Keep(ctx, t)
	if err != nil && ctx.Err() == nil {
		d.losses.Add(p.ID, touch.TurnedAway, t.At, err)
	}
	return err
}

func (d *Door) keepMeanwhile(prog string, t touch.Touch) {
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		if err := d.keeper.Keep(context.Background(), t); err != nil {
			d.losses.Add(prog, touch.Dropped, t.At, err)
		}
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-kept:
	case <-late.C:
	}
}
