package lang

import "golang.org/x/text/number"

// Times writes tenths of once: 84 is 8.4×.
func (l *Language) Times(tenths int64) string {
	return l.print(number.Decimal(float64(tenths)/10, number.MaxFractionDigits(1))) + "×"
}
