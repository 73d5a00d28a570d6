package postback_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
)

var at = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func sample() postback.Facts {
	f := postback.Sample(postback.Approved, "prt_1", "prg_1", "A-1001", "EUR", at)
	f.Number, f.Chance = 7, 42
	return f
}

func TestTemplates(t *testing.T) {
	for _, c := range []struct{ name, template, want string }{
		{"no query at all", "https://t.example/pb", "https://t.example/pb"},
		{"an empty query", "https://t.example/pb?", "https://t.example/pb?"},
		{"macros in whatever case", "https://t.example/pb?o={order_id}&p={PAYOUT}&c={Currency}", "https://t.example/pb?o=A-1001&p=12.00&c=EUR"},
		{"two in one value", "https://t.example/pb?x={sub1}-{sub2}", "https://t.example/pb?x=newsletter-top-banner"},
		{"an unknown one stays", "https://t.example/pb?x={nobody}&y={}", "https://t.example/pb?x=%7Bnobody%7D&y=%7B%7D"},
		{"a brace that never ends", "https://t.example/pb?x={order_id", "https://t.example/pb?x=%7Border_id"},
		{"braces in braces", "https://t.example/pb?x={{order_id}}", "https://t.example/pb?x=%7BA-1001%7D"},
		{"a macro as a name", "https://t.example/pb?{event}=1", "https://t.example/pb?sale=1"},
		{"no equals sign", "https://t.example/pb?flag&s={status}", "https://t.example/pb?flag&s=approved"},
		{"encoded braces", "https://t.example/pb?s=%7Bstatus%7D", "https://t.example/pb?s=approved"},
		{"nothing known is empty", "https://t.example/pb?s={sub5}&c={country}", "https://t.example/pb?s=&c="},
		{"the time and the number", "https://t.example/pb?t={timestamp}&n={sequence}&r={rand}", "https://t.example/pb?t=1777888800&n=7&r=0000000042"},
		{"a path with braces that are no macros", "https://t.example/{a}/pb?x=1", "https://t.example/%7Ba%7D/pb?x=1"},
		{"spaces in the query", "https://t.example/pb?x=a b", "https://t.example/pb?x=a+b"},
		{"a semicolon is no separator", "https://t.example/pb?x=a;b=c", "https://t.example/pb?x=a%3Bb%3Dc"},
	} {
		tpl, err := postback.Parse(c.template)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := tpl.Request(postback.Get, sample()).URL; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ template, code string }{
		{"", "template_invalid"}, {"t.example/pb", "template_invalid"}, {"ftp://t.example/", "template_invalid"}, {"javascript:alert(1)", "template_invalid"},
		{"https://", "template_invalid"}, {"https://:443/", "template_invalid"}, {"https:t.example", "template_invalid"}, {"https://t.example/\n", ""},
		{"https://t.example/\x01?x=1", "template_invalid"}, {"https://t.example:port/", "template_invalid"},
		{"https://me:secret@t.example/", "template_user"}, {"https://t.example/?x=1#top", "template_fragment"},
		{"https://{sub1}/", "template_macro_place"}, {"https://t.example/{SUB1}/", "template_macro_place"}, {"https://t.example:{sub1}/", "template_macro_place"},
		{"https://t.example/?x=%zz", "template_escape"}, {"https://t.example/?x=%00", "template_escape"}, {"https://t.example/?x=%ff", "template_escape"},
		{"https://t.example/?" + strings.Repeat("x", postback.TemplateMost), "template_long"},
	} {
		if _, err := postback.Parse(c.template); problem.Code(err) != c.code {
			t.Errorf("%.60q: %v, want %q", c.template, err, c.code)
		}
	}
}

func TestWays(t *testing.T) {
	tpl, err := postback.Parse("https://t.example/pb?o={order_id}&s={sub1}")
	if err != nil {
		t.Fatal(err)
	}
	f := sample()
	f.Click.Sub[0] = `a"b&c=d`
	form, object := tpl.Request(postback.Form, f), tpl.Request(postback.JSON, f)
	if form.Method != "POST" || form.URL != "https://t.example/pb" || form.Body != "o=A-1001&s=a%22b%26c%3Dd" {
		t.Errorf("form: %+v", form)
	}
	var fields map[string]string
	if err := json.Unmarshal([]byte(object.Body), &fields); err != nil || fields["s"] != `a"b&c=d` || object.URL != "https://t.example/pb" {
		t.Errorf("json: %+v %v", object, err)
	}
}

var hostile = []string{"", "a&payout=1000", "x#y", "%00", "\r\nHost: evil.example", "../..", "{order_id}", "汉字", "\xff\xfe", "a b+c", "'\"><script>", "\x00", "?x=1", "=", ";", strings.Repeat("a", 500)}

// TestWhatStrangersSayStaysAValue fills visitors' words into every place that takes them and reads the address back.
func TestWhatStrangersSayStaysAValue(t *testing.T) {
	tpl, err := postback.Parse("https://t.example/pb?first={sub1}&mix=({shared})&{sub2}=1&order={order_id}&last=end")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		f := sample()
		f.Click.Sub[0], f.Click.Sub[1], f.Click.Shared, f.Sale.Order = value.Draw(t, "sub1"), "n"+value.Draw(t, "sub2"), value.Draw(t, "shared"), value.Draw(t, "order")
		for _, way := range []postback.Way{postback.Get, postback.Form} {
			r := tpl.Request(way, f)
			u, err := url.Parse(r.URL)
			if err != nil || u.Host != "t.example" || u.Path != "/pb" || u.Fragment != "" {
				t.Fatalf("%q %v", r.URL, err)
			}
			query := u.RawQuery
			if way == postback.Form {
				query = r.Body
			}
			got, err := url.ParseQuery(query)
			if err != nil {
				t.Fatalf("%q: %v", query, err)
			}
			plain := func(s string) string { return strings.ToValidUTF8(s, "") }
			for name, want := range map[string]string{"first": f.Click.Sub[0], "mix": "(" + f.Click.Shared + ")", f.Click.Sub[1]: "1", "order": f.Sale.Order, "last": "end"} {
				if name = plain(name); name != "first" && name != "mix" && got.Get(name) != plain(want) {
					t.Fatalf("%s is %q, want %q", name, got.Get(name), plain(want))
				}
			}
			if got.Get("first") != plain(f.Click.Sub[0]) || got.Get("mix") != "("+plain(f.Click.Shared)+")" {
				t.Fatalf("%q", query)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range append(hostile, "https://t.example/pb?o={order_id}&p={PAYOUT}", "http://[::1]:80/?{", "https://t.example/?{sub1}{sub1}&&=&=") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := postback.Parse(text)
		if err != nil {
			if _, ok := problem.As(err); !ok {
				t.Fatalf("%q: %v is nothing to tell a person", text, err)
			}
			return
		}
		for _, way := range postback.Ways {
			r := tpl.Request(way, sample())
			u, err := url.Parse(r.URL)
			if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
				t.Fatalf("%q becomes %q: %v", text, r.URL, err)
			}
			for i := range r.URL {
				if r.URL[i] <= ' ' || r.URL[i] >= 0x7f {
					t.Fatalf("%q becomes %q, which is no address", text, r.URL)
				}
			}
			query := u.RawQuery
			if way == postback.Form {
				query = r.Body
			}
			if values, err := url.ParseQuery(query); err != nil {
				t.Fatalf("%q becomes %q: %v", text, query, err)
			} else if pairs := tpl.Pairs(sample()); way != postback.JSON {
				for _, p := range pairs {
					if (p.Name != "" || p.Value != "") && !values.Has(p.Name) || !utf8.ValidString(p.Value) {
						t.Fatalf("%q: %q got lost in %q", text, p, query)
					}
				}
			}
		}
	})
}
