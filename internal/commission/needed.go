package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Needed are those of a program's touches, by id, that conversions are derived from: the visitor, as it is known today,
// converted within the time that a conversion looks back. Without them a commission could be neither explained nor verified.
func Needed(ctx context.Context, r db.Reader, prog string, touches []touch.Touch) (map[string]bool, error) {
	whos := make([]string, len(touches))
	for i, t := range touches {
		whos[i] = t.Who
	}
	people, err := journey.People(ctx, r, prog, whos)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, all := range people {
		keys = append(keys, all...)
	}
	sales, err := conversion.By(ctx, r, prog, slices.Compact(slices.Sorted(slices.Values(keys))), time.UnixMilli(0))
	if err != nil {
		return nil, err
	}
	windows := map[string][]journey.Window{}
	for _, sale := range sales {
		w := window(sale)
		windows[w.Key] = append(windows[w.Key], w)
	}
	needed := map[string]bool{}
	for _, t := range touches {
		for _, key := range people[t.Who] {
			for _, w := range windows[key] {
				if !t.At.Before(w.From) && !t.At.After(w.To) {
					needed[t.ID] = true
				}
			}
		}
	}
	return needed, nil
}
