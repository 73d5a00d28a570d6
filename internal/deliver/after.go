package deliver

import (
	"math/rand/v2"
	"time"
)

// Waits are between an attempt that failed and the next. After the last one a delivery is given up.
var Waits = []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// FailingMost is how long every attempt at a target may fail before it is paused.
const FailingMost = 5 * 24 * time.Hour

// rests are how long a target that gave no answer is left alone, by how often in a row.
var rests = []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute}

// after is how a delivery and its target stand once an attempt is over. chance, from 0 to 1, spreads the attempts of many
// deliveries that failed together: up to a fifth is added to each wait.
func after(t Target, d Delivery, a Attempt, now time.Time, chance float64) (Target, Delivery) {
	later := func(w time.Duration) time.Time {
		return now.Add(w + time.Duration(float64(w)*chance/5)).Truncate(time.Millisecond)
	}
	d.Attempts, d.Tries = a.Number, d.Tries+1
	if a.Fault == NoFault {
		d.State, d.Finished = Delivered, now
		t.Failing, t.Misses, t.Rests = time.Time{}, 0, time.Time{}
		return t, d
	}
	switch n := d.Tries - 1; {
	case n < int64(len(Waits)):
		d.Due = later(Waits[n])
	default:
		d.State, d.Finished = Failed, now
	}
	if t.Failing.IsZero() {
		t.Failing = now
	}
	t.Misses++
	if a.Status != 0 {
		t.Misses = 0
	}
	switch {
	case a.After > 0:
		t.Rests = later(a.After)
	case t.Misses > 0:
		t.Rests = later(rests[min(t.Misses, int64(len(rests)))-1])
	}
	if t.Paused.IsZero() && now.Sub(t.Failing) >= FailingMost {
		t.Paused, t.PausedBy = now, ByFailing
	}
	return t, d
}

func chance() float64 { return rand.Float64() }
