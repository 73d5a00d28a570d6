package track

import (
	"iter"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/program"
)

// asked is what a link's query asks for.
type asked struct {
	page   string // u: another page of the program
	sub    [5]string
	shared string
	passed string // parameters of advertisers, as they go on to the page: "gclid=…&utm_source=…"
}

func readAsked(query string) asked {
	var a asked
	for name, value := range pairs(query) {
		switch {
		case name == "u":
			setOnce(&a.page, value)
		case name == "shared":
			setOnce(&a.shared, value)
		case isPassed(name):
			if a.passed != "" {
				a.passed += "&"
			}
			a.passed += url.QueryEscape(name) + "=" + url.QueryEscape(value)
		default:
			if n := subID(name); n >= 0 {
				setOnce(&a.sub[n], value)
			}
		}
	}
	return a
}

// target is the page that is asked for, if it is one of the program's, in whole or from the first slash on. Else it is the
// usual one, and none is asked for: a visitor cannot help what is wrong with a partner's link.
func (a *asked) target(prog *program.Program, usual string) string {
	if a.page == "" {
		return usual
	}
	address := a.page
	if base, err := url.Parse(usual); err == nil && isPath(address) {
		address = base.Scheme + "://" + base.Host + address
	}
	page, err := creative.Page(prog, address)
	if err != nil {
		a.page = ""
		return usual
	}
	return page.String()
}

// isPath holds for what no browser reads as the name of a host.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && (len(s) == 1 || s[1] != '/' && s[1] != '\\')
}

func setOnce(to *string, value string) {
	if *to == "" {
		*to = value
	}
}

func isPassed(name string) bool {
	return name == "gclid" || name == "fbclid" || name == "msclkid" || strings.HasPrefix(name, "utm_")
}

// subID is the place of a sub-id by any of its names, from 0, or -1. A name without a number is that of the first.
func subID(name string) int {
	if name == "clickref" {
		return 0
	}
	for _, prefix := range [...]string{"sub", "subid", "subId", "sub_id", "aff_sub"} {
		n, ok := strings.CutPrefix(name, prefix)
		switch {
		case ok && n == "":
			return 0
		case ok && len(n) == 1 && n[0] >= '1' && n[0] <= '5':
			return int(n[0] - '1')
		}
	}
	return -1
}

// pairs are a query's names and values in their order. What is badly escaped is passed over.
func pairs(query string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for query != "" {
			var pair string
			pair, query, _ = strings.Cut(query, "&")
			name, value, _ := strings.Cut(pair, "=")
			name, err1 := url.QueryUnescape(name)
			value, err2 := url.QueryUnescape(value)
			if name != "" && err1 == nil && err2 == nil && !yield(name, value) {
				return
			}
		}
	}
}

// location is the target with the parameters passed on and the click id; its own query and fragment stay, but for a
// parameter that would pass for the click id.
func location(target, passed, param, click string) string {
	target, fragment, hasFragment := strings.Cut(target, "#")
	page, query, _ := strings.Cut(target, "?")
	query = without(query, param)
	var b strings.Builder
	b.Grow(len(target) + len(passed) + len(param) + len(click) + len(fragment) + 4)
	b.WriteString(page)
	b.WriteByte('?')
	for _, part := range [...]string{query, passed} {
		if part != "" {
			b.WriteString(part)
			b.WriteByte('&')
		}
	}
	b.WriteString(param)
	b.WriteByte('=')
	b.WriteString(click)
	if hasFragment {
		b.WriteByte('#')
		b.WriteString(fragment)
	}
	return b.String()
}

// without is the query without the parameter.
func without(query, param string) string {
	if !strings.Contains(query, param) && !strings.Contains(query, "%") {
		return query
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		raw, _, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(raw); err != nil || name != param {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
