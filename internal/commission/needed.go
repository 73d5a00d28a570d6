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

// Needed are those of a program's touches, by id, that conversions are derived from: the visitor, as it is known today or was
// known before somebody was parted, converted within the time that a conversion looks back, by any of its reports. Without them a
// commission could be neither explained nor verified.
func Needed(ctx context.Context, r db.Reader, prog string, touches []touch.Touch) (map[string]bool, error) {
	whos := make([]string, len(touches))
	for i, t := range touches {
		whos[i] = t.Who
	}
	splits, err := journey.SplitsOf(ctx, r, prog, "")
	if err != nil {
		return nil, err
	}
	ask := journey.People
	if len(splits.All()) > 0 {
		ask = journey.Ever
	}
	people, err := ask(ctx, r, prog, whos)
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
	if err := reportedWindows(ctx, r, prog, keys, windows); err != nil {
		return nil, err
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

// reportedWindows adds those of orders with several reports, under every key by which they may have belonged to a person.
func reportedWindows(ctx context.Context, r db.Reader, prog string, keys []string, windows map[string][]journey.Window) error {
	sales, err := conversion.Reporting(ctx, r, prog, distinct(keys))
	if err != nil {
		return err
	}
	ids := make([]string, len(sales))
	for i, sale := range sales {
		ids[i] = sale.ID
	}
	reports, err := conversion.Reports(ctx, r, ids)
	for _, list := range reports {
		var named []string
		for _, report := range list {
			named = append(named, report.Said.Keys()...)
		}
		for _, key := range distinct(named) {
			for _, report := range list {
				windows[key] = append(windows[key], window(report.Said))
			}
		}
	}
	return err
}
