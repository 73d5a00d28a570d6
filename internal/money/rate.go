package money

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Rate is a share in parts per million: 100,000 is 10 %.
type Rate int64

// Whole is 100 %.
const Whole Rate = 1_000_000

// ParseRate reads a percentage such as "10", "12.5" or "7.25 %", at most four decimals, from 0 to 100.
func ParseRate(s string) (Rate, error) {
	plain := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	n, err := parseFixed(plain, 4)
	if err != nil {
		return 0, fmt.Errorf("%q is not a percentage", s)
	}
	if n < 0 || n > int64(Whole) {
		return 0, fmt.Errorf("%q is not between 0 and 100 %%", s)
	}
	return Rate(n), nil
}

// String writes the percentage without trailing zeros: "10", "12.5".
func (r Rate) String() string {
	s := formatFixed(int64(r), 4)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// MarshalJSON writes the percentage as a string, so that no reader makes a float of it.
func (r Rate) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Rate) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	var err error
	*r, err = ParseRate(s)
	return err
}
