package bench

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
)

// small is an orchard that grows within a moment and has something for every page.
var small = Size{Partners: 8, Touches: 3000, Conversions: 400, Days: 75}

func TestAnOrchardIsHonest(t *testing.T) {
	ctx := context.Background()
	o := PagesOptions{Database: filepath.Join(t.TempDir(), "orchard.db"), Size: small}
	a, orchard, _, err := grown(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	proof, err := app.Verify(ctx, a.DB, a.Keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range proof.Faults {
		t.Error(fault)
	}
	if proof.Conversions < small.Conversions-2 || proof.Conversions > small.Conversions || proof.Commissions < small.Conversions/2 {
		t.Errorf("%d conversions and %d commissions of %d", proof.Conversions, proof.Commissions, small.Conversions)
	}
	touches, err := db.One(ctx, a.DB.Read(), db.Value[int64], `select count(*) from touch where program = $1`, orchard.Program.ID)
	if err != nil || touches < int64(small.Touches)-2 || touches > int64(small.Touches) {
		t.Errorf("%d touches, want about %d: %v", touches, small.Touches, err)
	}
}

func TestEveryPageIsTimed(t *testing.T) {
	ctx := context.Background()
	o := PagesOptions{Folder: t.TempDir(), Size: small, Runs: 1}
	var out strings.Builder
	if err := Pages(ctx, o, io.MultiWriter(&out)); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"/console/{program}?days=90", "/partner/{pts}/statistics?by=sub1", "/p/{slug}", reference + " for reference"} {
		if !strings.Contains(out.String(), " "+page+"\n") {
			t.Errorf("%s was not timed, or refused:\n%s", page, out.String())
		}
	}
}
