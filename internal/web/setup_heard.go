package web

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// heard is what has arrived from the shop itself: nothing that we sent for the person.
type heard struct {
	Visit  time.Time // the newest that the tag told; zero when none
	Orders []conversion.Conversion
}

// Shop tells whether anything came from the shop.
func (h heard) Shop() bool { return !h.Visit.IsZero() || len(h.Orders) > 0 }

// How many of the newest visits are looked through, and how many orders are shown.
const (
	heardAmong = 100
	heardMost  = 5
)

// listen reads what the program has heard.
func (v *visit) listen() (h heard, err error) {
	if h.Orders, err = v.ordersHeard(); err == nil {
		h.Visit, err = v.visitHeard()
	}
	return h, err
}

// ordersHeard are the newest orders from the shop.
func (v *visit) ordersHeard() ([]conversion.Conversion, error) {
	return commission.Conversions(v.Context(), v.read(), commission.Wanted{Program: v.program.ID, Limit: heardMost})
}

// visitHeard is when the tag last told of a visit.
func (v *visit) visitHeard() (time.Time, error) {
	touches, err := touch.List(v.Context(), v.read(), touch.Filter{Program: v.program.ID, Limit: heardAmong})
	if err != nil {
		return time.Time{}, err
	}
	for _, t := range touches { // the newest first
		if t.Kind == touch.Direct { // only the tag tells these
			return t.At, nil
		}
	}
	return lastArrival(v.Context(), v.read(), v.program.ID)
}

// lastArrival is when the tag last saw a visitor come by a click, which is no touch of its own but joins two names.
func lastArrival(ctx context.Context, r db.Reader, program string) (time.Time, error) {
	ms, err := db.One(ctx, r, db.Value[int64], `/* web.lastArrival */ select coalesce(max(at), 0) from identity_link
		where program = $1 and (a like 'v:%' or b like 'v:%')`, program)
	if err != nil || ms == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(ms).UTC(), nil
}
