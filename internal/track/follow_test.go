package track_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

const person = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

func (s shop) get(path string, header ...string) *httptest.ResponseRecorder {
	return s.ask(http.MethodGet, path, "", header...)
}

func (s shop) ask(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("User-Agent", person)
	r.RemoteAddr = "192.0.2.77:4711"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.door.ServeHTTP(w, r)
	return w
}

// touches expands the journal and returns what the program has, newest first.
func (s shop) touches(t *testing.T) []touch.Touch {
	t.Helper()
	for {
		n, err := touch.Expand(context.Background(), s.db, 1000, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	list, err := touch.List(context.Background(), s.db.Read(), touch.Filter{Program: s.prog.ID, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestALinkThatLeadsNowhereIsSaidInTheReadersLanguage(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	for language, want := range map[string]string{"": "This link leads nowhere", "fr-CH, en;q=0.5": "Ce lien ne mène nulle part", "zh-CN": "此链接无效"} {
		w := s.get("/c/nosuch", "Accept-Language", language)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), want) || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%q: %d %s", language, w.Code, w.Body)
		}
	}
}

func TestALinkIsFoundAsPeopleTypeIt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := creative.CreateLink(context.Background(), tx, s.prog, creative.Link{Partnership: s.link.Partnership, Code: "Winter", Target: "https://shop.example/winter"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for path, page := range map[string]string{"/c/ann": "https://shop.example/?", "/c/ann/": "https://shop.example/?", "/c/ANN": "https://shop.example/?", "/c/Ann/": "https://shop.example/?",
			"/c/Winter": "https://shop.example/winter?", "/c/winter": "", "/c/ann//": "", "/c/": "", "/c//": ""} {
			if at := s.get(path).Header().Get("Location"); page == "" && at != "" || !strings.HasPrefix(at, page) {
				t.Errorf("%s leads to %q", path, at)
			}
		}
	})
}

func TestFollow(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		for _, c := range []struct{ name, query, want string }{
			{"to the landing page", "", "https://shop.example/?tclid=ID"},
			{"to another page", "?u=https%3A%2F%2Fshop.example%2Fred%20shoes%3Fsize%3D42%23top", "https://shop.example/red%20shoes?size=42&tclid=ID#top"},
			{"from the first slash on", "?u=/red%20shoes?size=42%23top", "https://shop.example/red%20shoes?size=42&tclid=ID#top"},
			{"to a subdomain", "?u=http://m.shop.example", "http://m.shop.example?tclid=ID"},
			{"to a port that is named", "?u=http://127.0.0.1:9999/shop", "http://127.0.0.1:9999/shop?tclid=ID"},
			{"advertisers' parameters go on", "?gclid=g&utm_source=a%26b&fbclid=f&msclkid=m&other=o", "https://shop.example/?gclid=g&utm_source=a%26b&fbclid=f&msclkid=m&tclid=ID"},
			{"a click id that someone else put there does not", "?u=https://shop.example/%3Ftclid%3Dtheirs%26a%3Db%26%2574clid%3Dtheirs", "https://shop.example/?a=b&tclid=ID"},
			{"bad escapes are passed over", "?utm_source=%zz&gclid=g", "https://shop.example/?gclid=g&tclid=ID"},
			{"unicode is escaped", "?u=https://shop.example/é?q=ü", "https://shop.example/%C3%A9?q=%C3%BC&tclid=ID"},
			{"no header is injected", "?gclid=a%0d%0aSet-Cookie:x&u=https://shop.example/", "https://shop.example/?gclid=a%0D%0ASet-Cookie%3Ax&tclid=ID"},
		} {
			w := s.get("/c/ann" + strings.ReplaceAll(c.query, " ", "%20"))
			at := w.Header().Get("Location")
			_, click, _ := strings.Cut(at, "tclid=")
			click, _, _ = strings.Cut(click, "#")
			claim, err := s.keys.Parse(click)
			if err != nil || claim.Link != s.link.Number {
				t.Errorf("%s: click id in %q: %v", c.name, at, err)
			}
			if got := strings.Replace(at, click, "ID", 1); w.Code != 302 || got != c.want {
				t.Errorf("%s: %d %s, want %s", c.name, w.Code, got, c.want)
			}
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Referrer-Policy") == "" {
				t.Errorf("%s: headers %v", c.name, w.Header())
			}
		}
	})
}

// hostile are addresses that must never be redirected to, whatever a browser makes of them.
var hostile = []string{
	"//evil.example", "///evil.example", "https:evil.example", "https:/evil.example", "https:///evil.example", `https:\\evil.example`, `\\evil.example`, `/\evil.example`,
	"https://evil.example", "https://evil.example/shop.example", "https://evil.example?shop.example", "https://evil.example#shop.example", "https://evil.example#.shop.example",
	"https://shop.example.evil.example", "https://evilshop.example", "https://shop.example@evil.example", "https://shop.example:443@evil.example", "https://user@shop.example",
	"https://user:word@shop.example", "https://shop.example:8443/", `https://evil.example\@shop.example`, `https://evil.example\.shop.example`, "https://evil.example%2f.shop.example",
	"https://evil.example%5c.shop.example", "https://evil.example／.shop.example", "https://evil.example。shop.example", "https://ｓhop.example", "https://shop。example",
	"https://evil.example%ef%bc%8f.shop.example", "javascript:alert(1)", "JavaScript://shop.example/%0aalert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
	"ftp://shop.example/", "blob:https://shop.example/x", "view-source:https://shop.example/", "http://[::1]/", "http://127.0.0.1/", "http://127.0.0.1:9998/", "http://2130706433:9999/",
	"https://shop.example\r\nSet-Cookie: a=b", "https://shop.example\x00.evil.example", "\thttps://evil.example", " https://evil.example", "/", "x", "?", "#", "https://", "://shop.example",
	"https://shop.example%00.evil.example", "https://%73hop.example", "https://shop.example\t.evil.example", "https://.shop.example@evil.example/", "https://shop.example;@evil.example",
}

func TestFollowNeverLeadsElsewhere(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s := openShop(t, d, "ann")
	for _, address := range hostile {
		w := s.get("/c/ann?u=" + url.QueryEscape(address))
		at := w.Header().Get("Location")
		if w.Code != http.StatusFound || !strings.HasPrefix(at, "https://shop.example/?tclid=") || strings.Contains(at, "evil") || w.Body.Len() > 0 {
			t.Errorf("%q: %d to %q", address, w.Code, at)
		}
	}
	if list := s.touches(t); len(list) != len(hostile) || list[0].URL != "https://shop.example/" {
		t.Errorf("%d touches of %d visits, the last %+v", len(list), len(hostile), list[0])
	}
}

func TestFollowKeeps(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		long := strings.Repeat("é", 150)
		for _, c := range []struct {
			name, method, query string
			header              []string
			want                func(touch.Touch) bool
		}{
			{"a visit counts", "GET", "", nil, func(t touch.Touch) bool {
				return t.Mark == touch.Counts && t.Kind == touch.Click && t.Link == s.link.ID && t.Partnership == s.link.Partnership && t.Who == "c:"+t.ID
			}},
			{"sub-ids are kept", "GET", "?sub1=a&sub2=b&sub3=c&sub4=d&sub5=e&shared=s", nil, func(t touch.Touch) bool {
				return t.Sub == [5]string{"a", "b", "c", "d", "e"} && t.Shared == "s"
			}},
			{"by their other names", "GET", "?clickref=a&subid2=b&aff_sub3=c&subId4=d", nil, func(t touch.Touch) bool {
				return t.Sub == [5]string{"a", "b", "c", "d"}
			}},
			{"cut, and never in half a letter", "GET", "?sub1=" + url.QueryEscape(long) + "&sub2=x%00%0ay%ff", nil, func(t touch.Touch) bool {
				return t.Sub[0] == long[:200] && t.Sub[1] == "xy"
			}},
			{"where it came from", "GET", "", []string{"Referer", "https://blog.example/\xff"}, func(t touch.Touch) bool {
				return t.Referrer == "https://blog.example/" && t.Agent == person && t.URL == "https://shop.example/"
			}},
			{"from which network, not from whom", "GET", "", nil, func(t touch.Touch) bool { return t.Address == "192.0.2.0" }},
			{"HEAD is marked", "HEAD", "", nil, func(t touch.Touch) bool { return t.Mark == touch.Head }},
			{"a prefetch is marked", "GET", "", []string{"Sec-Purpose", "prefetch"}, func(t touch.Touch) bool { return t.Mark == touch.Prefetch }},
			{"by its older names too", "GET", "", []string{"X-Moz", "Prefetch"}, func(t touch.Touch) bool { return t.Mark == touch.Prefetch }},
			{"a bot is marked", "GET", "", []string{"User-Agent", "Googlebot/2.1"}, func(t touch.Touch) bool { return t.Mark == touch.Bot }},
		} {
			w := s.ask(c.method, "/c/ann"+c.query, "", c.header...)
			_, click, _ := strings.Cut(w.Header().Get("Location"), "tclid=")
			if w.Code != 302 || w.Body.Len() != 0 {
				t.Errorf("%s: answered %d %q", c.name, w.Code, w.Body)
			}
			s.touches(t)
			kept, err := touch.Named(context.Background(), d.Read(), []string{click})
			if err != nil || !c.want(kept[click]) {
				t.Errorf("%s: kept %+v, %v", c.name, kept[click], err)
			}
		}
	})
}

func TestFollowUnknown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		for _, path := range []string{"/c/", "/c/nobody", "/c/ann/x", "/c/%00", "/c/%ff%fe", "/c/ann%0d%0ax", "/c/" + strings.Repeat("a", 5000), "/c/a'or'1"} {
			if w := s.get(path); w.Code != http.StatusNotFound || w.Header().Get("Location") != "" {
				t.Errorf("%.40q: %d", path, w.Code)
			}
		}
		if w := s.ask(http.MethodPost, "/c/ann", ""); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST: %d", w.Code)
		}
		var later creative.Link
		err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
			later, err = creative.CreateLink(context.Background(), tx, s.prog, creative.Link{Partnership: s.link.Partnership})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if w := s.get("/c/" + later.Code); w.Code != 302 {
			t.Errorf("a link made since: %d", w.Code)
		}
	})
}

func TestFollowInParallel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		var mu sync.Mutex
		seen := map[string]bool{}
		var visitors sync.WaitGroup
		for range 50 {
			visitors.Go(func() {
				for range 10 {
					_, click, _ := strings.Cut(s.get("/c/ann").Header().Get("Location"), "tclid=")
					mu.Lock()
					seen[click] = true
					mu.Unlock()
				}
			})
		}
		visitors.Wait()
		list := s.touches(t)
		if len(seen) != 500 || len(list) != 500 {
			t.Fatalf("%d answers, %d touches", len(seen), len(list))
		}
		for _, one := range list {
			if !seen[one.ID] {
				t.Errorf("touch %s was never answered", one.ID)
			}
		}
	})
}

func TestFollowBusy(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	s.keeper.Close() // takes nothing any more, as when its queue is full
	if w := s.get("/c/ann"); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Location") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestNetwork(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	s.door = track.New(track.Options{DB: s.db, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line,
		Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8:1::/48")}})
	for _, c := range []struct{ name, forwarded, want string }{
		{"no one else", "", "192.0.2.0"},
		{"behind a proxy", "198.51.100.77", "198.51.100.0"},
		{"the last that is no proxy", "203.0.113.9, 198.51.100.77, 192.0.2.5", "198.51.100.0"},
		{"an IPv6 network", "2001:db8:77:88::99", "2001:db8:77::"},
		{"IPv4 in IPv6", "::ffff:198.51.100.77", "198.51.100.0"},
		{"nonsense", "evil", "192.0.2.0"},
		{"only proxies", "192.0.2.1", "192.0.2.0"},
	} {
		s.get("/c/ann?sub1="+url.QueryEscape(c.name), "X-Forwarded-For", c.forwarded)
		found := false
		for _, one := range s.touches(t) {
			if one.Sub[0] == c.name {
				found = true
				if one.Address != c.want {
					t.Errorf("%s: %s, want %s", c.name, one.Address, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s: no touch", c.name)
		}
	}
}

func FuzzFollow(f *testing.F) {
	prog := &program.Program{Domains: []string{"shop.example"}}
	for _, address := range hostile {
		f.Add(address)
	}
	f.Add("https://shop.example/a?b=c#d")
	f.Fuzz(func(t *testing.T, address string) {
		u, err := creative.Page(prog, address)
		if err != nil {
			return
		}
		out := u.String()
		again, err := url.Parse(out)
		if err != nil || again.Host != u.Host || !prog.Allows(again) {
			t.Errorf("%q becomes %q", address, out)
		}
		for i := range len(out) {
			if out[i] <= ' ' || out[i] >= 0x7f || out[i] == '\\' && i < len("https://shop.example") {
				t.Errorf("%q becomes %q, with byte %x", address, out, out[i])
			}
		}
		if host := strings.ToLower(u.Hostname()); host != "shop.example" && !strings.HasSuffix(host, ".shop.example") {
			t.Errorf("%q leads to %q", address, host)
		}
	})
}
