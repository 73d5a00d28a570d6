package track_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/problem"
)

// hostileTexts are what strangers send where they should not.
var hostileTexts = []string{
	"https://evil.example/", "//evil.example/", "///evil.example", `\\evil.example\x`, `/\evil.example`, `https:\\evil.example`, "https:evil.example", "https:/evil.example",
	"http://shop.example@evil.example/", "http://evil.example\\@shop.example/", "http://evil.example#@shop.example/", "http://evil.example?@shop.example/", "https://shop.example.evil.example/",
	"https://evilshop.example/", "https://shop.example:81/", "https://shop.example%2eevil.example/", "https://shop.example%00.evil.example/", "https://shop.example%2f@evil.example",
	"https://ѕhop.example/", "https://shop。example/", "https://shop.example\u2100.evil.example/", "https://xn--shp-1ua.example/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[shop.example]/", "http://2130706433/", "http://127.0.0.1/", "http://0x7f.1/",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "ftp://shop.example/", "blob:https://shop.example/x",
	"https%3A%2F%2Fevil.example", "https%253A%252F%252Fevil.example", "%2568ttps://evil.example", "%0d%0aSet-Cookie:a=b", "x\r\nSet-Cookie: a=b", "x\nLocation: https://evil.example", "x\rX: y", "%E5%98%8A%E5%98%8DSet-Cookie:a", "嘊嘍Set-Cookie:a=b",
	"\x00", "a\x00b", "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "a\u202eb", "\ufeff", "\u2028",
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "'-alert(1)-'", "{{7*7}}", "${jndi:ldap://evil.example/a}", "' or 1=1 --", "'; drop table touch; --", "../../../etc/passwd", "..%2f..%2f", "%", "%zz", "%u0041", "&", "=", "&&a=b", "a&key=x", "#", "?",
	strings.Repeat("a", 300), strings.Repeat("ü", 3000), strings.Repeat("%41", 2000), "https://shop.example/" + strings.Repeat("x", 5000), strings.Repeat("[", 2000),
	"-1", "0", "1e999", "NaN", "Infinity", "99999999999999999999999", "0x10", "1,000.00", "١٢", "-0", "+1", " 1 ", "1.005", "true", "null", "[]", `{"a":1}`,
}

// attack is one door: every parameter that it reads, and how a request with one of them looks.
type attack struct {
	params []string
	send   func(param, value string) *http.Request
}

func query(param, value string) string { return param + "=" + url.QueryEscape(value) }

// asked makes a request of a target as it would come over a wire: net/http refuses what is no address before a door sees it.
func asked(method, target, body string) *http.Request {
	r := &http.Request{Method: method, Header: http.Header{"User-Agent": {person}}, Host: "go.tributary.example", RemoteAddr: "192.0.2.77:4711", RequestURI: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil
	}
	made := httptest.NewRequest(method, "/", strings.NewReader(body))
	made.URL, made.RequestURI, made.Header, made.Host, made.RemoteAddr = u, target, r.Header, r.Host, r.RemoteAddr
	return made
}

func withHeader(r *http.Request, name, value string) *http.Request {
	r.Header.Set(name, value)
	return r
}

// attacks are all doors by their route.
func attacks(s shop) map[string]attack {
	link := func(base string) attack {
		return attack{[]string{"code", "u", "sub1", "sub5", "subid2", "clickref", "shared", "gclid", "utm_source", "utm_<x>", "tclid", "Referer", "User-Agent", "Sec-Purpose", "X-Forwarded-For", "Host", "Accept-Language", "raw"},
			func(param, value string) *http.Request {
				switch param {
				case "code":
					return asked("GET", base+url.PathEscape(value), "")
				case "raw":
					return asked("GET", base+s.link.Code+"?"+strings.NewReplacer(" ", "+", "\r", "", "\n", "", "#", "").Replace(value), "")
				case "Referer", "User-Agent", "Sec-Purpose", "X-Forwarded-For", "Accept-Language":
					return withHeader(asked("GET", base+s.link.Code, ""), param, value)
				case "Host":
					r := asked("GET", base+s.link.Code, "")
					r.Host = value
					return r
				}
				return asked("GET", base+s.link.Code+"?"+query(param, value)+"&"+query(param, value), "")
			}}
	}
	report := func(method, end string) attack {
		return attack{[]string{"program", "key", "sig", "format", "tax", "shipping", "discount", "total", "click_id", "order_id", "amount", "currency", "event", "customer_id", "email_sha256", "promo_code", "at", "status", "refund_id", "reason", "order_id twice", "raw"},
			func(param, value string) *http.Request {
				given := url.Values{"key": {s.prog.Secret}, "order_id": {"o-" + param}, "amount": {"10.00"}, "currency": {"EUR"}}
				path := "/postback/" + s.prog.Slug + end
				switch param {
				case "program":
					path = "/postback/" + url.PathEscape(value) + end
				case "order_id twice":
					given["order_id"] = []string{"o", value}
				case "raw":
					return asked(method, path+"?"+strings.NewReplacer(" ", "+", "\r", "", "\n", "", "#", "").Replace(value), "")
				default:
					given.Set(param, value)
				}
				if method == "POST" {
					return withHeader(asked(method, path, given.Encode()), "Content-Type", "application/x-www-form-urlencoded")
				}
				return asked(method, path+"?"+given.Encode(), "")
			}}
	}
	tag := func(method string) attack {
		return attack{[]string{"program", "Origin", "Referer", "type", "visitor", "click", "url", "referrer", "customer", "order", "amount", "currency", "event", "code", "body"},
			func(param, value string) *http.Request {
				path := "/t/" + s.prog.Slug
				said := map[string]string{"type": "conversion", "visitor": "0123456789abcdef", "order": "t-" + param, "amount": "10.00", "currency": "EUR", "url": "https://shop.example/"}
				if param == "url" || param == "referrer" {
					said["type"] = "visit"
				}
				if _, known := said[param]; known || slices.Contains([]string{"click", "referrer", "customer", "event", "code"}, param) {
					said[param] = value
				}
				body, _ := json.Marshal(said)
				if param == "body" {
					body = []byte(value)
				}
				if param == "program" {
					path = "/t/" + url.PathEscape(value)
				}
				r := withHeader(asked(method, path, string(body)), "Origin", "https://shop.example")
				if param == "Origin" || param == "Referer" {
					r.Header.Del("Origin")
					r.Header.Set(param, value)
				}
				return r
			}}
	}
	at := func(method, before, name, after string, params ...string) attack {
		return attack{append([]string{"name", "Referer", "Origin", "User-Agent", "X-Forwarded-For", "Cookie", "If-None-Match"}, params...), func(param, value string) *http.Request {
			switch {
			case param == "name":
				return asked(method, before+url.PathEscape(value)+after, "")
			case slices.Contains(params, param):
				return asked(method, before+name+after+"?"+query(param, value), "")
			}
			return withHeader(asked(method, before+name+after, ""), param, value)
		}}
	}
	order := []string{"order", "amount", "currency", "event", "customer", "code"}
	return map[string]attack{
		"GET /i/{code}.gif":                 at("GET", "/i/", s.link.Code, ".gif", "sub1", "shared", "gclid"),
		"GET /agent/{code}":                 at("GET", "/agent/", s.link.Code, "", "u", "sub1", "shared", "gclid", "utm_<x>"),
		"POST /agent/{code}":                at("POST", "/agent/", s.link.Code, "", "u", "sub1", "shared", "gclid", "utm_<x>"),
		"GET /d/{program}":                  at("GET", "/d/", s.prog.Slug, "", "u", "sub1", "shared", "gclid", "utm_<x>"),
		"GET /t/{picture}":                  at("GET", "/t/", s.prog.Slug, ".gif", order...),
		"GET /tag/{name}":                   at("GET", "/tag/", "0123456789abcdef.js", "", "v"),
		"GET /postback/{program}/pixel.gif": report("GET", "/pixel.gif"),
		"GET /c/{code}":                     link("/c/"),
		"GET /{code} at a domain":           link("/"),
		"GET /postback/{program}":           report("GET", ""),
		"POST /postback/{program}":          report("POST", ""),
		"POST /t/{program}":                 tag("POST"),
		"OPTIONS /t/{program}":              tag("OPTIONS"),
		"GET /tag.js": {[]string{"v", "Accept-Encoding", "If-None-Match", "Range"}, func(param, value string) *http.Request {
			if param == "v" {
				return asked("GET", "/tag.js?"+query(param, value), "")
			}
			return withHeader(asked("GET", "/tag.js", ""), param, value)
		}},
		"GET /b/{name}": {[]string{"name", "If-None-Match"}, func(param, value string) *http.Request {
			if param == "name" {
				return asked("GET", "/b/"+url.PathEscape(value), "")
			}
			return withHeader(asked("GET", "/b/crv_000000000000000000000000.png", ""), param, value)
		}},
	}
}

// What a door may answer to a stranger. None of it is a fault of ours.
var sane = []int{200, 204, 301, 302, 304, 307, 400, 403, 404, 405, 409, 413, 415, 416, 422}

// TestNothingThatStrangersSendHurts sends each hostile text as each parameter of each public door. It asks the door itself for
// its routes, so that one without a table here fails.
func TestNothingThatStrangersSendHurts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		all := attacks(s)
		sent := 0
		for _, route := range s.door.Routes() {
			one, ok := all[route]
			if !ok {
				t.Errorf("%s has no table of attacks", route)
				continue
			}
			for _, param := range one.params {
				for _, value := range hostileTexts {
					r := one.send(param, value)
					if r == nil {
						continue // no server hands it on
					}
					sent++
					w := httptest.NewRecorder()
					if strings.HasSuffix(route, "at a domain") {
						s.door.ServeAt(w, r, domain.Domain{Name: "go.brand.example", Program: s.prog.ID})
					} else {
						s.door.ServeHTTP(w, r)
					}
					s.unhurt(t, route+" "+param, value, w)
					if strings.Contains(route, "postback") && param == "order_id" || route == "POST /t/{program}" && param == "order" {
						s.wholeOrRefused(t, route, value, w)
					}
				}
			}
		}
		if sent < 5000 {
			t.Errorf("only %d requests", sent)
		}
		for _, touch := range s.touches(t) {
			for _, field := range append([]string{touch.URL, touch.Referrer, touch.Agent, touch.Address, touch.Shared}, touch.Sub[:]...) {
				if !utf8.ValidString(field) || strings.ContainsRune(field, 0) || len(field) > 4096 {
					t.Errorf("kept: %.80q", field)
				}
			}
		}
	})
}

// unhurt says what no answer may do.
func (s shop) unhurt(t *testing.T, where, value string, w *httptest.ResponseRecorder) {
	t.Helper()
	if !slices.Contains(sane, w.Code) {
		t.Errorf("%s %.60q: %d %s", where, value, w.Code, w.Body)
	}
	for name, values := range w.Header() {
		for _, v := range values {
			if strings.ContainsAny(name+v, "\r\n\x00") {
				t.Errorf("%s %.60q: header %s: %q", where, value, name, v)
			}
		}
	}
	if w.Header().Get("Set-Cookie") != "" {
		t.Errorf("%s %.60q: sets a cookie", where, value)
	}
	if to := w.Header().Get("Location"); to != "" {
		u, err := url.Parse(to)
		if err != nil || !s.prog.Allows(u) || !isPlainAddress(to) {
			t.Errorf("%s %.60q leads to %q", where, value, to)
		}
	}
	kind := w.Header().Get("Content-Type")
	if strings.HasPrefix(kind, "text/html") && len(value) > 3 && strings.ContainsAny(value, `<>"'`) && strings.Contains(w.Body.String(), value) {
		t.Errorf("%s %.60q is reflected", where, value)
	}
	if w.Body.Len() > 0 && kind == "" || w.Body.Len() > 0 && w.Code >= 400 && w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s %.60q: an answer whose type a browser may guess: %q %d", where, value, kind, w.Code)
	}
}

// isPlainAddress holds for an address of bytes that every browser reads alike.
func isPlainAddress(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '\\' {
			return false
		}
	}
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// wholeOrRefused holds a door to its word: what it took is kept as it was sent, and what it does not keep it refuses.
func (s shop) wholeOrRefused(t *testing.T, route, value string, w *httptest.ResponseRecorder) {
	t.Helper()
	want := strings.TrimSpace(value)
	if strings.HasPrefix(route, "POST /t/") {
		want = strings.TrimSpace(strings.ToValidUTF8(value, "\ufffd")) // JSON has no other bytes
		if !utf8.ValidString(value) {
			return
		}
	}
	kept, err := conversion.ByOrder(t.Context(), s.db.Read(), s.prog.ID, "sale", want)
	result := w.Header().Get("Tributary-Result")
	taken := w.Code == http.StatusOK && (result == "" || result == "kept" || result == "duplicate")
	if code := problem.Code(err); err != nil && code == "" && utf8.ValidString(want) && !strings.ContainsRune(want, 0) {
		t.Fatal(err)
	}
	if taken && (err != nil || kept.Order != want) {
		t.Errorf("%s took %.60q and kept %.60q: %.100s", route, value, kept.Order, fmt.Sprint(err))
	}
}
