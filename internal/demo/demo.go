// Package demo is a believable brand with a shop of its own, whose ninety days are told through the doors that everybody
// uses. It writes no row that another package owns by itself, and it fills only a database that is empty.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// Fill tells the story of ninety days that end where the clock does, in the database of an installation that was opened with
// it and that nothing else uses meanwhile. base is where the installation will be served. The same seed and the same last day
// give the same figures; ids differ.
func Fill(ctx context.Context, a *app.App, clock *Clock, base string, seed uint64, progress io.Writer) (*Story, error) {
	return fill(ctx, a, clock, base, seed, 1, progress)
}

func fill(ctx context.Context, a *app.App, clock *Clock, base string, seed uint64, scale float64, progress io.Writer) (*Story, error) {
	state, _, err := Look(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	if state != Empty {
		return nil, fmt.Errorf("the database is not empty, it is %s", state)
	}
	if err := begin(ctx, a.DB); err != nil {
		return nil, err
	}
	w := &walk{a: a, clock: clock, story: &Story{Base: base, Seed: seed, End: clock.end}, door: door{a.Handler},
		staff: map[auth.Role]string{}, known: map[string]string{},
		library: map[string]creative.Material{}, taken: map[string]string{}}
	if err := w.found(ctx); err != nil {
		return nil, fmt.Errorf("found the brand: %w", err)
	}
	if err := w.through(ctx, draft(seed, clock.end, scale), progress); err != nil {
		return nil, err
	}
	return w.story, w.story.keep(ctx, a.DB)
}

// found makes the brand, its team, its program and the shop's token.
func (w *walk) found(ctx context.Context) error {
	hash, err := auth.NewPassword(ctx, password)
	if err != nil {
		return err
	}
	err = w.a.DB.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, brandName, brandSlug)
		if err != nil {
			return err
		}
		for _, c := range team {
			who, err := auth.Create(ctx, tx, auth.Person{Name: c.name, Email: c.email})
			if err != nil {
				return err
			}
			if err := auth.SetPassword(ctx, tx, who.ID, hash); err != nil {
				return err
			}
			if err := auth.Join(ctx, tx, who.ID, brand.ID, c.role); err != nil {
				return err
			}
			w.staff[c.role] = who.ID
		}
		if w.program, err = offer(ctx, tx, brand, w.story.Base, w.staff[auth.Owner]); err != nil {
			return err
		}
		_, w.story.Token, err = auth.NewToken(ctx, tx, brand.ID, "The shop's server", auth.Live, auth.WriteConversions)
		return err
	})
	w.story.Program, w.key = w.program.ID, w.program.Secret
	w.shop = inside(w.a.Handler, w.story)
	return err
}

// offer makes the program.
func offer(ctx context.Context, tx *db.Tx, brand program.Brand, base, author string) (program.Program, error) {
	terms, err := json.Marshal(defaults)
	if err != nil {
		return program.Program{}, err
	}
	landing, domains, err := grounds(base)
	if err != nil {
		return program.Program{}, err
	}
	return program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: brandSlug, Name: brandName + " Partners", Description: description,
		Currency: "EUR", Timezone: timezone, Locale: "en", Landing: landing, Domains: domains, Events: []string{"sale", "lead", "call"},
		Form: questions, Defaults: terms}, models[0].model, author)
}

// grounds are where the program's links may lead: to the shop.
func grounds(base string) (landing string, domains []string, err error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return "", nil, fmt.Errorf("%q is not a base URL", base)
	}
	return base + "/shop/", []string{u.Host}, nil
}

// inside is the shop's client of the API: it calls the handler of its own process.
func inside(h http.Handler, s *Story) *client.Client {
	return client.New(s.Base, s.Token, client.Options{HTTP: &http.Client{Transport: door{h}}})
}
