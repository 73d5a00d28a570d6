package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
)

// handout is a creative of the brand. A banner has a size and a slogan, the others have words.
type handout struct {
	key           string // by which partners take it
	kind          creative.Kind
	name, locale  string
	width, height int
	slogan        string
	subject, text string
	page          string // of the shop; empty: where every link leads
}

const mended, durable = "MADE TO BE MENDED", "FAIT POUR DURER"

var handouts = []handout{
	{key: "box", kind: creative.Banner, name: "Hills, medium rectangle", locale: "en", width: 300, height: 250, slogan: mended, text: "Birkwild: outdoor gear made to be mended"},
	{key: "leader", kind: creative.Banner, name: "Hills, leaderboard", locale: "en", width: 728, height: 90, slogan: mended, text: "Birkwild: outdoor gear made to be mended"},
	{key: "tower", kind: creative.Banner, name: "Hills, skyscraper", locale: "en", width: 160, height: 600, slogan: mended, text: "Birkwild: outdoor gear made to be mended"},
	{key: "mobile", kind: creative.Banner, name: "Hills, mobile", locale: "en", width: 320, height: 50, slogan: mended, text: "Birkwild: outdoor gear made to be mended"},
	{key: "social", kind: creative.Banner, name: "Hills, for sharing", locale: "en", width: 1200, height: 628, slogan: mended, text: "Birkwild: outdoor gear made to be mended"},
	{key: "boite", kind: creative.Banner, name: "Collines, pavé", locale: "fr", width: 300, height: 250, slogan: durable, text: "Birkwild : du matériel fait pour durer"},
	{key: "bandeau", kind: creative.Banner, name: "Collines, bandeau", locale: "fr", width: 728, height: 90, slogan: durable, text: "Birkwild : du matériel fait pour durer"},
	{key: "words", kind: creative.Words, name: "Text link, repairs", locale: "en", text: "Outdoor gear from Freiburg that is mended, not thrown away"},
	{key: "mots", kind: creative.Words, name: "Lien texte, réparation", locale: "fr", text: "Du matériel de plein air que l’on répare au lieu de le jeter"},
	{key: "letter", kind: creative.Letter, name: "Newsletter, autumn", locale: "en", subject: "Four days in the hills, and what to take along",
		text: "Hello,\n\nthe huts are still open and the paths are quiet: this is the time to go. I pack what can be mended afterwards, and most of it comes from a former sawmill near Freiburg.\n\nTheir tent for two and the 45-litre pack are here: {link}\n\nWhatever breaks, they repair it.\n\nSee you outside"},
	{key: "tents", kind: creative.Goal, name: "The tent for two", page: "/shop/p/biwak-2"},
}

// takes says which creatives a partner uses, by the partner's address.
var takes = map[string][]string{
	"lena@huettenzauber.example":   {"box", "letter"},
	"office@gipfeltest.example":    {"leader"},
	"vorstand@fernwandern.example": {"tower", "words"},
	"elodie@lesacleger.example":    {"boite", "mots"},
	"team@packwijzer.example":      {"words"},
	"partners@nordlys.example":     {"mobile", "leader"},
}

// hangOut puts the brand's creatives into its library.
func hangOut(ctx context.Context, w *walk) error {
	for i, h := range handouts {
		var picture []byte
		if h.kind == creative.Banner {
			var err error
			if picture, err = banner(h.width, h.height, h.slogan); err != nil {
				return err
			}
		}
		m := creative.Material{Kind: h.kind, Name: h.name, Locale: h.locale, Place: int64(10 * (i + 1)), Subject: h.subject, Text: h.text,
			Author: w.staff[auth.Manager]}
		if h.page != "" {
			m.Target = w.story.Base + h.page
		}
		w.clock.pass(2 * time.Minute)
		if err := w.a.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if m, err = creative.Add(ctx, tx, w.program, m, picture); err != nil {
				return err
			}
			return w.record(ctx, tx, auth.Manager, audit.CreativeAdd, m.ID)
		}); err != nil {
			return fmt.Errorf("add %s: %w", h.name, err)
		}
		w.library[h.key] = m
	}
	return nil
}

// take gives a partner the links for its creatives.
func (a *ally) take(ctx context.Context, w *walk) error {
	for _, key := range takes[a.Email] {
		w.clock.pass(2 * time.Minute)
		if err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
			l, err := creative.Take(ctx, tx, w.program, w.library[key], w.known[a.Email])
			w.taken[a.Email+" "+key] = l.Code
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
