package touch_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
)

func newProgram(t testing.TB, d *db.DB, slug string) program.Program {
	t.Helper()
	var prog program.Program
	err := d.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, slug, slug)
		if err == nil {
			prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: slug, Name: slug, Currency: "EUR",
				Landing: "https://" + slug + ".example/"}, program.Model{}, "test")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

func click(prog, id string, at time.Time) touch.Touch {
	return touch.Touch{ID: id, Program: prog, Kind: touch.Click, Partnership: "pts_1", Link: "lnk_1", Who: touch.WhoClick(id), At: at}
}

func keep(t testing.TB, d *db.DB, touches ...touch.Touch) {
	t.Helper()
	k := touch.NewKeeper(d)
	defer k.Close()
	for _, one := range touches {
		if err := k.Keep(ctx, one); err != nil {
			t.Fatal(err)
		}
	}
}

func expand(t testing.TB, d *db.DB, also touch.Also) int {
	t.Helper()
	var all int
	for {
		n, err := touch.Expand(ctx, d, 100, also)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return all
		}
		all += n
	}
}

func ids(touches []touch.Touch) string {
	var list []string
	for _, t := range touches {
		list = append(list, t.ID)
	}
	return fmt.Sprint(list)
}

func TestKeptTouchesAreExpandedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		shop, other := newProgram(t, d, "shop"), newProgram(t, d, "other")
		full := touch.Touch{ID: "b", Program: shop.ID, Kind: touch.Click, Partnership: "pts_1", Link: "lnk_1", Who: "c:b", At: noon, Mark: touch.Bot,
			URL: "u", Referrer: "r", Agent: "a", Address: "192.0.2.0", Sub: [5]string{"1", "2", "3", "4", "5"}, Shared: "s"}
		landing := touch.Touch{ID: "l", Program: shop.ID, Kind: touch.Landing, Who: "v:1", At: noon, Click: "b"}
		keep(t, d, full, click(shop.ID, "a", noon), click(other.ID, "c", noon), landing)
		keep(t, d, click(shop.ID, "a", noon))
		var also []touch.Touch
		n := expand(t, d, func(_ context.Context, _ *db.Tx, touches []touch.Touch) error {
			also = append(also, touches...)
			return nil
		})
		if n != 5 || len(also) != 4 {
			t.Errorf("expanded %d, of which %s were new", n, ids(also))
		}
		got, err := touch.Of(ctx, d.Read(), shop.ID, []string{"c:a", "c:b", "v:1"}, noon, noon)
		if err != nil || ids(got) != "[a b]" {
			t.Fatalf("touches %s, %v", ids(got), err)
		}
		if got[1].Turn == 0 {
			t.Error("the touch has no turn")
		}
		if full.Turn = got[1].Turn; got[1] != full {
			t.Errorf("got %+v, want %+v", got[1], full)
		}
		if n := expand(t, d, nil); n != 0 {
			t.Errorf("%d touches were left in the journal", n)
		}
	})
}

func TestExpandIsAllOrNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		shop := newProgram(t, d, "shop")
		keep(t, d, click(shop.ID, "a", noon))
		failure := errors.New("no")
		if _, err := touch.Expand(ctx, d, 10, func(context.Context, *db.Tx, []touch.Touch) error { return failure }); !errors.Is(err, failure) {
			t.Fatalf("got %v", err)
		}
		if got, _ := touch.Named(ctx, d.Read(), []string{"a"}); len(got) != 0 {
			t.Error("a touch without its consequences")
		}
		if n := expand(t, d, nil); n != 1 {
			t.Errorf("%d touches were expanded afterwards", n)
		}
	})
}

func TestManyKeepersAndForwarders(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		shop := newProgram(t, d, "shop")
		const writers, each = 50, 20
		forwarding, stop := context.WithCancel(ctx)
		var forwarders, keeping sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		also := func(_ context.Context, tx *db.Tx, touches []touch.Touch) error {
			tx.After(func() {
				mu.Lock()
				defer mu.Unlock()
				for _, t := range touches {
					seen[t.ID]++
				}
			})
			return nil
		}
		for range 3 {
			forwarders.Go(func() { touch.Forward(forwarding, d, slog.Default(), also) })
		}
		keepers := []*touch.Keeper{touch.NewKeeper(d), touch.NewKeeper(d)}
		for w := range writers {
			keeping.Go(func() {
				for n := range each {
					if err := keepers[w%2].Keep(ctx, click(shop.ID, fmt.Sprintf("%d.%d", w, n), noon)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		keeping.Wait()
		for _, k := range keepers {
			k.Close()
		}
		stop()
		forwarders.Wait()
		expand(t, d, also)
		if len(seen) != writers*each {
			t.Errorf("%d touches instead of %d", len(seen), writers*each)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s was told %d times", id, n)
			}
		}
	})
}

func TestKeeperFullAndClosed(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	shop := newProgram(t, d, "shop")
	k := touch.NewKeeper(d)
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		d.Write(ctx, func(*db.Tx) error { close(held); <-hold; return nil })
	})
	<-held
	var mu sync.Mutex
	var kept, busy int
	for n := range 10_000 {
		all.Go(func() {
			err := k.Keep(ctx, click(shop.ID, fmt.Sprint(n), noon))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				kept++
			case errors.Is(err, db.ErrBusy):
				busy++
			default:
				t.Error(err)
			}
		})
	}
	for full := false; !full; time.Sleep(time.Millisecond) {
		mu.Lock()
		full = busy > 0
		mu.Unlock()
	}
	late, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if err := k.Keep(late, click(shop.ID, "late", noon)); err == nil {
		t.Error("kept while nothing could be written")
	}
	close(hold)
	all.Wait()
	k.Close()
	if err := k.Keep(ctx, click(shop.ID, "closed", noon)); !errors.Is(err, db.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if n := expand(t, d, nil); n != kept && n != kept+1 { // one more when there was room for the late one
		t.Errorf("%d answered, %d in the journal", kept, n)
	}
}

func TestListGoesOn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		shop := newProgram(t, d, "shop")
		var all []touch.Touch
		for n := range 7 {
			one := click(shop.ID, fmt.Sprintf("%c", 'a'+n), noon.Add(time.Duration(n/3)*time.Second))
			if n == 2 {
				one.Partnership, one.Link = "pts_2", "lnk_2"
			}
			all = append(all, one)
		}
		keep(t, d, all...)
		expand(t, d, nil)
		for _, c := range []struct {
			name string
			f    touch.Filter
			want string
		}{
			{"newest first, page by page", touch.Filter{Limit: 2}, "[g f] [e d] [c b] [a]"},
			{"of a partner", touch.Filter{Partnership: "pts_2", Limit: 2}, "[c]"},
			{"by a link", touch.Filter{Link: "lnk_1", Limit: 4}, "[g f e d] [b a]"},
			{"from and to", touch.Filter{From: noon.Add(time.Second), To: noon.Add(2 * time.Second), Limit: 9}, "[f e d]"},
		} {
			var got []string
			for c.f.Program = shop.ID; ; {
				page, err := touch.List(ctx, d.Read(), c.f)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) > 0 {
					got = append(got, ids(page))
				}
				if len(page) < c.f.Limit {
					break
				}
				c.f.After = page[len(page)-1].Cursor()
			}
			if text := fmt.Sprint(got); text != "["+c.want+"]" {
				t.Errorf("%s: %s, want [%s]", c.name, text, c.want)
			}
		}
		if _, err := touch.List(ctx, d.Read(), touch.Filter{Program: shop.ID, After: "x", Limit: 1}); err == nil {
			t.Error("a cursor of nobody's is taken")
		}
	})
}

func TestCounts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		shop := newProgram(t, d, "shop")
		paris, err := time.LoadLocation("Europe/Paris")
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2026, 3, 29, 0, 0, 0, 0, paris) // the day of 23 hours
		at := []time.Time{day.Add(-time.Millisecond), day, day.Add(23*time.Hour - time.Millisecond), day.Add(23 * time.Hour)}
		var all []touch.Touch
		for n, at := range at {
			one := click(shop.ID, fmt.Sprint(n), at)
			one.Sub[1] = []string{"x", "y", "y", ""}[n]
			all = append(all, one)
		}
		bot, theirs := click(shop.ID, "bot", day), click(shop.ID, "theirs", day)
		bot.Mark, theirs.Partnership, theirs.Link = touch.Bot, "pts_2", "lnk_2"
		keep(t, d, append(all, bot, theirs)...)
		expand(t, d, nil)
		from, to := day.AddDate(0, 0, -1), day.AddDate(0, 0, 3)
		partners, err := touch.ByPartnership(ctx, d.Read(), shop.ID, from, to)
		if err != nil || fmt.Sprint(partners) != "map[pts_1:4 pts_2:1]" {
			t.Errorf("partners %v, %v", partners, err)
		}
	})
}
