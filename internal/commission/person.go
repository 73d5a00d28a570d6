package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// regrouped is what became of persons: those who are others now, and the conversions that belong to another key than before, as
// they belonged and as they do. Such a conversion may have come from one person to another of whom nothing else has changed.
type regrouped struct {
	grown         []journey.Grown
	before, moved []conversion.Conversion
}

// people makes persons of groups of keys. A key that turns out to be of more people than one has is taken to be shared from then
// on: a till's address on six hundred orders neither makes one person of six hundred nor one that is ever slower to look at.
func people(ctx context.Context, tx *db.Tx, prog string, turn int64, splits *journey.Splits, groups [][]string) (regrouped, *journey.Splits, error) {
	var all regrouped
	grown, err := journey.Join(ctx, tx, prog, splits, groups)
	if err != nil {
		return all, splits, err
	}
	for _, g := range grown {
		if len(g.All) <= journey.Suspicious {
			all.grown = append(all.grown, g)
			continue
		}
		bonds, err := journey.Bonds(ctx, tx, prog, g.All, false)
		if err != nil {
			return all, splits, err
		}
		shared := journey.Overused(bonds, splits)
		if len(shared) == 0 {
			all.grown = append(all.grown, g)
			continue
		}
		s, err := journey.Say(ctx, tx, journey.Split{Program: prog, Kind: journey.Shared, A: shared, Turn: turn})
		if err != nil {
			return all, splits, err
		}
		splits = splits.With(s)
		// Where people were parted, a conversion can tie keys of one of them and belong to the other.
		parted, err := group(ctx, tx, prog, splits, g.All, shared, splits.Parted())
		if err != nil {
			return all, splits, err
		}
		all.grown, all.before, all.moved = append(all.grown, parted.grown...), append(all.before, parted.before...), append(all.moved, parted.moved...)
	}
	return all, splits, nil
}

// group makes persons anew after something was said of keys, and has conversions belong to whom they belong now.
func group(ctx context.Context, tx *db.Tx, prog string, splits *journey.Splits, keys, named []string, far bool) (regrouped, error) {
	var out regrouped
	var sales []conversion.Conversion
	var err error
	if far {
		sales, err = conversion.Naming(ctx, tx, prog, named)
	} else {
		sales, err = conversion.By(ctx, tx, prog, named, moment(0))
	}
	if err != nil {
		return out, err
	}
	out.moved, err = conversion.Anchor(ctx, tx, sales, func(keys []string) string { return splits.Anchor(keys, program.Always) })
	if err != nil {
		return out, err
	}
	for _, c := range sales {
		if has(out.moved, c.ID) {
			out.before = append(out.before, c)
		}
	}
	out.grown, err = journey.Group(ctx, tx, prog, splits, keys, far)
	return out, err
}

// besides are the conversions that must be derived again when some come to a person, or stand differently: those themselves, those of
// the persons whom they come to and leave that wait for such, and the other orders of whoever they leave, where one binds the next.
func besides(ctx context.Context, r db.Reader, p atTurn, before, came []conversion.Conversion) ([]string, error) {
	if len(came) == 0 {
		return nil, nil
	}
	ids, err := waitingFor(ctx, r, p, slices.Concat(before, came))
	if err != nil {
		return nil, err
	}
	for _, c := range came {
		ids = append(ids, c.ID)
	}
	former, err := left(ctx, r, p, before)
	return append(ids, former...), err
}

// anchored has new conversions belong to the strongest of their keys that is not of many.
func anchored(sales []conversion.Conversion, splits *journey.Splits) {
	for i := range sales {
		sales[i].Who = splits.Anchor(sales[i].Keys(), program.Always)
	}
}

// anchorAll is anchored for conversions of several programs.
func anchorAll(ctx context.Context, r db.Reader, programs turns, sales []conversion.Conversion) error {
	for i, c := range sales {
		p := programs[c.Program]
		splits, err := journey.SplitsOf(ctx, r, p.ID, p.agreed)
		if err != nil {
			return err
		}
		anchored(sales[i:i+1], splits)
	}
	return nil
}

// Separated is what came of a word about keys.
type Separated struct {
	Split journey.Split
	Rejudged
}

// Separate keeps that keys are different people, or that one is of many, or takes such a word back; and derives again every
// conversion of those whom it concerns. Shares that are final stay.
func Separate(ctx context.Context, tx *db.Tx, keys touch.Keys, s journey.Split) (Separated, error) {
	p, err := hold(ctx, tx, s.Program)
	if err != nil {
		return Separated{}, err
	}
	s.Turn = p.turn
	splits, err := journey.SplitsOf(ctx, tx, p.ID, p.agreed)
	if err != nil {
		return Separated{}, err
	}
	if s, err = journey.Say(ctx, tx, s); err != nil {
		return Separated{}, err
	}
	named := append(slices.Clone(s.A), s.B...)
	p.agreed = "" // the split has changed the word
	changed, err := group(ctx, tx, p.ID, splits.With(s), named, named, true)
	if err != nil {
		return Separated{}, err
	}
	ids, err := besides(ctx, tx, p, changed.before, changed.moved)
	if err != nil {
		return Separated{}, err
	}
	all := named
	for _, g := range changed.grown {
		all = append(all, g.All...)
	}
	sales, err := conversion.By(ctx, tx, p.ID, slices.Compact(slices.Sorted(slices.Values(all))), moment(0))
	if err != nil {
		return Separated{}, err
	}
	var moments []program.Moment
	for _, c := range sales {
		ids = append(ids, c.ID)
		moments = append(moments, program.Moment{Program: p.ID, At: c.At, Turn: p.turn})
	}
	if err := program.MarkDays(ctx, tx, program.Orders, moments); err != nil {
		return Separated{}, err
	}
	out := Separated{Split: s}
	return out, out.rederive(ctx, tx, keys, p, distinct(ids))
}
