package job

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Schedule adds a job of a kind again and again, once for each slot however many nodes there are. A node that comes late
// adds the slot that is under way, not those missed before it. The job's payload is the beginning of its slot.
type Schedule struct {
	Kind   Kind
	Every  time.Duration // at most KeepDone
	Offset time.Duration // from the slot's round beginning, UTC: a day's from midnight, a week's from Monday
}

// slot is the beginning of the slot that is under way at a moment.
func (s Schedule) slot(at time.Time) time.Time {
	return at.Add(-s.Offset).Truncate(s.Every).Add(s.Offset)
}

func (s Schedule) job(slot time.Time) Job {
	return Job{Kind: s.Kind, Key: string(s.Kind) + "@" + slot.Format(time.RFC3339Nano), Payload: slot, RunAt: slot}
}

const sweepEvery = time.Hour

// upkeep adds the slots that have begun and sweeps now and then. What this runner has done before it remembers, so that a
// runner with nothing to do writes nothing.
func (r *Runner) upkeep(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.db.Now()
	var jobs []Job
	begun := make([]time.Time, len(r.schedules))
	for i, s := range r.schedules {
		begun[i] = s.slot(now)
		if !begun[i].Equal(r.begun[i]) {
			jobs = append(jobs, s.job(begun[i]))
		}
	}
	sweep := now.Sub(r.swept).Abs() >= sweepEvery
	if len(jobs) == 0 && !sweep {
		return nil
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		if sweep {
			if _, err := Sweep(ctx, tx, tx.Now.Add(-KeepDone)); err != nil {
				return err
			}
		}
		return Add(ctx, tx, jobs...)
	})
	if err != nil {
		return err
	}
	r.begun = begun
	if sweep {
		r.swept = now
	}
	return nil
}
