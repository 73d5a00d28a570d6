package creative_test

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestRelabel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, bob := shop(t, d)
		l, err := create(d, prog, creative.Link{Partnership: ann, Label: "before", Target: "https://shop.example/a"})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ promise, partnership, label, want, left string }{
			{"another word", ann, " after ", "", "after"},
			{"no word", ann, "", "", ""},
			{"too long a word", ann, strings.Repeat("x", 121), "label_invalid", ""},
			{"another partner's link is not theirs to name", bob, "mine", "link_unknown", ""},
		} {
			err := d.Write(ctx, func(tx *db.Tx) error { return creative.Relabel(ctx, tx, c.partnership, l.ID, c.label) })
			kept, readErr := creative.GetLink(ctx, d.Read(), l.ID)
			if problem.Code(err) != c.want || readErr != nil || kept.Label != c.left || kept.Target != l.Target {
				t.Errorf("%s: %v, %+v", c.promise, err, kept)
			}
		}
	})
}
