package chart

import "testing"

func TestALineBreaksAtAGap(t *testing.T) {
	for _, c := range []struct {
		name       string
		values     []int64
		line, area string
	}{
		{"without a gap it is whole", []int64{0, 10, 5}, "M0.0,10.0 L50.0,0.0 L100.0,5.0", "M0.0,10.0 L50.0,0.0 L100.0,5.0 L100.0,10.0 L0.0,10.0 Z"},
		{"a gap parts it", []int64{10, 10, Gap, 10, 10}, "M0.0,0.0 L25.0,0.0 M75.0,0.0 L100.0,0.0",
			"M0.0,0.0 L25.0,0.0 L25.0,10.0 L0.0,10.0 Z M75.0,0.0 L100.0,0.0 L100.0,10.0 L75.0,10.0 Z"},
		{"a value between gaps is a dot", []int64{Gap, 10, Gap}, "M50.0,0.0 h0.1", "M50.0,0.0 h0.1 L50.0,10.0 L50.0,10.0 Z"},
		{"gaps alone draw nothing", []int64{Gap, Gap}, "", ""},
	} {
		line, area := strokes(c.values, corners(c.values, 10, 100, 10), 10)
		if line != c.line || area != c.area {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, line, area, c.line, c.area)
		}
	}
	if got := (Line{Values: []int64{Gap, 3}, Before: []int64{Gap, Gap}}).Ticks()[0]; got != 4 {
		t.Errorf("the axis reaches %d, want 4", got)
	}
	if got := (Line{Values: []int64{3}, Top: 1000}).Ticks(); got[0] != 1000 || got[4] != 0 {
		t.Errorf("the axis is %v, want it to end at 1000", got)
	}
}
