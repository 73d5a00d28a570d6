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

// people makes persons of groups of keys. A key that turns out to be of more people than one has is taken to be shared from then
// on: a till's address on six hundred orders neither makes one person of six hundred nor one that is ever slower to look at.
func people(ctx context.Context, tx *db.Tx, prog string, turn int64, splits *journey.Splits, groups [][]string) ([]journey.Grown, *journey.Splits, error) {
	grown, err := journey.Join(ctx, tx, prog, splits, groups)
	if err != nil {
		return nil, splits, err
	}
	var kept []journey.Grown
	for _, g := range grown {
		if len(g.All) <= journey.Suspicious {
			kept = append(kept, g)
			continue
		}
		bonds, err := journey.Bonds(ctx, tx, prog, g.All, false)
		if err != nil {
			return nil, splits, err
		}
		shared := journey.Overused(bonds, splits)
		if len(shared) == 0 {
			kept = append(kept, g)
			continue
		}
		s, err := journey.Say(ctx, tx, journey.Split{Program: prog, Kind: journey.Shared, A: shared, Turn: turn})
		if err != nil {
			return nil, splits, err
		}
		splits = splits.With(s)
		// Where people were parted, a conversion can tie keys of one of them and belong to the other.
		parted, err := group(ctx, tx, prog, splits, g.All, shared, splits.Parted())
		if err != nil {
			return nil, splits, err
		}
		kept = append(kept, parted...)
	}
	return kept, splits, nil
}

// group makes persons anew after something was said of keys, and has conversions belong to whom they belong now.
func group(ctx context.Context, tx *db.Tx, prog string, splits *journey.Splits, keys, named []string, far bool) ([]journey.Grown, error) {
	var sales []conversion.Conversion
	var err error
	if far {
		sales, err = conversion.Naming(ctx, tx, prog, named)
	} else {
		sales, err = conversion.By(ctx, tx, prog, named, moment(0))
	}
	if err != nil {
		return nil, err
	}
	if err := conversion.Anchor(ctx, tx, sales, func(keys []string) string { return splits.Anchor(keys, program.Always) }); err != nil {
		return nil, err
	}
	return journey.Group(ctx, tx, prog, splits, keys, far)
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
	changed, err := group(ctx, tx, p.ID, splits.With(s), named, named, true)
	if err != nil {
		return Separated{}, err
	}
	all := named
	for _, g := range changed {
		all = append(all, g.All...)
	}
	sales, err := conversion.By(ctx, tx, p.ID, slices.Compact(slices.Sorted(slices.Values(all))), moment(0))
	if err != nil {
		return Separated{}, err
	}
	var moments []program.Moment
	ids := make([]string, len(sales))
	for i, c := range sales {
		ids[i] = c.ID
		moments = append(moments, program.Moment{Program: p.ID, At: c.At, Turn: p.turn})
	}
	if err := program.MarkDays(ctx, tx, program.Orders, moments); err != nil {
		return Separated{}, err
	}
	slices.Sort(ids)
	out := Separated{Split: s}
	p.agreed = "" // the split has changed the word
	return out, out.rederive(ctx, tx, keys, p, slices.Compact(ids))
}
