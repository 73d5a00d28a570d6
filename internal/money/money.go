// Package money is exact arithmetic on amounts and rates. It holds no float, rounds only where it says so, and knows
// nothing of who owes whom.
package money

import (
	"encoding/json"
	"fmt"
	"strings"

	iso "github.com/bojanz/currency"
)

// Currency is an ISO 4217 alphabetic code in capitals, such as EUR.
type Currency string

// Max is the largest amount that one fact may carry, in minor units. It leaves room for every product with a rate
// (parts per million) inside an int64.
const Max = 1_000_000_000_000

// ParseCurrency accepts a code of ISO 4217 in any case. It fails on anything else.
func ParseCurrency(s string) (Currency, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if !iso.IsValid(code) {
		return "", fmt.Errorf("%q is not an ISO 4217 currency", s)
	}
	return Currency(code), nil
}

// Scale is the number of decimals that ISO 4217 gives the currency: 2 for EUR, 0 for JPY, 3 for BHD.
func (c Currency) Scale() int {
	digits, ok := iso.GetDigits(string(c))
	if !ok {
		return 2
	}
	return int(digits)
}

// Amount is a sum in minor units of a currency: {1250, "EUR"} is 12.50 EUR.
type Amount struct {
	Minor    int64
	Currency Currency
}

// Of makes an amount of minor units.
func Of(minor int64, c Currency) Amount { return Amount{minor, c} }

// Parse reads a plain decimal such as "12.50" in the currency. Decimals beyond the currency's scale are refused rather
// than rounded, unless they are zeros; so are exponents, separators of thousands and amounts beyond Max.
func Parse(decimal string, c Currency) (Amount, error) {
	minor, err := parseFixed(decimal, c.Scale())
	if err != nil {
		return Amount{}, err
	}
	if minor > Max || minor < -Max {
		return Amount{}, fmt.Errorf("%q is beyond the largest amount", decimal)
	}
	return Amount{minor, c}, nil
}

// Decimal writes the amount with all decimals of its currency: "12.50", "-0.05", "1200" for JPY.
func (a Amount) Decimal() string { return formatFixed(a.Minor, a.Currency.Scale()) }

func (a Amount) String() string { return a.Decimal() + " " + string(a.Currency) }

type amountJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// MarshalJSON writes {"amount":"12.50","currency":"EUR"}.
func (a Amount) MarshalJSON() ([]byte, error) {
	return json.Marshal(amountJSON{a.Decimal(), string(a.Currency)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var j amountJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	c, err := ParseCurrency(j.Currency)
	if err != nil {
		return err
	}
	*a, err = Parse(j.Amount, c)
	return err
}

// parseFixed reads [-]digits[.digits] exactly into an integer of 10^-scale units.
func parseFixed(s string, scale int) (int64, error) {
	rest := strings.TrimSpace(s)
	negative := strings.HasPrefix(rest, "-")
	if negative {
		rest = rest[1:]
	}
	whole, fraction, dotted := strings.Cut(rest, ".")
	if whole == "" || dotted && fraction == "" {
		return 0, fmt.Errorf("%q is not a decimal number", s)
	}
	if len(fraction) > scale {
		if strings.Trim(fraction[scale:], "0") != "" {
			return 0, fmt.Errorf("%q has more than %d decimals", s, scale)
		}
		fraction = fraction[:scale]
	}
	digits := whole + fraction + strings.Repeat("0", scale-len(fraction))
	var n int64
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, fmt.Errorf("%q is not a decimal number", s)
		}
		if n > Max*10 {
			return 0, fmt.Errorf("%q is too large", s)
		}
		n = n*10 + int64(d-'0')
	}
	if negative {
		n = -n
	}
	return n, nil
}

func formatFixed(n int64, scale int) string {
	sign, u := "", uint64(n)
	if n < 0 {
		sign, u = "-", uint64(-n)
	}
	s := fmt.Sprintf("%0*d", scale+1, u)
	if scale == 0 {
		return sign + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}
