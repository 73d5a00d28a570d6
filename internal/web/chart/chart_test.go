package chart

import (
	"math"
	"strings"
	"testing"
)

func TestAxisIsRoundAndReachesTheLargest(t *testing.T) {
	for _, c := range []struct{ largest, step int64 }{{0, 1}, {1, 1}, {4, 1}, {5, 2}, {8, 2}, {9, 5}, {21, 10}, {400, 100}, {401, 200}, {1_234_567, 500_000},
		{math.MaxInt64, 100_000_000_000_000_000}} {
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
		{"one value is a level line", Line{Values: []int64{4}}, `class="chart-line" d="M0.0,0.0 L1000.0,0.0"`},
		{"only an area is filled", Line{Values: []int64{0, 4}, Area: true}, `class="chart-area" d="M0.0,240.0 L1000.0,0.0 L1000.0,240.0 L0.0,240.0 Z"`},
		{"the largest reaches its height", Line{Values: []int64{0, 4}}, `d="M0.0,240.0 L1000.0,0.0"`},
		{"less than nothing lies on the axis", Line{Values: []int64{-9, 4}}, `d="M0.0,240.0 L1000.0,0.0"`},
		{"amounts near the limit do not overflow", Line{Values: []int64{0, math.MaxInt64 / 20}}, `class="chart-line"`},
		{"titles are escaped", Line{Values: []int64{1, 2}, Titles: []string{"<b>", "b"}}, `<title>&lt;b&gt;</title>`},
	} {
		if got := string(c.line.SVG()); !strings.Contains(got, c.want) || strings.Contains(got, "style=") {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if strings.Contains(string(Line{Values: []int64{0, 4}}.SVG()), "chart-area") {
		t.Error("a line that is no area is filled")
	}
	if Spark([]int64{1}) != "" || Spark([]int64{0, 0}) != "" || !strings.Contains(string(Spark([]int64{1, 2})), "chart-line") {
		t.Error("a spark needs two values, and one that is more than nothing")
	}
}

func TestStack(t *testing.T) {
	got := string(Stack{Parts: []Part{{Values: []int64{1, 0}}, {Values: []int64{3, 4}}}, Titles: []string{"first", "second"}}.SVG())
	for _, want := range []string{
		`<rect class="chart-part part-1" x="12.0" y="180.0" width="476.0" height="60.0"/>`, // a quarter of the axis
		`<rect class="chart-part part-2" x="12.0" y="0.0" width="476.0" height="180.0"/>`,  // upon it
		`<path class="chart-cut" d="M12.0,180.0 h476.0"/>`,
		`<rect class="chart-part part-2" x="512.0" y="0.0" width="476.0" height="240.0"/>`, // alone
		`<title>second</title><rect class="chart-catch" x="500.0"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestFunnel(t *testing.T) {
	list := Funnel([]int64{200, 50, 0, 0})
	for i, want := range []Stage{{200, 1000, 1000, 1000, 1000}, {50, 250, 250, 250, 1000}, {0, 0, 0, 0, 250}, {0, 0, 0, 0, 0}} {
		if list[i] != want {
			t.Errorf("stage %d is %+v, want %+v", i, list[i], want)
		}
	}
}

func TestFlow(t *testing.T) {
	names := Names{Other: "others", More: "more", Bought: "bought", Lost: "lost"}
	for _, c := range []struct {
		name     string
		journeys []Journey
		want     string // the ribbons that say something
	}{
		{"nothing is nothing", nil, ""},
		{"nobody met is left out", []Journey{{nil, true, 5}}, ""},
		{"one stop leads to the end", []Journey{{[]string{"a"}, true, 2}, {[]string{"a"}, false, 3}}, "a>bought a>lost"},
		{"who ends early passes by", []Journey{{[]string{"a"}, true, 2}, {[]string{"a", "b"}, false, 3}}, "a>bought a>b b>lost"},
		{"the middle of a long way is one stop", []Journey{{[]string{"a", "b", "c", "d", "e"}, true, 1}}, "a>b b>more more>e e>bought"},
		{"names beyond the first are others", []Journey{{[]string{"a"}, true, 9}, {[]string{"b"}, true, 8}, {[]string{"c"}, true, 7}, {[]string{"d"}, true, 6},
			{[]string{"e"}, true, 5}, {[]string{"f"}, true, 4}, {[]string{"g"}, true, 3}}, "a>bought b>bought c>bought d>bought e>bought others>bought"},
	} {
		var got []string
		for _, r := range Run(c.journeys, names).Ribbons {
			if !r.Passing() {
				got = append(got, r.From.Name+">"+r.To.Name)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, want %s", c.name, strings.Join(got, " "), c.want)
		}
	}
	if Run(nil, names).SVG() != "" {
		t.Error("a flow of nothing is drawn")
	}
}
