package creative_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// picture is an image of a size, in a format.
func picture(t testing.TB, format string, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	drawn := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, drawn)
	case "jpeg":
		err = jpeg.Encode(&b, drawn, nil)
	case "gif":
		err = gif.Encode(&b, drawn, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A pixel in each kind of WebP.
const (
	lossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	lossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func unbase(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadPicture(t *testing.T) {
	extended := append([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), 0x2b, 0x01, 0x00, 0xf9, 0x00, 0x00)
	for _, c := range []struct {
		name, want    string // the format, or the code of the problem
		body          []byte
		width, height int64
	}{
		{"a PNG", "png", picture(t, "png", 300, 250), 300, 250},
		{"a JPEG", "jpeg", picture(t, "jpeg", 728, 90), 728, 90},
		{"a GIF", "gif", picture(t, "gif", 160, 600), 160, 600},
		{"a lossy WebP", "webp", unbase(t, lossy), 1, 1},
		{"a lossless WebP", "webp", unbase(t, lossless), 1, 1},
		{"an extended WebP", "webp", extended, 300, 250},
		{"a WebP that is cut off", "picture_invalid", extended[:28], 0, 0},
		{"a drawing that could run scripts", "picture_invalid", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), 0, 0},
		{"a page that calls itself a GIF", "picture_invalid", []byte("GIF89a<script>alert(1)</script>"[:5] + "<html>"), 0, 0},
		{"nothing", "picture_missing", nil, 0, 0},
		{"too much", "picture_large", append(picture(t, "png", 10, 10), make([]byte, creative.PictureMost)...), 0, 0},
		{"too wide", "picture_sides", picture(t, "png", 5000, 1), 0, 0},
	} {
		p, err := creative.ReadPicture(c.body)
		if got := p.Format + problem.Code(err); got != c.want || p.Width != c.width || p.Height != c.height {
			t.Errorf("%s: %s %d×%d, %v", c.name, got, p.Width, p.Height, err)
		}
	}
}

func FuzzReadPicture(f *testing.F) {
	f.Add(picture(f, "png", 3, 2))
	f.Add(unbase(f, lossy))
	f.Add(unbase(f, lossless))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := creative.ReadPicture(body)
		if err == nil && (creative.Formats[p.Format] == "" || p.Width < 1 || p.Height < 1 || len(p.Hash) != 64) {
			t.Errorf("%+v", p)
		}
	})
}

func TestMaterial(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, _, _ := shop(t, d)
		good := map[creative.Kind]creative.Material{
			creative.Banner: {Name: "Summer", Text: "Tents for two", Locale: "en", Target: "https://shop.example/tents"},
			creative.Words:  {Name: "Words", Text: "Mended, not thrown away", Locale: "pt-BR"},
			creative.Letter: {Name: "Letter", Subject: "Four days in the hills", Text: "Hello,\r\nsee {link}"},
			creative.Goal:   {Name: "Sale", Target: "https://shop.example/sale"},
		}
		pixels := picture(t, "png", 300, 250)
		for _, c := range []struct {
			name string
			kind creative.Kind
			with func(m *creative.Material)
			want string
		}{
			{"a banner", creative.Banner, nil, ""},
			{"a text link", creative.Words, nil, ""},
			{"a letter", creative.Letter, nil, ""},
			{"a page", creative.Goal, nil, ""},
			{"no name", creative.Words, func(m *creative.Material) { m.Name = " " }, "name_invalid"},
			{"no words", creative.Words, func(m *creative.Material) { m.Text = "" }, "text_invalid"},
			{"words in two lines", creative.Words, func(m *creative.Material) { m.Text = "a\nb" }, "text_invalid"},
			{"a letter without a link", creative.Letter, func(m *creative.Material) { m.Text = "Hello" }, "placeholder_missing"},
			{"a letter without a subject", creative.Letter, func(m *creative.Material) { m.Subject = "" }, "subject_invalid"},
			{"a page without an address", creative.Goal, func(m *creative.Material) { m.Target = "" }, "target_invalid"},
			{"a page of another shop", creative.Goal, func(m *creative.Material) { m.Target = "https://evil.example/" }, "target_not_allowed"},
			{"a language that cannot be", creative.Words, func(m *creative.Material) { m.Locale = "English" }, "locale_invalid"},
			{"an end before the start", creative.Words, func(m *creative.Material) { m.Starts, m.Ends = d.Now(), d.Now().Add(-time.Hour) }, "ends_invalid"},
			{"a kind that is none", "video", nil, "kind_invalid"},
		} {
			m := good[c.kind]
			if c.kind == "video" {
				m.Name = "Video"
			}
			m.Kind = c.kind
			if c.with != nil {
				c.with(&m)
			}
			var made creative.Material
			err := d.Write(ctx, func(tx *db.Tx) (err error) {
				made, err = creative.Add(ctx, tx, prog, m, pixels)
				return err
			})
			if problem.Code(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if err != nil {
				continue
			}
			if got, err := creative.Get(ctx, d.Read(), made.ID); err != nil || got != made {
				t.Errorf("%s: got %+v, %v, want %+v", c.name, got, err, made)
			}
			if made.Kind != creative.Banner {
				if _, err := creative.PictureOf(ctx, d.Read(), made.ID); problem.Code(err) != "picture_unknown" {
					t.Errorf("%s has a picture: %v", c.name, err)
				}
			} else if p, err := creative.PictureOf(ctx, d.Read(), made.ID); err != nil || !bytes.Equal(p.Body, pixels) || made.Width != 300 || made.Height != 250 {
				t.Errorf("%s: picture %+v, %v", c.name, made, err)
			}
		}
		if list, err := creative.Library(ctx, d.Read(), prog.ID); err != nil || len(list) != 4 {
			t.Errorf("%d in the library, %v", len(list), err)
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := creative.Add(ctx, tx, prog, creative.Material{Kind: creative.Banner}, nil)
			return err
		})
		if p, ok := problem.As(err); !ok || len(p.Fields) != 2 {
			t.Errorf("all that is wrong is said at once: %v", err)
		}
	})
}

func TestStateOfMaterial(t *testing.T) {
	now := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		m    creative.Material
		want string
	}{
		{"always", creative.Material{}, creative.Offered},
		{"not yet", creative.Material{Starts: now.Add(1)}, creative.Scheduled},
		{"from now on", creative.Material{Starts: now}, creative.Offered},
		{"until now", creative.Material{Ends: now}, creative.Over},
		{"put away", creative.Material{Ends: now, Archived: now}, creative.Archived},
	} {
		if got := c.m.State(now); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// materialOf adds a text link.
func materialOf(t testing.TB, d *db.DB, prog program.Program, target string) (m creative.Material) {
	t.Helper()
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		m, err = creative.Add(ctx, tx, prog, creative.Material{Kind: creative.Words, Name: "Words", Text: "Tents", Target: target}, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOneLinkForEachPartnerAndMaterial(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, bob := shop(t, d)
		m, other := materialOf(t, d, prog, "https://shop.example/tents"), materialOf(t, d, prog, "")
		take := func(m creative.Material, who string) (l creative.Link) {
			if err := d.Write(ctx, func(tx *db.Tx) (err error) {
				l, err = creative.Take(ctx, tx, prog, m, who)
				return err
			}); err != nil {
				t.Error(err)
			}
			return l
		}
		var codes sync.Map
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { codes.Store(take(m, ann).Code, true) })
		}
		all.Wait()
		n := 0
		codes.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("twenty copies made %d links", n)
		}
		mine, theirs, second := take(m, ann), take(m, bob), take(other, ann)
		if mine.Code == theirs.Code || mine.Code == second.Code || mine.Target != m.Target || mine.Label != "Words" {
			t.Errorf("%+v %+v %+v", mine, theirs, second)
		}
		links, err := creative.Links(ctx, d.Read(), ann, "", 10)
		if err != nil || len(links) != 2 {
			t.Errorf("%d links, %v", len(links), err)
		}
		taken, err := creative.Taken(ctx, d.Read(), ann)
		if err != nil || len(taken) != 2 || taken[m.ID] != mine {
			t.Errorf("taken %v, %v", taken, err)
		}
		uses, err := creative.Uses(ctx, d.Read(), prog.ID)
		if err != nil || len(uses) != 3 {
			t.Errorf("uses %v, %v", uses, err)
		}
	})
}

func TestLinksFollowTheirMaterial(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		prog, ann, _ := shop(t, d)
		m := materialOf(t, d, prog, "https://shop.example/tents")
		s, err := creative.Load(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		var l creative.Link
		step := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		leads := func(want string) {
			t.Helper()
			if err := s.Refresh(ctx); err != nil {
				t.Fatal(err)
			}
			if p, ok, err := s.Find(ctx, l.Code); err != nil || !ok || p.Target != want {
				t.Errorf("leads to %s, %v; want %s", p.Target, err, want)
			}
		}
		step(func(tx *db.Tx) (err error) { l, err = creative.Take(ctx, tx, prog, m, ann); return err })
		leads("https://shop.example/tents")
		m.Target, m.Name, m.Kind = "https://shop.example/packs", "Packs", creative.Banner
		step(func(tx *db.Tx) (err error) { m, err = creative.Change(ctx, tx, prog, m); return err })
		leads("https://shop.example/packs")
		if m.Kind != creative.Words || m.Name != "Packs" {
			t.Errorf("changed into %+v", m)
		}
		for _, away := range []bool{true, true, false} {
			step(func(tx *db.Tx) error { return creative.Archive(ctx, tx, m.ID, away) })
			if got, err := creative.Get(ctx, d.Read(), m.ID); err != nil || got.Archived.IsZero() == away {
				t.Errorf("archived %t: %+v, %v", away, got, err)
			}
		}
		leads("https://shop.example/packs")
	})
}

func TestSnippets(t *testing.T) {
	nasty := `Tents "for" <two> & 'more'`
	banner := creative.Material{ID: "crv_1", Kind: creative.Banner, Name: nasty, Format: "jpeg", Width: 300, Height: 250}
	for _, c := range []struct{ name, got, want string }{
		{"a banner", banner.HTML("https://p.example/c/a?x=1&y=2", "a", "https://p.example"),
			`<a href="https://p.example/c/a?x=1&amp;y=2" rel="sponsored nofollow"><img src="https://p.example/b/crv_1.jpg?l=a" width="300" height="250" alt="Tents &#34;for&#34; &lt;two&gt; &amp; &#39;more&#39;"></a>`},
		{"a text link", creative.Material{Kind: creative.Words, Text: nasty}.HTML("https://p.example/c/a", "a", ""),
			`<a href="https://p.example/c/a" rel="sponsored nofollow">Tents &#34;for&#34; &lt;two&gt; &amp; &#39;more&#39;</a>`},
		{"a text link to post", creative.Material{Kind: creative.Words, Text: nasty}.Plain("https://p.example/c/a"), nasty + " https://p.example/c/a"},
		{"a letter", creative.Material{Kind: creative.Letter, Text: "See {link}, once more {link}."}.Plain("L"), "See L, once more L."},
		{"a page", creative.Material{Kind: creative.Goal}.Plain("L"), "L"},
		{"an address that would break out", creative.Material{Kind: creative.Words, Text: "x"}.HTML(`https://p.example/c/a"><script>`, "a", ""),
			`<a href="https://p.example/c/a&#34;&gt;&lt;script&gt;" rel="sponsored nofollow">x</a>`},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, c.got, c.want)
		}
	}
	if strings.Count(banner.HTML("a", "b", "c"), "<") != 3 {
		t.Error("a name made a tag")
	}
}
