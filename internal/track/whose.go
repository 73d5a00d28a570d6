package track

import (
	"context"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/program"
)

// whose is the program that somebody comes to: the one whose page it is, or its twin when they come by a test click or name
// its link. clicked tells whether the click id is of a link of that program.
func (d *Door) whose(ctx context.Context, prog *program.Program, a Arrival) (in *program.Program, clicked bool, err error) {
	if claim, err := d.keys.Parse(a.Click); err == nil {
		links, err := creative.ByNumber(ctx, d.db.Read(), []int64{claim.Link})
		if err != nil {
			return prog, false, err
		}
		switch of := links[claim.Link].Program; of {
		case prog.ID:
			return prog, true, nil
		case program.TestID(prog.ID):
			twin, err := d.links.Program(ctx, of)
			return twin, err == nil, err
		}
	}
	if a.Ref == "" {
		return prog, false, nil
	}
	place, found, err := d.links.Find(ctx, a.Ref)
	if err == nil && found && place.Program.TestOf == prog.ID {
		prog = place.Program
	}
	return prog, false, err
}
