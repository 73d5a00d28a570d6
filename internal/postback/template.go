package postback

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Way is how a message is sent.
type Way string

// The ways. In the last two the address is left without its query, which becomes the body.
const (
	Get  Way = "get"
	Form Way = "form"
	JSON Way = "json"
)

// Ways are all ways.
var Ways = []Way{Get, Form, JSON}

// Template is an address with macros. They stand in the query alone: nobody whose words they become may change the host or
// the path. Names and values are taken apart before macros are filled in and encoded afterwards, so a value can never
// become another parameter.
type Template struct {
	base  string // up to the question mark
	query bool
	pairs []pair
}

// pair is a parameter; bare is one without an equals sign.
type pair struct {
	name, value []piece
	bare        bool
}

// piece is text, or a macro.
type piece struct {
	text  string
	macro *Macro
}

// Pair is a parameter with its macros filled in.
type Pair struct{ Name, Value string }

// TemplateMost is how many bytes a template may have.
const TemplateMost = 2000

// Parse reads a template.
func Parse(text string) (Template, error) {
	text = strings.TrimSpace(text)
	if len(text) > TemplateMost {
		return Template{}, problem.Wrong("template", "template_long", "the address is longer than %d bytes", TemplateMost)
	}
	before, query, found := strings.Cut(text, "?")
	t := Template{base: before, query: found}
	for _, p := range pieces(before) {
		if p.macro != nil {
			return t, problem.Wrong("template", "template_macro_place", "{%s} stands before the question mark; macros belong into the parameters after it", p.macro.Name)
		}
	}
	u, err := url.Parse(before)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "" || !utf8.ValidString(text) {
		return t, problem.Wrong("template", "template_invalid", "this is not an address that begins with https://")
	}
	if u.User != nil {
		return t, problem.Wrong("template", "template_user", "the address must not have a user name or a password")
	}
	if u.Fragment != "" || strings.Contains(text, "#") {
		return t, problem.Wrong("template", "template_fragment", "what follows a # is never sent: write %%23 for the character itself")
	}
	t.base = u.String()
	if !found || query == "" {
		return t, nil
	}
	for part := range strings.SplitSeq(query, "&") {
		name, value, equals := strings.Cut(part, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || !utf8.ValidString(n+v) || strings.Contains(n+v, "\x00") {
			return t, problem.Wrong("template", "template_escape", "%q is not encoded as addresses are: write %%25 for a percent sign", part)
		}
		t.pairs = append(t.pairs, pair{pieces(n), pieces(v), !equals})
	}
	return t, nil
}

// pieces takes text apart at its macros. What is in braces and no macro stays as it is.
func pieces(text string) (list []piece) {
	plain := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '{' {
			continue
		}
		length := strings.IndexByte(text[i:], '}')
		if length < 0 {
			break
		}
		m := named(text[i+1 : i+length])
		if m == nil {
			continue
		}
		if plain < i {
			list = append(list, piece{text: text[plain:i]})
		}
		list = append(list, piece{macro: m})
		i += length
		plain = i + 1
	}
	if plain < len(text) {
		list = append(list, piece{text: text[plain:]})
	}
	return list
}

func fill(list []piece, f Facts) string {
	var b strings.Builder
	for _, p := range list {
		if p.macro == nil {
			b.WriteString(p.text)
		} else {
			b.WriteString(strings.ToValidUTF8(p.macro.of(f), ""))
		}
	}
	return b.String()
}

// Pairs are the parameters with their macros filled in.
func (t Template) Pairs(f Facts) []Pair {
	list := make([]Pair, len(t.pairs))
	for i, p := range t.pairs {
		list[i] = Pair{fill(p.name, f), fill(p.value, f)}
	}
	return list
}

// Uses tells whether the macro is in the template.
func (t Template) Uses(m Macro) bool {
	for _, p := range t.pairs {
		for _, one := range append(append([]piece{}, p.name...), p.value...) {
			if one.macro != nil && one.macro.Name == m.Name {
				return true
			}
		}
	}
	return false
}

// Plain tells whether messages travel so that anybody on the way can read them.
func (t Template) Plain() bool { return strings.HasPrefix(t.base, "http:") }

// Host is the server that messages go to.
func (t Template) Host() string {
	u, err := url.Parse(t.base)
	if err != nil {
		return t.base
	}
	return u.Host
}

// Request is the message about some facts.
func (t Template) Request(way Way, f Facts) deliver.Request {
	pairs := t.Pairs(f)
	switch way {
	case Form:
		return deliver.Request{Method: "POST", URL: t.base, Type: "application/x-www-form-urlencoded", Body: encode(pairs, nil)}
	case JSON:
		fields := make(map[string]string, len(pairs))
		for _, p := range pairs {
			fields[p.Name] = p.Value
		}
		body, _ := json.Marshal(fields) // text always can be
		return deliver.Request{Method: "POST", URL: t.base, Type: "application/json", Body: string(body)}
	}
	address := t.base
	if t.query {
		address += "?" + encode(pairs, t.pairs)
	}
	return deliver.Request{Method: "GET", URL: address}
}

func encode(pairs []Pair, as []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.Name))
		if as == nil || !as[i].bare {
			b.WriteByte('=')
			b.WriteString(url.QueryEscape(p.Value))
		}
	}
	return b.String()
}
