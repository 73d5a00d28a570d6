package commission

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/touch"
)

// What a landing must be to join its visitor with the click. Click ids stand in addresses, and anybody can pass one on or
// land with it again and again.
const (
	arrivesWithin = 10 * time.Minute // after the click; who comes later was sent the address by somebody else
	personMost    = 500              // keys; who has more is a machine, and its touches stay by themselves
)

// arrivals are the links that landings make between visitors and clicks. A click belongs to one visitor, the first whose
// landing became known: a second one with the same address is somebody else. A viewer is a browser, whatever visitors it was.
func arrivals(ctx context.Context, r db.Reader, keys touch.Keys, prog string, landings []touch.Touch) ([]journey.Link, error) {
	landings = slices.DeleteFunc(landings, func(t touch.Touch) bool {
		if touch.IsViewer(t.Click) {
			return false
		}
		claim, err := keys.Parse(t.Click)
		return err != nil || t.At.Sub(claim.At) > arrivesWithin
	})
	if len(landings) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(landings, func(a, b touch.Touch) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Who, b.Who)
	})
	clicks, visitors := make([]string, len(landings)), make([]string, len(landings))
	for i, t := range landings {
		clicks[i], visitors[i] = t.Click, t.Who
		if !touch.IsViewer(t.Click) {
			clicks[i] = touch.WhoClick(t.Click)
		}
	}
	owners, err := journey.Landed(ctx, r, prog, clicks)
	if err != nil {
		return nil, err
	}
	sizes, err := journey.Sizes(ctx, r, prog, visitors)
	if err != nil {
		return nil, err
	}
	var links []journey.Link
	for i, t := range landings {
		if owners[clicks[i]] == t.Who || owners[clicks[i]] != "" && !touch.IsViewer(clicks[i]) || sizes[t.Who] >= personMost {
			continue
		}
		owners[clicks[i]] = t.Who
		sizes[t.Who]++
		links = append(links, journey.Link{A: t.Who, B: clicks[i], At: t.At, Turn: t.Turn})
	}
	return links, nil
}
