package bench

import (
	"strings"
	"testing"
	"time"
)

// TestTheRunSaysAllAims runs everything for a moment; the figures of such a run mean nothing.
func TestTheRunSaysAllAims(t *testing.T) {
	var out strings.Builder
	err := Run(t.Context(), Options{Folder: t.TempDir(), Connections: 8, Turn: 60 * time.Millisecond, Rounds: 1, Many: 300, Most: 1000}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, figure := range []string{"durable clicks", "against n", "expanded meanwhile", "p99 at full load", "p99 at half load", "against itself, storage switched off",
		"allocations", "conversions credited", "with 300 links of 3 programs", "start with 1000 links"} {
		if !strings.Contains(out.String(), figure) {
			t.Errorf("nothing is said of %q:\n%s", figure, &out)
		}
	}
}
