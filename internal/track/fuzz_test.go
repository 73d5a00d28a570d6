package track

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/conversion"
)

func FuzzPostback(f *testing.F) {
	f.Add("order_id=1&amount=12.50&currency=EUR&status=refunded&at=2026-01-01T00:00:00Z")
	f.Add("at=1767225600&txid=%00&status=APPROVED&&=&%zz")
	f.Fuzz(func(t *testing.T, query string) {
		given, err := readParams(namesOf(map[string][]string{"order_id": {"invoice[no]"}}), query)
		if err != nil {
			return
		}
		for name := range given {
			if paramNames[name] != name {
				t.Errorf("%q gives %q", query, name)
			}
		}
		if r, err := readReport("prg", given, conversion.FromPostback); err == nil {
			named := 0
			for _, program := range []string{r.sale.Program, r.refund.Program, r.verdict.Program} {
				if program != "" {
					named++
				}
			}
			if named != 1 {
				t.Errorf("%q is %d reports", query, named)
			}
		}
		if r, err := readReport("prg", given, conversion.FromPixel); err == nil && r.kind != aSale {
			t.Errorf("%q takes something back without a key", query)
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

func FuzzSigned(f *testing.F) {
	f.Add("order_id=1&amount=2", "", "secret")
	f.Add("order_id=1&sig=00", "", "secret")
	f.Fuzz(func(t *testing.T, query, form, secret string) {
		if isSigned(secret, query, form) && !strings.Contains(query+form, "&sig=") {
			t.Errorf("%q passes without a signature", query)
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(query))
		if signed := query + "&sig=" + hex.EncodeToString(mac.Sum(nil)); !strings.Contains(query, "&sig=") && !isSigned(secret, signed, "") {
			t.Errorf("%q is refused", signed)
		} else if isSigned(secret, signed+"&amount=9", "") || isSigned(secret, signed, "amount=9") {
			t.Errorf("%q takes more than was signed", signed)
		}
	})
}
