package program

import "github.com/tributary-hq/tributary/internal/problem"

// Keeping is how a program keeps touches: what happens to a visitor whose click cannot be kept, and for how long it keeps
// the others.
type Keeping struct {
	RedirectFirst bool  // a visitor is sent on though the click cannot be kept at this moment
	KeepMonths    int64 // touches that no sale needs go after so many months; 0: never
	PlainDays     int64 // after so many days a touch no longer tells its network and its browser's own words; 0: as long as it is kept
}

// The bounds of a program's keeping. A sale looks back 400 days at most, and nothing it could look at may be gone.
const (
	KeepMonthsLeast = 14
	KeepMonthsMost  = 120
	PlainDaysLeast  = 7
	PlainDaysMost   = 400
)

func (k Keeping) check() (faults []*problem.Problem) {
	if k.KeepMonths != 0 && (k.KeepMonths < KeepMonthsLeast || k.KeepMonths > KeepMonthsMost) {
		faults = append(faults, problem.Invalid("keep_months", "touches are kept for %d to %d months, or with 0 for ever", KeepMonthsLeast, KeepMonthsMost))
	}
	if k.PlainDays != 0 && (k.PlainDays < PlainDaysLeast || k.PlainDays > PlainDaysMost) {
		faults = append(faults, problem.Invalid("plain_days", "networks and browsers are told for %d to %d days, or with 0 as long as the touch is kept", PlainDaysLeast, PlainDaysMost))
	}
	return faults
}
