package track_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/refusal"
	"github.com/tributary-hq/tributary/internal/track"
)

func TestAClickIDOfSomebodyElsesLosesNoSale(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/?ref=ann","ref":"ann"}`, visitor))
		s.meet(t)
		for i, click := range []string{"CjwKCAjw_another.network", strings.Repeat("A", 38), "x"} {
			status, answer, _ := s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"click":%q,"order":"%d","amount":"10","currency":"EUR"}`, visitor, click, i))
			if status != http.StatusOK {
				t.Errorf("%q: %d %s", click, status, answer)
			}
		}
		owed, err := commission.List(context.Background(), d.Read(), commission.Filter{Program: s.prog.ID, Limit: 9})
		if err != nil || len(owed) != 3 || owed[0].Amount.Minor != 100 {
			t.Errorf("the visitor's own partner is owed %+v %v", owed, err)
		}
	})
}

func TestWhatAPictureReportsAndIsRefusedIsCounted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		book := refusal.New(d)
		s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line, Refused: book})
		page := []string{"Referer", "https://shop.example/thanks"}
		s.get("/postback/ann/pixel.gif?order=1&amount=x&currency=EUR", page...)
		s.get("/postback/ann/pixel.gif?order=1&amount=1&currency=EUR")
		s.get("/t/ann.gif?order=1&amount=x&currency=EUR", page...)
		s.get("/postback/nobody/pixel.gif?order=1", page...)
		s.get("/postback/ann/pixel.gif?order=2&amount=1&currency=EUR", page...)
		if err := book.Flush(context.Background()); err != nil {
			t.Fatal(err)
		}
		list, err := refusal.Since(context.Background(), d.Read(), s.prog.ID, d.Now().Add(-time.Hour))
		var got []string
		for _, r := range list {
			got = append(got, fmt.Sprintf("%s %s %d", r.Way, r.Reason, r.N))
		}
		slices.Sort(got)
		if want := []string{"postback amount_invalid 1", "postback origin_not_allowed 1", "tag amount_invalid 1"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%v %v, want %v", got, err, want)
		}
	})
}
