package track_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
)

// change writes settings of the shop's program anew, and lets the doors see them.
func (s shop) change(t *testing.T, d *db.DB, with func(p *program.Program)) {
	t.Helper()
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		p, err := program.Get(ctx, tx, s.prog.ID)
		if err != nil {
			return err
		}
		with(&p)
		_, err = program.Change(ctx, tx, p)
		return err
	})
	if err == nil {
		err = s.links.Refresh(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s shop) order(t *testing.T, d *db.DB, order string) conversion.Conversion {
	t.Helper()
	c, err := conversion.ByOrder(context.Background(), d.Read(), s.prog.ID, "sale", order)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhomAPostbackIsBelieved sends one with each sort of proof.
func TestWhomAPostbackIsBelieved(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		s.change(t, d, func(p *program.Program) {
			p.TagSales, p.PostbackNames = true, map[string][]string{"order_id": {"invoice"}, "amount": {"value"}, "total": {"sum"}}
		})
		signed := func(query string) string {
			mac := hmac.New(sha256.New, []byte(s.prog.Secret))
			mac.Write([]byte(query))
			return query + "&sig=" + hex.EncodeToString(mac.Sum(nil))
		}
		key := "&key=" + s.prog.Secret
		for _, c := range []struct{ name, query, want string }{
			{"by nobody", "order=1&amount=900&currency=EUR", "OK cnv_"},
			{"by a signature", signed("order=1&amount=12.50&currency=EUR&format=text"), "OK cnv_"},
			{"the same again", signed("order=1&amount=12.50&currency=EUR&format=text"), "DUPLICATE cnv_"},
			{"by nobody, afterwards", "order=1&amount=1&currency=EUR", "DUPLICATE cnv_"},
			{"another amount with the key", "order=1&amount=13&currency=EUR" + key, "ERROR order_differs"},
			{"a signature of something else", signed("order=2&amount=1&currency=EUR&format=text") + "&amount=2", "ERROR parameter_doubled"},
			{"more than was signed", signed("order=2&amount=1&currency=EUR&format=text") + "&customer=2", "ERROR signature_wrong"},
			{"the program's own names", "invoice=3&value=10&sum=14&tax=4&currency=EUR" + key, "OK cnv_"},
			{"a total that is another one", "invoice=4&value=10&sum=15&tax=4&currency=EUR" + key, "ERROR total_differs"},
			{"a refund by nobody", "order=1&status=refunded", "ERROR key_missing"},
			{"a verdict", "order=L1&event=lead&status=disqualified" + key, "OK vrd_"},
		} {
			query := c.query
			if !strings.Contains(query, "format=") {
				query += "&format=text"
			}
			if got := s.get("/postback/ann?" + query).Body.String(); !strings.HasPrefix(got, c.want) && !strings.Contains(got, strings.TrimPrefix(c.want, "ERROR ")) {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		s.change(t, d, func(p *program.Program) { p.TagSales = false })
		if w := s.get("/postback/ann?order=9&amount=1&currency=EUR"); w.Code != 403 {
			t.Errorf("without a key, of a program that takes no such: %d %s", w.Code, w.Body)
		}
		if c := s.order(t, d, "1"); c.Amount.Decimal() != "12.50" || c.Source != conversion.FromPostback {
			t.Errorf("the order stands at %s by %s", c.Amount, c.Source)
		}
		if c := s.order(t, d, "3"); c.Amount.Decimal() != "10.00" || c.Detail.Tax != 400 || c.Detail.Total != 1400 {
			t.Errorf("by names of its own: %+v", c)
		}
	})
}

func TestPixel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		page := s.prog.Landing
		show := func(query, referer string) string {
			t.Helper()
			w := s.ask("GET", "/postback/ann/pixel.gif?"+query, "", "Referer", referer)
			if w.Code != 200 || w.Header().Get("Content-Type") != "image/gif" || !strings.HasPrefix(w.Body.String(), "GIF89a") {
				t.Errorf("%s: %d %s", query, w.Code, w.Header())
			}
			return w.Header().Get("Tributary-Result")
		}
		s.change(t, d, func(p *program.Program) { p.TagSales = false })
		if got := show("order=1&amount=1&currency=EUR", page); got != "tag_sales_off" {
			t.Errorf("a program that takes none: %s", got)
		}
		s.change(t, d, func(p *program.Program) { p.TagSales = true })
		for _, c := range []struct{ name, query, referer, want string }{
			{"from a page of the program", "order=1&amount=12.50&currency=EUR&key=" + s.prog.Secret, page, "kept"},
			{"again", "order=1&amount=12.50&currency=EUR", page, "duplicate"},
			{"from elsewhere", "order=2&amount=1&currency=EUR", "https://elsewhere.example/", "origin_not_allowed"},
			{"from nowhere", "order=2&amount=1&currency=EUR", "", "origin_not_allowed"},
			{"a refund", "order=1&status=refunded&key=" + s.prog.Secret, page, "key_missing"},
			{"nonsense", "amount=x", page, "input_invalid"},
		} {
			if got := show(c.query, c.referer); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		if c := s.order(t, d, "1"); c.Source.Trusted() {
			t.Errorf("a pixel is trusted: %+v", c)
		}
	})
}
