package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the one clock of a database that is being filled. It stands still until the fill moves it, and never runs past
// its end by more than the fill itself takes.
type Clock struct {
	end time.Time
	now atomic.Int64 // milliseconds
}

// NewClock makes a clock that will be walked to end, and stands where the brand is founded.
func NewClock(end time.Time) *Clock {
	c := &Clock{end: end.UTC().Truncate(time.Millisecond)}
	c.now.Store(founding(c.end).UnixMilli())
	return c
}

// Now is the moment at which the clock stands.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.now.Load()).UTC() }

// to moves the clock on to a moment, and always a little: no two things happen at once.
func (c *Clock) to(at time.Time) { c.now.Store(max(at.UnixMilli(), c.now.Load()+1)) }

// pass lets some time pass.
func (c *Clock) pass(d time.Duration) { c.to(c.Now().Add(d)) }
