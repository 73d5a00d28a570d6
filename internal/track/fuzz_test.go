package track

import (
	"strings"
	"testing"
)

func FuzzPostback(f *testing.F) {
	f.Add("order_id=1&amount=12.50&currency=EUR&status=refunded&at=2026-01-01T00:00:00Z")
	f.Add("at=1767225600&txid=%00&status=APPROVED&&=&%zz")
	f.Fuzz(func(t *testing.T, query string) {
		given, err := readParams(query)
		if err != nil {
			return
		}
		for name := range given {
			if paramNames[name] != name {
				t.Errorf("%q gives %q", query, name)
			}
		}
		if r, err := readReport("prg", given); err == nil && r.refunded == (r.sale.Program != "") {
			t.Errorf("%q is a sale and a refund", query)
		}
	})
}

func FuzzTag(f *testing.F) {
	f.Add([]byte(`{"type":"visit","visitor":"0123456789abcdef","click":"x","url":"https://shop.example/"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if s, err := readSaid(body); err == nil && (!isVisitor(s.Visitor) || s.Type != "visit" && s.Type != "conversion") {
			t.Errorf("%q passes", body)
		}
	})
}

func FuzzLocation(f *testing.F) {
	f.Add("https://shop.example/a?b=c#d", "utm_source=x&u=y&sub1=z&gclid=%0d%0a")
	f.Fuzz(func(t *testing.T, target, query string) {
		passed := readAsked(query).passed
		for i := range len(passed) {
			if passed[i] <= ' ' || passed[i] >= 0x7f || passed[i] == '#' {
				t.Errorf("%q passes on %q", query, passed)
			}
		}
		at := location(target, passed, "tclid", "ID")
		page, _, _ := strings.Cut(at, "#")
		if !strings.HasSuffix(page, "tclid=ID") {
			t.Errorf("%q has no click id", at)
		}
	})
}
