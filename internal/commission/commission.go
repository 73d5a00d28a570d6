// Package commission is what is owed for conversions, from pending to paid. Everything in it is derived from facts that
// other packages keep, and can be derived again; only manual decisions are facts of its own.
package commission

import (
	"time"

	"github.com/tributary-hq/tributary/internal/money"
)

// State is where a commission stands.
type State string

// The states. A commission whose amount has become nothing is reversed, whatever was paid before: what was paid too much is
// then open, and the partner's next payout nets it off.
const (
	Pending  State = "pending"   // can still change
	Held     State = "held"      // can still change, and does not lock by itself: a person has stopped it
	Payable  State = "payable"   // locked, waits for a payout
	InPayout State = "in_payout" // in a batch that has not been settled
	Paid     State = "paid"
	Reversed State = "reversed"
)

// Commission is what one partnership has earned with one conversion.
type Commission struct {
	ID          string
	Conversion  string
	Program     string
	Partnership string
	At          time.Time    // of the conversion
	Amount      money.Amount // as of now
	Settled     int64        // minor units that payouts, paid or under way, have taken
	State       State
	Matures     time.Time // the locking day; Never while it is held, and for what was credited elsewhere
	Matured     time.Time // when it was locked; zero before
	Seq         int64     // postings so far
	Reason      string    // why it is reversed or held
	Created     time.Time
	Updated     time.Time
}

// Never is the locking day of a commission that is held, and of one that is no part of its conversion any more: it must not
// make the shares of the others final.
var Never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Open is what a payout would move now; it is negative when more was paid than is owed.
func (c Commission) Open() int64 {
	if c.Matured.IsZero() {
		return 0
	}
	return c.Amount.Minor - c.Settled
}

// stateOf is the state of a commission that changed outside a payout.
func (c Commission) stateOf() State {
	switch {
	case c.Amount.Minor == 0:
		return Reversed
	case c.Matured.IsZero() && c.Matures.Equal(Never):
		return Held
	case c.Matured.IsZero():
		return Pending
	case c.Amount.Minor != c.Settled:
		return Payable
	case c.State == InPayout:
		return InPayout
	default:
		return Paid
	}
}
