package chart

import (
	"cmp"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anything are values as a page could hand them in, and those that no page should.
var anything = rapid.OneOf(rapid.Int64Range(0, 5000), rapid.Just(int64(0)), rapid.Int64(), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, 1}))

var (
	number = regexp.MustCompile(`-?\d+(\.\d+)?`)
	banned = regexp.MustCompile(`style=|NaN|Inf|e\+`)
)

// mustDraw fails when a drawing is not well-formed, styles itself, or leaves its frame.
func mustDraw(t interface {
	Helper()
	Fatalf(string, ...any)
}, drawing string, w, h float64) {
	t.Helper()
	if bad := banned.FindString(drawing); bad != "" {
		t.Fatalf("%s in %s", bad, drawing)
	}
	for d := xml.NewDecoder(strings.NewReader(drawing)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, drawing)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if !slices.Contains([]string{"x", "y", "width", "height", "x1", "x2", "y1", "y2", "d"}, a.Name.Local) {
				continue
			}
			for _, n := range number.FindAllString(a.Value, -1) {
				if v := parse(n); v < -0.05 || v > map[byte]float64{'x': w, 'w': w, 'y': h, 'h': h, 'd': max(w, h)}[a.Name.Local[0]]+0.05 {
					t.Fatalf("%s=%q of %s leaves the frame", a.Name.Local, a.Value, start.Name.Local)
				}
			}
		}
	}
}

func parse(text string) float64 {
	whole, part, _ := strings.Cut(text, ".")
	var v, unit float64 = 0, 1
	for _, c := range strings.TrimPrefix(whole, "-") {
		v = v*10 + float64(c-'0')
	}
	for _, c := range part {
		unit /= 10
		v += float64(c-'0') * unit
	}
	if strings.HasPrefix(text, "-") {
		return -v
	}
	return v
}

func TestEveryDrawingStaysInItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(anything, 0, 40).Draw(t, "values")
		titles := make([]string, len(values))
		mustDraw(t, string(Line{Values: values, Before: rapid.SliceOfN(anything, 0, 40).Draw(t, "before"), Titles: titles, Area: true}.SVG()), width, height)
		mustDraw(t, string(Spark(values)), 120, 33)
		var parts []Part
		for range rapid.IntRange(0, 9).Draw(t, "parts") {
			parts = append(parts, Part{Values: rapid.SliceOfN(anything, len(values), len(values)).Draw(t, "part")})
		}
		mustDraw(t, string(Stack{Parts: parts, Titles: titles}.SVG()), width, height)
		for _, stage := range Funnel(values) {
			mustDraw(t, string(stage.SVG()), 1000, 24)
			if max(stage.OfFirst, stage.OfPrevious) > 1000 || min(stage.OfFirst, stage.OfPrevious) < 0 {
				t.Fatalf("shares of %v: %+v", values, stage)
			}
		}
		for _, v := range values {
			if n := Shade(v, slices.Max(values)); n < 0 || n > ShadesMost || (n == 0) != (v <= 0) {
				t.Fatalf("shade of %d of %d is %d", v, slices.Max(values), n)
			}
		}
	})
}

func TestFoldLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts []Part
		for range rapid.IntRange(0, 12).Draw(t, "parts") {
			parts = append(parts, Part{Values: rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 0, 7).Draw(t, "values")})
		}
		folded := Fold(parts, "others")
		if len(folded) > PartsMost || len(parts) <= PartsMost && len(folded) != len(parts) {
			t.Fatalf("%d parts became %d", len(parts), len(folded))
		}
		if a, b := (Stack{Parts: parts}).Totals(), (Stack{Parts: folded}).Totals(); !slices.Equal(a, b) {
			t.Fatalf("the columns were %v and are %v", a, b)
		}
		named := folded
		if len(parts) > PartsMost {
			named = folded[:PartsMost-1]
		}
		if !slices.IsSortedFunc(named, func(a, b Part) int { return cmp.Compare(b.Total(), a.Total()) }) {
			t.Fatalf("the parts are out of order: %v", folded)
		}
	})
}

func TestJourneysAreConserved(t *testing.T) {
	stop := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "<h>"})
	journey := rapid.Custom(func(t *rapid.T) Journey {
		return Journey{rapid.SliceOfN(stop, 0, 7).Draw(t, "stops"), rapid.Bool().Draw(t, "bought"), rapid.Int64Range(-1, 1<<30).Draw(t, "weight")}
	})
	rapid.Check(t, func(t *rapid.T) {
		journeys := rapid.SliceOfN(journey, 0, 20).Draw(t, "journeys")
		names := Names{"others", "more", "bought", "lost"}
		flow := Run(journeys, names)
		mustDraw(t, string(flow.SVG()), flowWidth, flowHeight+24)
		var total int64
		for _, j := range journeys {
			if len(j.Stops) > 0 {
				total += max(j.Weight, 0)
			}
		}
		layers := map[int]int64{}
		in, out := map[*Node]int64{}, map[*Node]int64{}
		for _, n := range flow.Nodes {
			layers[n.Layer] += n.Weight
			if n.y < -0.01 || n.y+n.h > flowHeight+0.01 {
				t.Fatalf("%s leaves the frame: %v + %v", n.Name, n.y, n.h)
			}
		}
		for _, r := range flow.Ribbons {
			in[r.To] += r.Weight
			out[r.From] += r.Weight
		}
		for layer, sum := range layers {
			if sum != total || flow.Total != total {
				t.Fatalf("layer %d has %d of %d", layer, sum, total)
			}
		}
		for _, n := range flow.Nodes {
			if n.Layer > 0 && in[n] != n.Weight || !n.last && out[n] != n.Weight {
				t.Fatalf("%s of layer %d: %d in, %d, %d out", n.Name, n.Layer, in[n], n.Weight, out[n])
			}
		}
		turned := slices.Clone(journeys)
		slices.Reverse(turned)
		if Run(turned, names).SVG() != flow.SVG() {
			t.Fatalf("the order of journeys changes the drawing")
		}
	})
}
