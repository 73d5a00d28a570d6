package lang

import (
	"math/big"

	iso "github.com/bojanz/currency"

	"github.com/tributary-hq/tributary/internal/money"
)

// Precise writes millionths of a minor unit with one decimal more than the currency has, so that a column of them lines up.
func (l *Language) Precise(m money.Micro, c money.Currency) string {
	digits := c.Scale() + 1
	text := new(big.Rat).SetFrac64(int64(m), pow10(c.Scale()+6)).FloatString(digits)
	amount, err := iso.NewAmount(text, string(c))
	if err != nil {
		return text + " " + string(c)
	}
	f := iso.NewFormatter(iso.NewLocale(l.style.locale))
	f.MinDigits, f.MaxDigits = uint8(digits), uint8(digits)
	return f.Format(amount)
}
