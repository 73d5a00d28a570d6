package api_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestCreatives(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ctx := t.Context()
		h.program("alpine")
		other := h.program("lake")
		ann := h.partner("alpine", "ann")
		var pixels bytes.Buffer
		if err := png.Encode(&pixels, image.NewGray(image.Rect(0, 0, 300, 250))); err != nil {
			t.Fatal(err)
		}
		ends := noon.AddDate(0, 1, 0)
		banner := must(h.CreateCreative(ctx, "alpine", client.NewCreative{Kind: "banner", Name: `Tents "for" two`, Picture: pixels.Bytes(), Language: "en", Ends: &ends}))(t)
		if banner.Width != 300 || banner.Height != 250 || !strings.HasSuffix(banner.Picture, "/b/"+banner.ID+".png") || banner.State != "offered" || banner.Ends == nil || !banner.Ends.Equal(ends) {
			t.Errorf("the banner is %+v", banner)
		}
		letter := must(h.CreateCreative(ctx, "alpine", client.NewCreative{Kind: "email", Name: "Letter", Subject: "Hills", Text: "See {link}", Place: -1}))(t)
		given := must(h.CreativeCode(ctx, ann.ID, banner.ID))(t)
		if !strings.Contains(given.HTML, `alt="Tents &#34;for&#34; two"`) || !strings.Contains(given.HTML, given.Link.URL) || given.Plain != given.Link.URL {
			t.Errorf("the code is %+v", given)
		}
		if again := must(h.CreativeCode(ctx, ann.ID, banner.ID))(t); again != given {
			t.Errorf("the second time it is %+v", again)
		}
		if mail := must(h.CreativeCode(ctx, ann.ID, letter.ID))(t); mail.Plain != "See "+mail.Link.URL || mail.HTML != "" || mail.Subject != "Hills" {
			t.Errorf("the letter is %+v", mail)
		}
		foreign := must(h.CreateCreative(ctx, other.ID, client.NewCreative{Kind: "text", Name: "Words", Text: "Lakes"}))(t)
		if _, err := h.CreativeCode(ctx, ann.ID, foreign.ID); code(err) != "creative_unknown" {
			t.Errorf("another program's creative: %v", err)
		}
		if gone := must(h.ArchiveCreative(ctx, banner.ID))(t); gone.State != "archived" {
			t.Errorf("archived it is %+v", gone)
		}
		list := all(t, h.Creatives(ctx, "alpine"))
		if len(list) != 2 || list[0].ID != letter.ID || list[1].State != "archived" {
			t.Errorf("the library is %+v", list)
		}
		for name, n := range map[string]client.NewCreative{
			"picture_missing":     {Kind: "banner", Name: "None"},
			"picture_invalid":     {Kind: "banner", Name: "A drawing", Picture: []byte("<svg/>")},
			"placeholder_missing": {Kind: "email", Name: "Letter", Subject: "Hills", Text: "Hello"},
			"target_not_allowed":  {Kind: "page", Name: "Elsewhere", Target: "https://evil.example/"},
		} {
			if _, err := h.CreateCreative(ctx, "alpine", n); code(err) != name {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
