package lang

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	iso "github.com/bojanz/currency"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/tributary-hq/tributary/internal/money"
)

// style is how a language writes what is not words.
type style struct {
	locale string // for money
	date   func(t time.Time) string
	day    func(t time.Time) string // without the year
}

var (
	english = style{locale: "en",
		date: func(t time.Time) string { return t.Format("2 Jan 2006") },
		day:  func(t time.Time) string { return t.Format("2 Jan") }}
	chinese = style{locale: "zh",
		date: func(t time.Time) string { return t.Format("2006年1月2日") },
		day:  func(t time.Time) string { return t.Format("1月2日") }}
	french = style{locale: "fr",
		date: func(t time.Time) string { return frenchDay(t) + " " + strconv.Itoa(t.Year()) },
		day:  frenchDay}
)

var frenchMonths = [...]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}

func frenchDay(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if day == "1" {
		day = "1er"
	}
	return day + " " + frenchMonths[t.Month()-1]
}

// Date is the day of a moment in its own time zone: 3 May 2026.
func (l *Language) Date(t time.Time) string { return l.style.date(t) }

// Day is a date of the present year: 3 May.
func (l *Language) Day(t time.Time) string { return l.style.day(t) }

// Clock is the time of day: 14:05.
func (l *Language) Clock(t time.Time) string { return t.Format("15:04") }

// Moment is the date and the time of day.
func (l *Language) Moment(t time.Time) string { return l.Date(t) + " " + l.Clock(t) }

// Number writes a whole number with its thousands marked.
func (l *Language) Number(n int64) string { return l.print(number.Decimal(n)) }

// print writes a number; thousands in French are parted by the narrow space, as they are in amounts.
func (l *Language) print(v any) string {
	return strings.ReplaceAll(message.NewPrinter(l.tag).Sprint(v), "\u00a0", "\u202f")
}

// Percent writes tenths of a percent: 125 is 12.5%.
func (l *Language) Percent(tenths int64) string {
	return l.print(number.Percent(float64(tenths)/1000, number.MaxFractionDigits(1)))
}

// Rate writes a share with all its decimals.
func (l *Language) Rate(r money.Rate) string {
	return l.print(number.Percent(float64(r)/float64(money.Whole), number.MaxFractionDigits(4)))
}

// Money writes an amount with all decimals of its currency.
func (l *Language) Money(a money.Amount) string {
	return l.money(a.Minor, a.Currency, iso.DefaultDigits)
}

// Round writes an amount without decimals when they are zeros: €50, €49.90.
func (l *Language) Round(a money.Amount) string {
	if unit := pow10(a.Currency.Scale()); a.Minor%unit == 0 {
		return l.money(a.Minor, a.Currency, 0)
	}
	return l.Money(a)
}

func (l *Language) money(minor int64, c money.Currency, digits uint8) string {
	amount, err := iso.NewAmountFromInt64(minor, string(c))
	if err != nil {
		return money.Of(minor, c).String()
	}
	f := iso.NewFormatter(iso.NewLocale(l.style.locale))
	f.MinDigits = digits
	return f.Format(amount)
}

// Exact writes millionths of a minor unit with as many decimals as they need.
func (l *Language) Exact(m money.Micro, c money.Currency) string {
	scale := c.Scale() + 6
	text := new(big.Rat).SetFrac64(int64(m), pow10(scale)).FloatString(scale)
	amount, err := iso.NewAmount(text, string(c))
	if err != nil {
		return text + " " + string(c)
	}
	f := iso.NewFormatter(iso.NewLocale(l.style.locale))
	f.MinDigits, f.MaxDigits = uint8(c.Scale()), uint8(scale)
	return f.Format(amount)
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// write is an argument of a message.
func (l *Language) write(v any) string {
	switch v := v.(type) {
	case int:
		return l.Number(int64(v))
	case int64:
		return l.Number(v)
	case money.Amount:
		return l.Money(v)
	case money.Rate:
		return l.Rate(v)
	case time.Time:
		return l.Date(v)
	}
	return strings.TrimSpace(fmt.Sprint(v))
}
