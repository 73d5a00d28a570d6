package lang

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"

	"github.com/tributary-hq/tributary/internal/money"
)

var argument = regexp.MustCompile(`\{[a-z]+\}`)

func arguments(m forms) []string {
	var all []string
	for _, text := range m {
		all = append(all, argument.FindAllString(text, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestCataloguesSayTheSame(t *testing.T) {
	first := languages[0]
	for _, l := range languages[1:] {
		for _, key := range first.Keys() {
			if !l.Has(key) {
				t.Errorf("%s has no %s", l.Tag, key)
			} else if a, b := arguments(first.messages()[key]), arguments(l.messages()[key]); !slices.Equal(a, b) {
				t.Errorf("%s of %s has the arguments %v, not %v", key, l.Tag, b, a)
			}
		}
		for _, key := range l.Keys() {
			if !first.Has(key) {
				t.Errorf("only %s has %s", l.Tag, key)
			}
		}
	}
	for _, l := range languages {
		for key, m := range l.messages() {
			for form, text := range m {
				if text == "" || strings.ContainsAny(text, "<>") && key != "settings.tag_text" {
					t.Errorf("%s of %s is empty or has markup: %q", key, l.Tag, text)
				}
				if l.Tag == "fr" && regexp.MustCompile(`[\p{L}}] ?[;!?%](\s|$)| :`).MatchString(text) {
					t.Errorf("%s of fr needs a space that does not break: %q", key, text)
				}
				if form == plural.One && l.Tag == "zh" {
					t.Errorf("%s: Chinese has no plural", key)
				}
			}
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name   string
		wishes []string
		want   string
	}{
		{"nothing is English", nil, "en"},
		{"a tag", []string{"fr"}, "fr"},
		{"the first wish wins", []string{"zh", "fr"}, "zh"},
		{"an empty wish is none", []string{"", "fr"}, "fr"},
		{"a header by its weights", []string{"de;q=0.9, fr;q=0.8, en;q=0.5"}, "fr"},
		{"a region", []string{"zh-CN,zh;q=0.9"}, "zh"},
		{"what nobody speaks goes on to the next", []string{"sw", "fr-CA"}, "fr"},
		{"nonsense is passed over", []string{"%%%", "zh"}, "zh"},
	} {
		if got := Choose(c.wishes...).Tag; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWriting(t *testing.T) {
	day := time.Date(2026, 5, 1, 14, 5, 0, 0, time.UTC)
	euro := func(minor int64) money.Amount { return money.Of(minor, "EUR") }
	for _, c := range []struct{ got, want string }{
		{Of("en").Date(day), "1 May 2026"}, {Of("zh").Date(day), "2026年5月1日"}, {Of("fr").Date(day), "1er mai 2026"},
		{Of("en").Moment(day), "1 May 2026 14:05"},
		{Of("en").Money(euro(123456)), "€1,234.56"}, {Of("fr").Money(euro(123456)), "1\u202f234,56\u00a0€"}, {Of("zh").Money(euro(5)), "€0.05"},
		{Of("en").Round(euro(5000)), "€50"}, {Of("en").Round(euro(4990)), "€49.90"}, {Of("en").Money(money.Of(1200, "JPY")), "¥1,200"},
		{Of("en").Exact(money.Micro(1_079_600_000), "EUR"), "€10.796"}, {Of("en").Exact(money.Fixed(200), "EUR"), "€2.00"},
		{Of("en").Rate(125_000), "12.5%"}, {Of("fr").Rate(100_000), "10\u202f%"},
		{Of("en").Percent(243), "24.3%"}, {Of("fr").Number(12345), "12\u202f345"},
		{Of("en").Text("receipt.days_before", "n", 1), "1 day before"}, {Of("en").Text("receipt.days_before", "n", 2), "2 days before"},
		{Of("fr").Text("receipt.days_before", "n", 0), "0 jour avant"}, {Of("zh").Text("receipt.days_before", "n", 1), "成交前 1 天"},
		{Of("en").Text("no.such"), "⟦no.such⟧"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
