package touch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

func TestClicksOfACut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog := newProgram(t, d, "acme")
		d.SetClock(func() time.Time { return noon.Add(time.Hour) })
		one := func(id, link, sub, page string, at time.Time, change func(*touch.Touch)) touch.Touch {
			c := click(prog.ID, id, at)
			c.Link, c.Sub[0], c.URL = link, sub, page
			if change != nil {
				change(&c)
			}
			return c
		}
		keep(t, d, one("1", "lnk_1", "mail", "https://acme.example/tents?a=1", noon, nil), one("2", "lnk_1", "", "https://acme.example/tents#top", noon, nil),
			one("3", "lnk_2", "mail", "https://acme.example/tents-2", noon.AddDate(0, 0, -1), nil),
			one("4", "lnk_1", "mail", "", noon, func(c *touch.Touch) { c.Mark = touch.Bot }),
			one("5", "lnk_1", "mail", "", noon, func(c *touch.Touch) { c.Partnership = "pts_2" }))
		expand(t, d, nil)
		all := touch.Cut{Program: prog.ID, Partnership: "pts_1", From: noon.AddDate(0, 0, -2), To: noon.AddDate(0, 0, 1)}
		with := func(change func(*touch.Cut)) touch.Cut {
			c := all
			change(&c)
			return c
		}
		for _, c := range []struct {
			promise string
			cut     touch.Cut
			by      string
			want    string
		}{
			{"by link", all, "link", "map[lnk_1:2 lnk_2:1]"},
			{"by sub-id, those without included", all, "sub1", "map[:1 mail:2]"},
			{"by page, whatever follows it", all, "page", "map[https://acme.example/tents:2 https://acme.example/tents-2:1]"},
			{"of one page", with(func(c *touch.Cut) { c.Page = "https://acme.example/tents" }), "link", "map[lnk_1:2]"},
			{"of one sub-id", with(func(c *touch.Cut) { c.Sub[0] = "mail" }), "link", "map[lnk_1:1 lnk_2:1]"},
			{"of one link", with(func(c *touch.Cut) { c.Link = "lnk_2" }), "sub1", "map[mail:1]"},
			{"of another partner", with(func(c *touch.Cut) { c.Partnership = "pts_2" }), "link", "map[lnk_1:1]"},
			{"of a shorter time", with(func(c *touch.Cut) { c.From = noon }), "link", "map[lnk_1:2]"},
			{"by what there is not", all, "'; drop", "map[lnk_1:2 lnk_2:1]"},
		} {
			got, err := touch.Grouped(ctx, d.Read(), c.cut, c.by)
			if err != nil || fmt.Sprint(got) != c.want {
				t.Errorf("%s: %v %v, want %s", c.promise, got, err, c.want)
			}
		}
		if !with(func(c *touch.Cut) { c.Sub[0] = "mail" }).Has(touch.Touch{Sub: [5]string{"mail"}}) || with(func(c *touch.Cut) { c.Page = "x" }).Has(touch.Touch{URL: "y"}) {
			t.Error("a cut does not know what it has")
		}
	})
}
