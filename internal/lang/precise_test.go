package lang

import "testing"

func TestPrecise(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Of("en").Precise(129_000_000, "EUR"), "€1.290"}, {Of("en").Precise(73_200_000, "EUR"), "€0.732"},
		{Of("fr").Precise(129_000_000, "EUR"), "1,290\u00a0€"}, {Of("zh").Precise(1_500_000, "JPY"), "JP¥1.5"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
