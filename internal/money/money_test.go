package money_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/money"
)

func TestParse(t *testing.T) {
	cases := []struct {
		promise, text string
		currency      money.Currency
		want          string // the amount in words, or "" for a refusal
	}{
		{"two decimals", "12.50", "EUR", "12.50 EUR"},
		{"one decimal", "12.5", "EUR", "12.50 EUR"},
		{"none", "12", "EUR", "12.00 EUR"},
		{"zeros beyond the scale lose nothing", "12.5000", "EUR", "12.50 EUR"},
		{"a yen has no decimals", "1200", "JPY", "1200 JPY"},
		{"zeros after a yen", "1200.00", "JPY", "1200 JPY"},
		{"a dinar has three", "1.234", "BHD", "1.234 BHD"},
		{"less than nothing", "-0.05", "EUR", "-0.05 EUR"},
		{"a cent cannot be parted", "1.005", "EUR", ""},
		{"a yen cannot be parted", "0.5", "JPY", ""},
		{"no exponent", "1e3", "EUR", ""},
		{"no separator", "1,000.00", "EUR", ""},
		{"no lone dot", ".", "EUR", ""},
		{"no bare fraction", ".5", "EUR", ""},
		{"nothing", "", "EUR", ""},
		{"no plus", "+1", "EUR", ""},
		{"no two signs", "--1", "EUR", ""},
		{"not beyond the largest", "99999999999999999999", "EUR", ""},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			a, err := money.Parse(c.text, c.currency)
			if got := a.String(); err == nil && got != c.want || err != nil && c.want != "" {
				t.Errorf("%q: %s, %v; want %q", c.text, got, err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("12.50", "EUR")
	f.Add("-1", "JPY")
	f.Fuzz(func(t *testing.T, text, code string) {
		c, err := money.ParseCurrency(code)
		if err != nil {
			return
		}
		a, err := money.Parse(text, c)
		if err != nil {
			return
		}
		if again, err := money.Parse(a.Decimal(), c); err != nil || again != a {
			t.Errorf("%q is %v, and that read again %v, %v", text, a, again, err)
		}
	})
}

func TestAmountInJSON(t *testing.T) {
	text, err := json.Marshal(money.Of(1250, "EUR"))
	if err != nil || string(text) != `{"amount":"12.50","currency":"EUR"}` {
		t.Errorf("%s, %v", text, err)
	}
	var a money.Amount
	if err := json.Unmarshal([]byte(`{"amount":"7","currency":"jpy"}`), &a); err != nil || a != money.Of(7, "JPY") {
		t.Errorf("%v, %v", a, err)
	}
	if err := json.Unmarshal([]byte(`{"amount":"7","currency":"XXZ"}`), &a); err == nil {
		t.Error("a currency that does not exist was read")
	}
}

func TestRate(t *testing.T) {
	for text, want := range map[string]string{"10": "10", "12.5": "12.5", "7.25 %": "7.25", "0": "0", "100%": "100", "0.0001": "0.0001"} {
		if r, err := money.ParseRate(text); err != nil || r.String() != want {
			t.Errorf("%q: %s, %v; want %s", text, r, err, want)
		}
	}
	for _, text := range []string{"", "101", "-1", "0.00001", "ten", "%"} {
		if r, err := money.ParseRate(text); err == nil {
			t.Errorf("%q was read as %s", text, r)
		}
	}
}

func TestSplit(t *testing.T) {
	cases := []struct {
		promise string
		prices  []money.Micro
		weights []int64
		want    []int64
	}{
		{"thirds lose nothing", []money.Micro{money.Fixed(1000), money.Fixed(1000), money.Fixed(1000)}, []int64{1, 1, 1}, []int64{334, 333, 333}},
		{"a cent goes to the first of equals", []money.Micro{money.Fixed(1), money.Fixed(1)}, []int64{1, 1}, []int64{1, 0}},
		{"half a cent is rounded up", []money.Micro{money.Part(5, 100_000)}, []int64{1}, []int64{1}},
		{"less than half is nothing", []money.Micro{money.Part(4, 100_000)}, []int64{1}, []int64{0}},
		{"each at its own rate", []money.Micro{money.Part(10_000, 100_000), money.Part(10_000, 50_000)}, []int64{1, 1}, []int64{500, 250}},
		{"no weight, nothing", []money.Micro{money.Fixed(5)}, []int64{0}, []int64{0}},
		{"nobody", nil, nil, []int64{}},
		{"the largest product fits", []money.Micro{money.Part(money.Max, money.Whole)}, []int64{1 << 60}, []int64{money.Max}},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			got := money.Split(c.prices, c.weights)
			for i := range c.want {
				if got[i] != c.want[i] {
					t.Fatalf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestSplitIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		prices, weights := make([]money.Micro, n), make([]int64, n)
		var sumOfWeights int64
		for i := range n {
			prices[i] = money.Micro(rapid.Int64Range(0, 1e15).Draw(t, "price"))
			weights[i] = rapid.Int64Range(0, 1e6).Draw(t, "weight")
			sumOfWeights += weights[i]
		}
		if sumOfWeights == 0 {
			return
		}
		for i, share := range money.Split(prices, weights) {
			exact := float64(prices[i]) * float64(weights[i]) / float64(sumOfWeights) / float64(money.Whole)
			if float64(share) < exact-1.001 || float64(share) > exact+1.001 {
				t.Fatalf("share %d is %d, more than one unit from %f", i, share, exact)
			}
		}
	})
}

func TestScalesAreThoseOfTheStandard(t *testing.T) {
	f, err := os.Open("../../../shared/data/currency/iso4217_codes-all.csv")
	if err != nil {
		t.Skip("SKIPPED: the list of ISO 4217 is not at hand")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var checked int
	for _, row := range rows[1:] { // Entity, Currency, AlphabeticCode, NumericCode, MinorUnit, WithdrawalDate
		code, digits, withdrawn := row[2], row[4], row[5]
		scale, err := strconv.Atoi(digits)
		if err != nil || withdrawn != "" {
			continue
		}
		c, err := money.ParseCurrency(code)
		if err != nil {
			t.Logf("%s is not known", code)
			continue
		}
		if checked++; c.Scale() != scale {
			t.Errorf("%s has %d decimals, the standard says %d", code, c.Scale(), scale)
		}
	}
	if checked < 150 {
		t.Errorf("only %d currencies were checked", checked)
	}
}
