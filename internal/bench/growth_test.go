package bench

import (
	"strings"
	"testing"
	"time"
)

func TestGrowthTellsOfEachStep(t *testing.T) {
	var out strings.Builder
	if err := Growth(t.Context(), GrowthOptions{Folder: t.TempDir(), Touches: 12_000, Most: time.Minute, Days: 800, Partners: 4, Steps: 3, Paths: 20, Retention: 200 * time.Millisecond}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n        4000 ", "\n        8000 ", "\n       12000 ", "12000 touches in ", "while forgetting"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not told:\n%s", want, out.String())
		}
	}
	t.Log(out.String())
}
