package web

import (
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/web/chart"
)

func TestACardSaysWhetherItsChangeIsGood(t *testing.T) {
	for _, c := range []struct {
		name        string
		before, now int64
		way, tone   string
	}{
		{"clicks", 10, 20, "up", "good"},
		{"clicks", 20, 10, "down", "bad"},
		{"rejected", 20, 10, "down", "good"},
		{"rejected", 10, 20, "up", "bad"},
		{"rejected", 10, 10, "flat", ""},
		{"clicks", 0, 10, "flat", ""}, // nothing to compare with
	} {
		got := series{Name: c.name, Values: []int64{c.now}, Before: []int64{c.before}}.card(asked("/"), "", false)
		if got.Way != c.way || got.Tone != c.tone {
			t.Errorf("%s from %d to %d: %s and %q, want %s and %q", c.name, c.before, c.now, got.Way, got.Tone, c.way, c.tone)
		}
	}
}

func TestAChartOfNothingSaysSo(t *testing.T) {
	v, days, zeros := asked("/"), []time.Time{{}, {}}, []int64{0, 0}
	for name, empty := range map[string]bool{
		"trend":  series{Name: "clicks", Days: days, Values: zeros, Before: zeros}.trend(v).Empty,
		"stack":  v.stack("s", "S", "", days, []chart.Part{{Name: "a", Values: zeros}}).Empty,
		"none":   v.stack("s", "S", "", nil, nil).Empty,
		"funnel": v.funnel("f", "F", []stage{{"a", 0}, {"b", 0}}).Empty,
		"cohort": v.cohort("c", "C", []string{"1"}, []group{{Name: "a"}}).Empty,
		"flow":   v.flow("f", "F", nil).Empty,
	} {
		if !empty {
			t.Errorf("the %s of nothing is drawn", name)
		}
	}
	if (series{Name: "clicks", Days: days, Values: zeros, Before: []int64{0, 1}}).trend(v).Empty {
		t.Error("a fall to nothing is not drawn")
	}
}

func TestAStackIsItsTable(t *testing.T) {
	days := []time.Time{time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)}
	s := asked("/").stack("s", "S", "EUR", days, []chart.Part{{Name: "small", Values: []int64{100, 0}}, {Name: "large", Values: []int64{250, 50}}})
	if s.Parts[0].Name != "large" || s.Parts[0].Total != "€3.00" || s.Parts[0].Share != "75%" || s.Total != "€4.00" {
		t.Errorf("the legend is %+v of %s", s.Parts, s.Total)
	}
	if row := s.Rows[0]; strings.Join(row.Values, " ") != "€2.50 €1.00" || row.Total != "€3.50" {
		t.Errorf("the first day is %+v", row)
	}
	for _, title := range []string{"3 May 2026\nlarge: €2.50\nsmall: €1.00\nTotal: €3.50", "4 May 2026\nlarge: €0.50\nTotal: €0.50"} {
		if !strings.Contains(string(s.Plot.Chart), "<title>"+title+"</title>") {
			t.Errorf("no point says %q", title)
		}
	}
}

func TestAFunnelComparesWithTheFirstAndThePrevious(t *testing.T) {
	f := asked("/").funnel("f", "F", []stage{{"seen", 200}, {"asked", 100}, {"bought", 25}})
	last := f.Steps[2]
	if last.OfFirst != "12.5%" || last.OfPrevious != "25%" || f.Steps[0].OfPrevious != "" {
		t.Errorf("the steps are %+v", f.Steps)
	}
	if want := "bought: 25\nOf “seen”: 12.5%\nOf “asked”: 25%"; last.Words != want {
		t.Errorf("the last says %q, want %q", last.Words, want)
	}
}

func TestACohortEndsWhereThePresentBegins(t *testing.T) {
	c := asked("/").cohort("c", "C", []string{"1", "2"}, []group{{"May", 200, []int64{100, 20}}, {"June", 50, []int64{5}}})
	may, june := c.Rows[0].Cells, c.Rows[1].Cells
	if may[0].Share != "50%" || may[0].Shade != chart.ShadesMost || may[1].Shade != 1 || june[0].Share != "10%" {
		t.Errorf("the cells are %+v and %+v", may, june)
	}
	if june[1].Share != "" || june[1].Shade != 0 || june[1].Words != "June: 2\nYet to come" {
		t.Errorf("what is to come is %+v", june[1])
	}
}
