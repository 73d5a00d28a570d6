package steer

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/evidence"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Outcome is what came of a variant.
type Outcome struct {
	Variant
	evidence.Arm
	Revenue int64            // minor units: what refunds have left of the conversions
	Against evidence.Verdict // compared with the first variant; nothing for the first itself
	Days    []evidence.Arm   // of each day, by the day of the click
}

// alpha is how often a test may call something real that is not.
const alpha = 0.05

// Plan is what a test was made to find. With several variants each comparison must be surer, so that all together err no more
// often than one would (Bonferroni).
func (s Split) Plan() evidence.Plan {
	return evidence.Plan{Alpha: alpha / float64(max(1, len(s.Variants)-1)), Rate: float64(s.Rate) / 10_000, Lift: float64(s.Lift) / 100}
}

// Outcomes are what came of each variant of a test. A click converts when at least one conversion that was not taken back is
// counted at it; so a variant has at most as many as it has clicks, which the arithmetic needs. A sale that several partners
// brought is counted once, at the earliest of the clicks of this test.
func (s Split) Outcomes(ctx context.Context, r db.Reader, now time.Time, zone *time.Location) ([]Outcome, []time.Time, error) {
	end := now
	if !s.Ended.IsZero() {
		end = s.Ended
	}
	end = end.Add(time.Millisecond)
	sent := touch.Cut{Program: s.Program, Sent: s.ID}
	year, month, day := s.Created.In(zone).Date()
	var days []time.Time
	for n := 0; ; n++ {
		midnight := time.Date(year, month, day+n, 0, 0, 0, 0, zone)
		if !midnight.Before(end) {
			break
		}
		days = append(days, midnight)
	}
	list, place := make([]Outcome, len(s.Variants)), map[string]int{}
	for i, v := range s.Variants {
		list[i], place[v.Key] = Outcome{Variant: v, Days: make([]evidence.Arm, len(days))}, i
	}
	for n, midnight := range days {
		sent.From, sent.To = midnight, midnight.AddDate(0, 0, 1)
		clicks, err := touch.Grouped(ctx, r, sent, "variant")
		if err != nil {
			return nil, nil, err
		}
		for key, count := range clicks {
			if i, ok := place[key]; ok {
				list[i].Clicks += count
				list[i].Days[n].Clicks += count
			}
		}
	}
	shares, err := commission.Shares(ctx, r, commission.Filter{Program: s.Program, From: s.Created, To: now.Add(time.Minute)})
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, share := range shares {
		if share.Counts && share.Step.Kind == touch.Click && share.Commission.State != commission.Reversed {
			ids = append(ids, share.Step.Touch)
		}
	}
	touches, err := touch.Named(ctx, r, ids)
	if err != nil {
		return nil, nil, err
	}
	first := map[string]touch.Touch{} // by conversion
	for _, share := range shares {
		t := touches[share.Step.Touch]
		if !share.Counts || share.Commission.State == commission.Reversed || t.Sent != s.ID || t.Mark != touch.Counts {
			continue
		}
		if known, ok := first[share.Commission.Conversion]; !ok || t.At.Before(known.At) {
			first[share.Commission.Conversion] = t
		}
	}
	sales := make([]string, 0, len(first))
	for sale := range first {
		sales = append(sales, sale)
	}
	nets, err := commission.Nets(ctx, r, sales)
	if err != nil {
		return nil, nil, err
	}
	converted := map[string]bool{} // by touch
	for sale, t := range first {
		i, ok := place[t.Variant]
		if !ok {
			continue
		}
		if list[i].Revenue += nets[sale]; converted[t.ID] {
			continue
		}
		converted[t.ID] = true
		list[i].Conversions++
		for n := len(days) - 1; n >= 0; n-- {
			if !t.At.Before(days[n]) {
				list[i].Days[n].Conversions++
				break
			}
		}
	}
	plan := s.Plan()
	for i := range list[1:] {
		list[i+1].Against = plan.Compare(list[0].Arm, list[i+1].Arm)
	}
	return list, days, nil
}

// PerThousand is the revenue of a thousand clicks, in minor units.
func (o Outcome) PerThousand() int64 {
	if o.Clicks == 0 {
		return 0
	}
	return (o.Revenue*1000 + o.Clicks/2) / o.Clicks
}

// Best is the place of the variant that may be declared the winner: it is really better than the first one, and no other that
// is so has a higher rate. It is the first one when all others are really worse. ok is false while there is none.
func Best(list []Outcome) (best int, ok bool) {
	worse := 0
	for i, o := range list[1:] {
		switch {
		case !o.Against.Real:
		case o.Against.Difference < 0:
			worse++
		case !ok || o.Rate() > list[best].Rate():
			best, ok = i+1, true
		}
	}
	if !ok && worse == len(list)-1 {
		return 0, true
	}
	return best, ok
}
