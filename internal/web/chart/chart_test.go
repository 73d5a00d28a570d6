package chart

import (
	"math"
	"strings"
	"testing"
)

func TestAxisIsRoundAndReachesTheLargest(t *testing.T) {
	for _, c := range []struct{ largest, step int64 }{{0, 1}, {1, 1}, {4, 1}, {5, 2}, {8, 2}, {9, 5}, {21, 10}, {400, 100}, {401, 200}, {1_234_567, 500_000}} {
		if got := Step(c.largest); got != c.step {
			t.Errorf("Step(%d) is %d, want %d", c.largest, got, c.step)
		}
	}
}

func TestDrawing(t *testing.T) {
	for _, c := range []struct {
		name string
		line Line
		want string
	}{
		{"no value draws a grid alone", Line{}, `class="chart-grid"`},
		{"one value draws no line", Line{Values: []int64{3}}, `class="chart-grid"`},
		{"the largest reaches its height", Line{Values: []int64{0, 4}}, `d="M0.0,240.0 L1000.0,0.0"`},
		{"less than nothing lies on the axis", Line{Values: []int64{-9, 4}}, `d="M0.0,240.0 L1000.0,0.0"`},
		{"amounts near the limit do not overflow", Line{Values: []int64{0, math.MaxInt64 / 20}}, `class="chart-line"`},
		{"titles are escaped", Line{Values: []int64{1, 2}, Titles: []string{"<b>", "b"}}, `<title>&lt;b&gt;</title>`},
	} {
		if got := string(c.line.SVG()); !strings.Contains(got, c.want) || strings.Contains(got, "style=") {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if Spark([]int64{1}) != "" || !strings.Contains(string(Spark([]int64{1, 2})), "chart-line") {
		t.Error("a spark needs two values")
	}
}
