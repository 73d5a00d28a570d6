package mail

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/money"
)

func TestEveryKindInEveryLanguage(t *testing.T) {
	words := []any{"author", "Olga", "role", "Owner", "date", time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC), "amount", money.Of(123456, "EUR"),
		"rail", "PayPal", "account", "pay@x.example", "email", "marta@x.example", "name", "Marta", "version", int64(2)}
	leftover := regexp.MustCompile(`\{[a-z]+\}`)
	for _, l := range lang.All() {
		for _, k := range Kinds {
			for _, part := range []string{"subject", "lead", "action"} {
				if !l.Has("letters." + string(k) + "." + part) {
					t.Errorf("%s has no %s of %s", l.Tag, part, k)
				}
			}
			c, err := compose(Mail{Name: "<b>Marta</b>", Locale: l.Tag, Kind: k, Data: Data{From: "Acme & Co", Words: words, Quote: "Too\n<small>", Link: base + "/x?a=1&b=2"}})
			if err != nil {
				t.Fatal(err)
			}
			all := c.subject + c.text + c.html
			if strings.Contains(all, lang.Missing) || leftover.MatchString(c.subject+c.text) || strings.Contains(c.html, "<b>Marta") || strings.Contains(c.html, "<small>") ||
				strings.Contains(c.html, "ZgotmplZ") {
				t.Errorf("%s in %s: %s", k, l.Tag, all)
			}
			if !strings.Contains(c.text, "\n"+base+"/x?a=1&b=2\n") || !strings.Contains(c.text, "> <small>") || !strings.Contains(c.html, base+"/x?a=1&amp;b=2") ||
				!strings.Contains(c.html, `<html lang="`+l.Tag+`">`) || strings.ContainsAny(c.subject, "\r\n") {
				t.Errorf("%s in %s lacks something: %s", k, l.Tag, all)
			}
			if k == FirstSale && !strings.Contains(c.subject, l.Money(money.Of(123456, "EUR"))) {
				t.Errorf("the amount is not written as in %s: %q", l.Tag, c.subject)
			}
		}
	}
	// every text of a letter is of a kind that there is
	for _, key := range lang.Of("en").Keys() {
		parts := strings.Split(key, ".")
		if parts[0] != "letters" || len(parts) < 3 {
			continue
		}
		known := false
		for _, k := range Kinds {
			known = known || parts[1] == string(k)
		}
		if !known || !strings.Contains("subject lead more action after foot", parts[2]) {
			t.Errorf("no letter says %s", key)
		}
	}
}

func TestSubjectIsOneLine(t *testing.T) {
	c, err := compose(Mail{Kind: ApplicationAccepted, Data: Data{From: "Acme\r\nBcc: everybody@x.example"}})
	if err != nil || c.subject != "Welcome to Acme Bcc: everybody@x.example" {
		t.Errorf("%q %v", c.subject, err)
	}
}
