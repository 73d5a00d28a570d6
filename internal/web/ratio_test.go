package web

import (
	"testing"

	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

func TestRatiosAreExact(t *testing.T) {
	for _, c := range []struct {
		name string
		r    ratio
		u    unit
		want int64
	}{
		{"revenue of 840 for commissions of 100", ratio{84_000, 10_000}, times, 84},
		{"half a tenth is rounded up", ratio{845, 1000}, times, 8},
		{"and so is exactly half", ratio{85, 100}, times, 9},
		{"an average order", ratio{10_000, 3}, plain, 3333},
		{"two thirds", ratio{2, 3}, share, 667},
		{"nothing of something is nothing", ratio{0, 5}, share, 0},
		{"something of nothing is a gap", ratio{5, 0}, times, chart.Gap},
		{"no order is no average", ratio{0, 0}, plain, chart.Gap},
		{"money beyond what a float holds", ratio{9_007_199_254_740_993, 1}, plain, 9_007_199_254_740_993},
	} {
		if got := c.r.in(c.u); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestChangesAreExact(t *testing.T) {
	for _, c := range []struct {
		name      string
		now, then ratio
		want      int64
		ok        bool
	}{
		{"a quarter more", ratio{125, 1}, ratio{100, 1}, 250, true},
		{"a third less", ratio{2, 1}, ratio{3, 1}, -333, true},
		{"the same of other sizes", ratio{10, 4}, ratio{5, 2}, 0, true},
		{"all gone", ratio{0, 1}, ratio{7, 1}, -1000, true},
		{"from nothing there is no change", ratio{7, 1}, ratio{0, 1}, 0, false},
		{"nor from a gap", ratio{7, 1}, ratio{}, 0, false},
		{"nor into one", ratio{}, ratio{7, 1}, 0, false},
		{"large amounts do not run over", ratio{9e18, 3}, ratio{3e18, 1}, 0, true},
	} {
		if got, ok := c.now.change(c.then); got != c.want || ok != c.ok {
			t.Errorf("%s: %d, %v, want %d, %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

func TestTimesAreWrittenByLocale(t *testing.T) {
	for tag, want := range map[string]string{"en": "8.4×", "fr": "8,4×", "zh": "8.4×"} {
		if got := lang.Of(tag).Times(84); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
