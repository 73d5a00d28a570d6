package track_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

// shop is a program with one partner, one link and its doors.
type shop struct {
	db     *db.DB
	prog   program.Program
	link   creative.Link
	keys   touch.Keys
	keeper *touch.Keeper
	links  *creative.Snapshot
	line   *commission.Line
	door   *track.Door
}

func openShop(t testing.TB, d *db.DB, slug string) shop {
	t.Helper()
	ctx := context.Background()
	keys, err := touch.LoadKeys(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	s := shop{db: d, keys: keys}
	err = d.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, slug, slug)
		if err != nil {
			return err
		}
		s.prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: slug, Name: slug, Currency: "EUR", Landing: "https://shop.example/",
			Domains: []string{"shop.example", "127.0.0.1:9999"}, TagSales: true}, program.Model{}, "test")
		if err != nil {
			return err
		}
		who, err := partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: slug + "@blog.example"})
		if err != nil {
			return err
		}
		in, err := partner.Apply(ctx, tx, s.prog, who, nil)
		if err != nil {
			return err
		}
		if _, err := commission.Accept(ctx, tx, keys, in.ID, nil, "test"); err != nil {
			return err
		}
		if _, err := creative.CreateCode(ctx, tx, s.prog.ID, in.ID, "ann10"); err != nil {
			return err
		}
		s.link, err = creative.CreateLink(ctx, tx, s.prog, creative.Link{Partnership: in.ID, Code: slug})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.links, err = creative.Load(ctx, d); err != nil {
		t.Fatal(err)
	}
	s.keeper, s.line = touch.NewKeeper(d), commission.NewLine(d, keys)
	s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: keys, Line: s.line})
	t.Cleanup(func() {
		s.keeper.Close()
		s.line.Close()
	})
	return s
}

// exchange is a request and its answer.
type exchange struct {
	r *http.Request
	w *httptest.ResponseRecorder
}

func httpGet(path, from string, header ...string) exchange {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("User-Agent", person)
	r.Header.Set("Accept-Language", "de")
	r.RemoteAddr = from
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return exchange{r, httptest.NewRecorder()}
}

// book remembers nothing that is not true.
var book report.Book

// sells is an order that names a click.
func (s shop) sells(click, amount string) {
	if _, err := s.line.Credit(context.Background(), conversion.New{Program: s.prog.ID, Order: "order of " + click, Amount: amount, Currency: "EUR", Click: click}); err != nil {
		panic(err)
	}
}
