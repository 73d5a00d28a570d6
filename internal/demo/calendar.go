package demo

import "time"

const (
	days     = 90 // that the fill tells of; the last one is the day of its end
	timezone = "Europe/Berlin"
)

// zone is the brand's time zone, in which its days begin and its shop is busy.
var zone = func() *time.Location {
	z, err := time.LoadLocation(timezone)
	if err != nil {
		return time.UTC
	}
	return z
}()

// midnight is the beginning of the n-th of the days that end with the day of end, from 0.
func midnight(end time.Time, n int) time.Time {
	year, month, day := end.In(zone).Date()
	return time.Date(year, month, day-days+1+n, 0, 0, 0, 0, zone)
}

// founding is when the brand opens its program: some days before the first visitor.
func founding(end time.Time) time.Time { return midnight(end, -6).Add(9 * time.Hour) }

// squeeze moves a moment of the last day into what has gone of it, so that the same day tells the same story at whatever hour
// it is told.
func squeeze(at, end time.Time) time.Time {
	begin, over := midnight(end, days-1), midnight(end, days)
	if at.Before(begin) {
		return at
	}
	gone := float64(end.Sub(begin)) / float64(over.Sub(begin))
	return begin.Add(time.Duration(float64(at.Sub(begin)) * gone))
}

// paysOn is the day of a month on which the brand pays, or the Monday after it.
const paysOn = 25

// paydays are when the brand pays: in the last week of each month. This month's is left to the visitor.
func paydays(end time.Time) []int {
	var list []int
	today := end.In(zone)
	for n := range days {
		day := midnight(end, n)
		first := time.Date(day.Year(), day.Month(), paysOn, 0, 0, 0, 0, zone)
		for first.Weekday() == time.Saturday || first.Weekday() == time.Sunday {
			first = first.AddDate(0, 0, 1)
		}
		if day.Equal(first) && (day.Year() != today.Year() || day.Month() != today.Month()) {
			list = append(list, n)
		}
	}
	return list
}
