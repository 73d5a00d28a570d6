package track_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestBanners(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		var pixels bytes.Buffer
		if err := png.Encode(&pixels, image.NewGray(image.Rect(0, 0, 320, 50))); err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		var banner, words creative.Material
		if err := d.Write(ctx, func(tx *db.Tx) (err error) {
			if banner, err = creative.Add(ctx, tx, s.prog, creative.Material{Kind: creative.Banner, Name: "Hills"}, pixels.Bytes()); err != nil {
				return err
			}
			words, err = creative.Add(ctx, tx, s.prog, creative.Material{Kind: creative.Words, Name: "Words", Text: "Hills"}, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		shows := func(when string) {
			t.Helper()
			w := s.get(banner.Source())
			h := w.Header()
			if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), pixels.Bytes()) || h.Get("Content-Type") != "image/png" {
				t.Errorf("%s: %d, %d bytes of %s", when, w.Code, w.Body.Len(), h.Get("Content-Type"))
			}
			for name, want := range map[string]string{"Cache-Control": "immutable", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox",
				"Cross-Origin-Resource-Policy": "cross-origin", "Etag": `"`} {
				if !strings.Contains(h.Get(name), want) {
					t.Errorf("%s: %s is %q", when, name, h.Get(name))
				}
			}
			if again := s.get(banner.Source(), "If-None-Match", h.Get("Etag")); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s, seen before: %d, %d bytes", when, again.Code, again.Body.Len())
			}
			if other := s.get(banner.Source(), "If-None-Match", `"another"`); other.Code != http.StatusOK {
				t.Errorf("%s, another seen before: %d", when, other.Code)
			}
		}
		shows("from the database")
		shows("from memory")
		if err := d.Write(ctx, func(tx *db.Tx) error { return creative.Archive(ctx, tx, banner.ID, true) }); err != nil {
			t.Fatal(err)
		}
		shows("archived")
		for _, path := range []string{"/b/", "/b/x.png", "/b/" + banner.ID, "/b/" + banner.ID + ".jpg", "/b/" + banner.ID + ".png/x", "/b/" + words.ID + ".png",
			"/b/crv_" + strings.Repeat("0", 24) + ".png", "/b/%00.png", "/b/%ff.png"} {
			if w := s.get(path); w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
		if w := s.ask(http.MethodPost, banner.Source(), ""); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("sending to a picture: %d", w.Code)
		}
	})
}
