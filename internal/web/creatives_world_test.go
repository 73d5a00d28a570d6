package web

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
)

// pixels is a picture of a size.
func pixels(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err) // no picture is too hard to write
	}
	return b.Bytes()
}

// material adds a creative to Acme's library.
func (w *world) material(m creative.Material, picture []byte) (made creative.Material) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = creative.Add(ctx, tx, w.acme, m, picture)
		return err
	})
	return made
}

// takes gives a partner the link for a creative.
func (w *world) takes(name string, m creative.Material) (l creative.Link) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		l, err = creative.Take(ctx, tx, w.acme, m, w.pts[name].ID)
		return err
	})
	return l
}

// creativePages are an address of every GET route of creativeRoutes and settingsRoutes, and who reads it.
func (w *world) creativePages() []struct{ route, address, reader string } {
	banner := w.material(creative.Material{Kind: creative.Banner, Name: `"Tents" <for> two`, Locale: "en"}, pixels(300, 250))
	letter := w.material(creative.Material{Kind: creative.Letter, Name: "Letter", Subject: "Hills", Text: "See {link}", Locale: "fr"}, nil)
	w.takes("Marta’s Kitchen", banner)
	marta, base := w.pts["Marta’s Kitchen"].ID, "/console/acme"
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/creatives", base + "/creatives", "owner"},
		{"GET /console/{program}/creatives", base + "/creatives?show=archived", "analyst"},
		{"GET /console/{program}/creatives/new", base + "/creatives/new", "owner"},
		{"GET /console/{program}/creatives/new", base + "/creatives/new?kind=email", "owner"},
		{"GET /console/{program}/creatives/{crv}", base + "/creatives/" + banner.ID, "owner"},
		{"GET /console/{program}/creatives/{crv}", base + "/creatives/" + letter.ID, "analyst"},
		{"GET /console/{program}/links", base + "/links?q=kitchen", "owner"},
		{"GET /console/{program}/links/{lnk}", base + "/links/" + w.links["Marta’s Kitchen"].ID, "owner"},
		{"GET /console/{program}/contracts", base + "/contracts", "owner"},
		{"GET /console/{program}/contracts", base + "/contracts?show=own&q=otter", "analyst"},
		{"GET /console/{program}/contracts/{pts}", base + "/contracts/" + marta, "owner"},
		{"GET /partner/{pts}/creatives", "/partner/" + marta + "/creatives", "Marta’s Kitchen"},
		{"GET /partner/{pts}/creatives", "/partner/" + marta + "/creatives?kind=email&lang=fr&size=300+%C3%97+250", "Marta’s Kitchen"},
		{"GET /partner/{pts}/creatives/{crv}", "/partner/" + marta + "/creatives/" + banner.ID, "Marta’s Kitchen"},
		{"GET /partner/{pts}/creatives/{crv}", "/partner/" + marta + "/creatives/" + letter.ID, "Marta’s Kitchen"},
		{"GET /console/{program}/settings/terms", base + "/settings/terms", "owner"},
		{"GET /console/{program}/settings/terms", base + "/settings/terms", "analyst"},
		{"GET /console/{program}/settings/questions", base + "/settings/questions", "owner"},
		{"GET /console/{program}/settings/questions", base + "/settings/questions", "analyst"},
		{"GET /console/{program}/settings/tracking", base + "/settings/tracking", "owner"},
		{"GET /console/{program}/settings/tracking", base + "/settings/tracking", "analyst"},
		{"GET /console/{program}/settings/keeping", base + "/settings/keeping", "owner"},
		{"GET /console/{program}/settings/keeping", base + "/settings/keeping", "analyst"},
		{"GET /console/{program}/settings/tokens", base + "/settings/tokens", "owner"},
		{"GET /console/{program}/settings/brand", base + "/settings/brand", "owner"},
		{"GET /console/{program}/settings/brand", base + "/settings/brand", "analyst"},
		{"GET /console/{program}/settings", base + "/settings", "analyst"},
	}
}
