package attribution_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/attribution"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

var (
	last     = program.Model{Name: "last"}
	first    = program.Model{Name: "first"}
	linear   = program.Model{Name: "linear"}
	decay    = program.Model{Name: "time_decay", HalfLife: 7 * 24}
	position = program.Model{Name: "position", First: 400_000, Last: 400_000}
	jShaped  = program.Model{Name: "position", First: 200_000, Last: 600_000}
	ends     = program.Model{Name: "position", First: 300_000, Last: 700_000}
)

// The conversion is a sale of 10.00; a touch is a name and its age.
func TestSplit(t *testing.T) {
	cases := []struct {
		promise string
		model   program.Model
		path    string
		want    string
	}{
		{"one touch has all, last", last, "ann:3d", "ann 10.00"},
		{"one touch has all, position", position, "ann:3d", "ann 10.00"},
		{"one touch has all, decay", decay, "ann:300d", "ann 10.00"},
		{"the last one wins", last, "ann:3d bob:2d cee:1d", "ann 0.00, bob 0.00, cee 10.00"},
		{"the first one wins", first, "ann:3d bob:2d cee:1d", "ann 10.00, bob 0.00, cee 0.00"},
		{"thirds lose nothing", linear, "ann:3d bob:2d cee:1d", "ann 3.34, bob 3.33, cee 3.33"},
		{"every touch counts in linear", linear, "ann:4d ann:3d bob:1d", "ann 6.67, bob 3.33"},
		{"ends and middle", position, "ann:3d bob:2d cee:1d", "ann 4.00, bob 2.00, cee 4.00"},
		{"the middle shares its part", position, "ann:5d bob:4d cee:3d dan:2d", "ann 4.00, bob 1.00, cee 1.00, dan 4.00"},
		{"two ends share by half", position, "ann:2d bob:1d", "ann 5.00, bob 5.00"},
		{"own weights for the ends", ends, "ann:2d bob:1d", "ann 3.00, bob 7.00"},
		{"own weights with a middle", jShaped, "ann:3d bob:2d cee:1d", "ann 2.00, bob 2.00, cee 6.00"},
		{"half after a half-life", decay, "ann:14d bob:7d cee:0d", "ann 1.43, bob 2.86, cee 5.71"},
		{"a silence before the sale changes nothing", decay, "ann:114d bob:107d cee:100d", "ann 1.43, bob 2.86, cee 5.71"},
		{"two in the same moment weigh the same", decay, "ann:1d bob:1d", "ann 5.00, bob 5.00"},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			var names []string
			var touches []time.Time
			for _, step := range strings.Fields(c.path) {
				name, age, _ := strings.Cut(step, ":")
				days, err := strconv.Atoi(strings.TrimSuffix(age, "d"))
				if err != nil {
					t.Fatal(err)
				}
				names, touches = append(names, name), append(touches, time.UnixMilli(0).AddDate(1, 0, -days))
			}
			sums := map[string]int64{}
			var order []string
			for i, w := range attribution.Split(c.model, touches) {
				if _, seen := sums[names[i]]; !seen {
					order = append(order, names[i])
				}
				sums[names[i]] += w
			}
			prices, weights := make([]money.Micro, len(order)), make([]int64, len(order))
			for i, name := range order {
				prices[i], weights[i] = money.Fixed(1000), sums[name]
			}
			var got []string
			for i, share := range money.Split(prices, weights) {
				got = append(got, fmt.Sprintf("%s %s", order[i], money.Of(share, "EUR").Decimal()))
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}

func TestDecayIsThePowerOfTwo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours := rapid.Int64Range(1, 400*24).Draw(t, "half-life")
		age := time.Duration(rapid.Int64Range(0, 400*24*3600_000).Draw(t, "age")) * time.Millisecond
		m := program.Model{Name: "time_decay", HalfLife: hours}
		now := time.UnixMilli(0).AddDate(5, 0, 0)
		w := attribution.Split(m, []time.Time{now.Add(-age), now})
		got := float64(w[0]) / float64(w[1])
		want := math.Exp2(-float64(age) / float64(time.Duration(hours)*time.Hour))
		if want > 1e-9 && math.Abs(got-want) > want*1e-4+1e-11 {
			t.Fatalf("weight of %s at a half-life of %dh is %g, want %g", age, hours, got, want)
		}
	})
}

func TestSharesSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := rapid.SampledFrom([]program.Model{last, first, linear, decay, position, jShaped, ends}).Draw(t, "model")
		n := rapid.IntRange(1, 12).Draw(t, "touches")
		touches, at := make([]time.Time, n), time.UnixMilli(0).AddDate(1, 0, 0)
		for i := range touches {
			at = at.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "gap")))
			touches[i] = at
		}
		amount := rapid.Int64Range(0, money.Max).Draw(t, "amount")
		rate := money.Rate(rapid.Int64Range(0, int64(money.Whole)).Draw(t, "rate"))
		prices := make([]money.Micro, n)
		for i := range prices {
			prices[i] = money.Part(amount, rate)
		}
		var sum int64
		for _, share := range money.Split(prices, attribution.Split(model, touches)) {
			if share < 0 {
				t.Fatalf("a share of %d", share)
			}
			sum += share
		}
		if whole := money.Split(prices[:1], []int64{1})[0]; sum != whole {
			t.Fatalf("shares sum to %d, the whole is %d", sum, whole)
		}
	})
}
