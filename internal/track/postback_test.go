package track_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// answered is the code of a problem, or else the id.
func answered(t *testing.T, body []byte) (code, id string, duplicate bool) {
	t.Helper()
	var a struct {
		Code, Type, ID string
		Duplicate      bool
	}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%q: %v", body, err)
	}
	if a.Code != "" && a.Type != "/problems/"+a.Code {
		t.Errorf("problem %s has the type %s", a.Code, a.Type)
	}
	return a.Code, a.ID, a.Duplicate
}

func (s shop) click() string {
	_, click, _ := strings.Cut(s.get("/c/"+s.link.Code).Header().Get("Location"), "tclid=")
	return click
}

func TestPostback(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		click := s.click()
		key := "key=" + s.prog.Secret + "&"
		for _, c := range []struct {
			name, program, query string
			status               int
			code                 string
		}{
			{"a sale", "ann", key + "order_id=1&amount=12.50&currency=EUR&click_id=" + click, 200, ""},
			{"by the program's id", s.prog.ID, key + "order_id=2&amount=12.50&currency=EUR", 200, ""},
			{"by other names", "ann", key + "txid=3&sum=12.50&currency=EUR&tclid=" + click + "&goal=lead&customer=c1&coupon=ann10&timestamp=1767225600", 200, ""},
			{"with a time", "ann", key + "order_id=4&amount=1&currency=EUR&at=2026-01-01T00:00:00Z&status=Approved", 200, ""},
			{"what is not known is passed over", "ann", key + "order_id=5&amount=1&currency=EUR&x=1&x=2&%zz=1", 200, ""},
			{"an empty key", "ann", "key=&order_id=6&amount=1&currency=EUR", 403, "key_wrong"},
			{"a wrong key", "ann", "key=x&order_id=6&amount=1&currency=EUR", 403, "key_wrong"},
			{"no such program", "bob", key + "order_id=6&amount=1&currency=EUR", 404, "program_unknown"},
			{"an impossible program", "%00%ff", key + "order_id=6&amount=1&currency=EUR", 404, "program_unknown"},
			{"given twice", "ann", key + "order_id=6&order_id=7&amount=1&currency=EUR", 422, "parameter_doubled"},
			{"given twice by two names", "ann", key + "order_id=6&txid=6&amount=1&currency=EUR", 422, "parameter_doubled"},
			{"badly escaped", "ann", key + "order_id=%zz&amount=1&currency=EUR", 422, "escape_invalid"},
			{"no order", "ann", key + "amount=1&currency=EUR", 422, "order_id_missing"},
			{"no amount", "ann", key + "order_id=6&currency=EUR", 422, "amount_missing"},
			{"a float", "ann", key + "order_id=6&amount=1e3&currency=EUR", 422, "amount_invalid"},
			{"less than nothing", "ann", key + "order_id=6&amount=-1&currency=EUR", 422, "amount_invalid"},
			{"no such currency", "ann", key + "order_id=6&amount=1&currency=XXQ", 422, "currency_unknown"},
			{"no such event", "ann", key + "order_id=6&amount=1&currency=EUR&event=dance", 422, "event_type_unknown"},
			{"no such click", "ann", key + "order_id=6&amount=1&currency=EUR&click_id=x", 422, "click_id_invalid"},
			{"a forged click", "ann", key + "order_id=6&amount=1&currency=EUR&click_id=" + strings.Repeat("A", 38), 422, "click_id_invalid"},
			{"no such status", "ann", key + "order_id=6&amount=1&currency=EUR&status=maybe", 422, "status_unknown"},
			{"no such time", "ann", key + "order_id=6&amount=1&currency=EUR&at=yesterday", 422, "at_invalid"},
			{"characters that cannot be kept", "ann", key + "order_id=%00%ff&amount=1&currency=EUR", 422, "order_id_invalid"},
			{"a refund", "ann", key + "order_id=1&status=refunded&refund_id=r1&amount=2.50&currency=EUR", 200, ""},
			{"of the whole", "ann", key + "order_id=2&status=cancelled", 200, ""},
			{"cancelled, with the amount said again", "ann", key + "order_id=1&status=cancelled&amount=12.50&currency=EUR", 200, ""},
			{"in part, without an id of its own", "ann", key + "order_id=1&status=refunded&amount=2.50&currency=EUR", 422, "refund_id_missing"},
			{"an amount of nothing", "ann", key + "order_id=6&amount=1", 422, "currency_missing"},
			{"before its order", "ann", key + "order_id=99&status=refunded", 200, ""},
		} {
			w := s.get("/postback/" + c.program + "?" + c.query)
			code, id, _ := answered(t, w.Body.Bytes())
			if w.Code != c.status || code != c.code || (id == "") != (c.code != "") {
				t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
			}
			if want := "application/problem+json"; c.code != "" && w.Header().Get("Content-Type") != want {
				t.Errorf("%s: content type %s", c.name, w.Header().Get("Content-Type"))
			}
			if strings.Contains(w.Body.String(), s.prog.Secret) {
				t.Errorf("%s: the key is told", c.name)
			}
		}
	})
}

func TestWhatIsCancelledIsTheWholeOrder(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s := openShop(t, d, "ann")
	key := "/postback/ann?key=" + s.prog.Secret + "&currency=EUR&"
	for _, query := range []string{
		"order_id=early&status=rejected&amount=100",
		"order_id=early&amount=100&promo_code=ann10",
		"order_id=late&amount=100&promo_code=ann10",
		"order_id=late&status=declined&amount=100",
		"order_id=part&amount=100&promo_code=ann10",
		"order_id=part&status=cancelled&amount=40&refund_id=r1",
	} {
		if w := s.get(key + query); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	owed, err := commission.List(context.Background(), d.Read(), commission.Filter{Program: s.prog.ID, Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]int{}
	for _, c := range owed {
		got[c.Amount.Minor]++
	}
	if got[600] != 1 || got[1000] != 0 {
		t.Errorf("owed %+v", owed)
	}
}

func TestPostbackByForm(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s := openShop(t, d, "ann")
	const form = "application/x-www-form-urlencoded; charset=utf-8"
	sale := "order_id=1&amount=12.50&currency=EUR"
	for _, c := range []struct {
		name, query, body, kind string
		status                  int
		code                    string
	}{
		{"all in the form", "", "key=" + s.prog.Secret + "&" + sale, form, 200, ""},
		{"the key in the address", "?key=" + s.prog.Secret, sale, form, 200, ""},
		{"given in both", "?order_id=1", "key=" + s.prog.Secret + "&" + sale, form, 422, "parameter_doubled"},
		{"something else", "?key=" + s.prog.Secret, `{"order_id":1}`, "application/json", 415, "content_type_unknown"},
		{"far too long", "", "x=" + strings.Repeat("x", 70_000), form, 413, "body_too_large"},
	} {
		w := s.ask(http.MethodPost, "/postback/ann"+c.query, c.body, "Content-Type", c.kind)
		if code, _, _ := answered(t, w.Body.Bytes()); w.Code != c.status || code != c.code {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}

func TestPostbackFiftyTimes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		path := "/postback/ann?key=" + s.prog.Secret + "&order_id=1&amount=12.50&currency=EUR&click_id=" + s.click()
		var mu sync.Mutex
		ids := map[string]int{}
		var first int
		var shops sync.WaitGroup
		for range 50 {
			shops.Go(func() {
				w := s.get(path)
				mu.Lock()
				defer mu.Unlock()
				_, id, duplicate := answered(t, w.Body.Bytes())
				ids[id]++
				if !duplicate {
					first++
				}
			})
		}
		shops.Wait()
		if len(ids) != 1 || first != 1 {
			t.Errorf("%d conversions, %d of them the first: %v", len(ids), first, ids)
		}
	})
}
