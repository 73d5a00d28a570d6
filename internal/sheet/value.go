package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number makes a plain decimal of a number as people write it, such as 1.234,50 € or 1 234.5: decimal is the mark before the
// decimals, '.' or ','. Where both marks stand, the last one is it. What is no number comes back as it is.
func Number(text string, decimal rune) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == '.', r == ',', r == '-':
			return r
		case r == '−':
			return '-'
		case strings.ContainsRune("\u00a0\u202f '’+", r):
			return -1
		}
		return 'x'
	}, strings.TrimSpace(strings.Trim(strings.TrimSpace(text), "€$£¥")))
	if s == "" || strings.Contains(s, "x") {
		return text
	}
	negative := strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-")
	s = strings.Trim(s, "-")
	mark := byte(decimal)
	if point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','); point >= 0 && comma >= 0 {
		mark = s[max(point, comma)]
	} else if point+comma > -2 && strings.Count(s, ".")+strings.Count(s, ",") == 1 {
		if at := max(point, comma); len(s)-at-1 != 3 { // not the mark of thousands
			mark = s[at]
		}
	}
	whole, decimals := s, ""
	if at := strings.LastIndexByte(s, mark); at >= 0 {
		if strings.Count(s, string(mark)) > 1 {
			if decimals = ""; !grouped(s, mark) {
				return text
			}
		} else {
			whole, decimals = s[:at], s[at+1:]
		}
	}
	for _, other := range []byte{'.', ','} {
		if strings.IndexByte(whole, other) >= 0 && !grouped(whole, other) {
			return text
		}
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	if strings.ContainsAny(decimals, ".,-") || strings.Contains(whole, "-") || whole+decimals == "" {
		return text
	}
	if whole == "" {
		whole = "0"
	}
	if decimals != "" {
		whole += "." + decimals
	}
	if negative {
		whole = "-" + whole
	}
	return whole
}

// grouped holds for digits with a mark before every third: 1.234.567.
func grouped(s string, mark byte) bool {
	parts := strings.Split(s, string(mark))
	for i, part := range parts {
		if i > 0 && len(part) != 3 || i == 0 && (part == "" || len(part) > 3) {
			return false
		}
	}
	return true
}

// DecimalOf finds which mark numbers of a column have before their decimals; zero when none of them tells.
func DecimalOf(cells []string) rune {
	points, commas := 0, 0
	for _, cell := range cells {
		point, comma := strings.LastIndexByte(cell, '.'), strings.LastIndexByte(cell, ',')
		at := max(point, comma)
		switch {
		case at < 0 || point < 0 && strings.Count(cell, ",") > 1 || comma < 0 && strings.Count(cell, ".") > 1:
			continue // whole, or marks of thousands alone
		case point >= 0 && comma >= 0:
		case len(strings.TrimRight(cell, " €$£\u00a0"))-at-1 == 3:
			continue // either way
		}
		if cell[at] == '.' {
			points++
		} else {
			commas++
		}
	}
	switch {
	case commas > points:
		return ','
	case points > 0:
		return '.'
	}
	return 0
}

// Order is in which order the parts of a day stand.
type Order string

// The orders.
const (
	DayFirst   Order = "dmy"
	MonthFirst Order = "mdy"
)

// clocks are the ways in which the time of a day may follow it.
var clocks = []string{"", " 15:04", " 15:04:05", " 15:04:05.999999", "T15:04", "T15:04:05", "T15:04:05.999999", " 3:04 PM", " 3:04:05 PM", ", 15:04", ", 15:04:05", " 15:04 Uhr"}

// days are the ways in which a day may be written, by the order of its parts.
var days = map[Order][]string{
	"":         {"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "2 Jan 2006", "Jan 2, 2006", "January 2, 2006", "2 January 2006"},
	DayFirst:   {"2.1.2006", "2/1/2006", "2-1-2006", "2.1.06", "2/1/06"},
	MonthFirst: {"1/2/2006", "1-2-2006", "1.2.2006", "1/2/06"},
}

// Moment reads a moment as people and machines write it: RFC 3339, a day with or without a time, the serial number of a
// spreadsheet, or seconds or milliseconds since 1970. What says no zone is in the given one.
func Moment(text string, order Order, zone *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05-0700", time.RFC1123Z, time.RFC1123} {
		if strings.HasSuffix(form, "MST") && !strings.HasSuffix(text, "UTC") && !strings.HasSuffix(text, "GMT") {
			continue // other names of zones are read as if they were UTC
		}
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), sensible(t)
		}
	}
	for _, kind := range []Order{"", order} {
		for _, day := range days[kind] {
			for _, clock := range clocks {
				if t, err := time.ParseInLocation(day+clock, text, zone); err == nil {
					return t.UTC(), sensible(t)
				}
			}
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(n):
		return time.Time{}, false
	case n >= 20_000 && n < 80_000: // days since 1899-12-30, by the clock on the wall
		day, part := math.Modf(n)
		wall := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(day)).Add(time.Duration(math.Round(part*86_400)) * time.Second)
		return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone).UTC(), true
	case n >= 9e8 && n < 9e9:
		return time.UnixMilli(int64(n * 1000)).UTC(), true
	case n >= 9e11 && n < 9e12:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Time{}, false
}

func sensible(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 2200 }

// OrderOf finds the order of the parts of a column's days; empty when none of them tells.
func OrderOf(cells []string) Order {
	for _, cell := range cells {
		parts := strings.FieldsFunc(cell, func(r rune) bool { return r < '0' || r > '9' })
		if len(parts) < 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
			continue
		}
		first, _ := strconv.Atoi(parts[0])
		second, _ := strconv.Atoi(parts[1])
		switch {
		case first > 12 && second >= 1 && second <= 12 && first <= 31:
			return DayFirst
		case second > 12 && first >= 1 && first <= 12 && second <= 31:
			return MonthFirst
		}
	}
	return ""
}
