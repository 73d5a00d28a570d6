package track_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

const visitor = "0123456789abcdef0123456789abcdef"

func (s shop) say(body string, header ...string) (int, []byte, http.Header) {
	w := s.ask(http.MethodPost, "/t/"+s.prog.Slug, body, append([]string{"Origin", "https://www.shop.example", "Content-Type", "text/plain"}, header...)...)
	return w.Code, w.Body.Bytes(), w.Header()
}

func TestTagVisits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		other := openShop(t, d, "bob")
		for _, c := range []struct {
			name, click string
			want        touch.Kind
		}{
			{"by a click", s.click(), touch.Landing},
			{"directly", "", touch.Direct},
			{"with a forged click", strings.Repeat("A", 38), touch.Direct},
			{"with another program's click", other.click(), touch.Direct},
		} {
			var got []touch.Touch
			code, body, header := s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"click":%q,"url":"https://shop.example/x","referrer":"https://r.example/"}`, visitor, c.click))
			_, err := touch.Expand(context.Background(), d, 1000, func(_ context.Context, _ *db.Tx, touches []touch.Touch) error {
				got = touches
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if code != 204 || len(body) != 0 || header.Get("Access-Control-Allow-Origin") != "https://www.shop.example" {
				t.Errorf("%s: answered %d %s %v", c.name, code, body, header)
			}
			last := got[len(got)-1]
			if last.Kind != c.want || last.Who != "v:"+visitor || (last.Click != "") != (c.want == touch.Landing) || last.Partnership != "" {
				t.Errorf("%s: %+v", c.name, last)
			}
		}
	})
}

func TestTagConversions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		sale := fmt.Sprintf(`{"type":"conversion","visitor":%q,"click":%q,"order":"1","amount":"49.90","currency":"EUR","customer":"4711","code":"ANN10"}`, visitor, s.click())
		for _, want := range []bool{false, true} {
			code, body, _ := s.say(sale)
			if problem, id, duplicate := answered(t, body); code != 200 || problem != "" || id == "" || duplicate != want {
				t.Errorf("answered %d %s", code, body)
			}
		}
	})
}

func TestTagRefuses(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s := openShop(t, d, "ann")
	visit := fmt.Sprintf(`{"type":"visit","visitor":%q}`, visitor)
	for _, c := range []struct {
		name, body string
		header     []string
		status     int
		code       string
	}{
		{"another site", visit, []string{"Origin", "https://evil.example"}, 403, "origin_not_allowed"},
		{"a site that looks like it", visit, []string{"Origin", "https://shop.example.evil.example"}, 403, "origin_not_allowed"},
		{"no site", visit, []string{"Origin", "null"}, 403, "origin_not_allowed"},
		{"neither header", visit, []string{"Origin", ""}, 403, "origin_not_allowed"},
		{"not JSON", `visit`, nil, 400, "json_invalid"},
		{"nothing", ``, nil, 400, "json_invalid"},
		{"another shape", `[1]`, nil, 400, "json_invalid"},
		{"no type", fmt.Sprintf(`{"visitor":%q}`, visitor), nil, 422, "type_unknown"},
		{"a name that we give", fmt.Sprintf(`{"type":"visit","visitor":"day%s"}`, visitor), nil, 422, "visitor_invalid"},
		{"a customer without a name", fmt.Sprintf(`{"type":"customer","visitor":%q}`, visitor), nil, 422, "customer_invalid"},
		{"items without prices", fmt.Sprintf(`{"type":"conversion","visitor":%q,"order":"1","items":[{"quantity":1}]}`, visitor), nil, 422, "items_invalid"},
		{"a strange visitor", `{"type":"visit","visitor":"<script>alert(1)</script>"}`, nil, 422, "visitor_invalid"},
		{"far too long", `{"type":"` + strings.Repeat("x", 20_000) + `"}`, nil, 413, "body_too_large"},
		{"a sale without its order", fmt.Sprintf(`{"type":"conversion","visitor":%q,"amount":"1","currency":"EUR"}`, visitor), nil, 422, "order_id_missing"},
	} {
		status, body, _ := s.say(c.body, c.header...)
		if code, _, _ := answered(t, body); status != c.status || code != c.code {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
	}
	if code, _, _ := s.say(visit, "Origin", "", "Referer", "https://shop.example/page"); code != 204 {
		t.Errorf("by its referrer: %d", code)
	}
	if w := s.ask(http.MethodOptions, "/t/ann", ""); w.Code != 204 || w.Header().Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
}

func TestTagSalesOff(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	prog, err := s.links.Program(context.Background(), s.prog.ID)
	if err != nil {
		t.Fatal(err)
	}
	prog.TagSales = false
	status, body, _ := s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"order":"1","amount":"1","currency":"EUR"}`, visitor))
	if code, _, _ := answered(t, body); status != 403 || code != "tag_sales_off" {
		t.Errorf("%d %s", status, body)
	}
}

func TestTagScript(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	w := s.get("/tag.js")
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") || w.Header().Get("Cache-Control") == "" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	packed := s.get("/tag.js", "Accept-Encoding", "br, gzip;q=0.8")
	if n := packed.Body.Len(); n > 2048 || packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("%d bytes, at most 2048 are promised: %v", n, packed.Header())
	}
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if inside, err := io.ReadAll(z); err != nil || !bytes.Equal(inside, w.Body.Bytes()) {
		t.Errorf("what is packed is not the tag: %v", err)
	}
	if refused := s.get("/tag.js", "Accept-Encoding", "gzip;q=0"); refused.Header().Get("Content-Encoding") != "" {
		t.Error("packed for who does not want it")
	}
	if packed.Header().Get("Etag") == w.Header().Get("Etag") {
		t.Error("two forms have one name")
	}
	if again := s.get("/tag.js", "Accept-Encoding", "gzip", "If-None-Match", packed.Header().Get("Etag")); again.Code != http.StatusNotModified {
		t.Errorf("packed again: %d", again.Code)
	}
	if again := s.get("/tag.js", "If-None-Match", w.Header().Get("Etag")); again.Code != http.StatusNotModified {
		t.Errorf("again: %d", again.Code)
	}
}
